// a thread sleeps in readv; meanwhile another one reuses the array of buffers, of which the kernel has a copy
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>
static int p[2];
static char a[9], b[9], c[9];
static struct iovec v[2] = {{a, 8}, {b, 8}};
static ssize_t got;
static void *reader(void *x) { got = readv(p[0], v, 2); return 0; }
int main(void)
{
    pthread_t t;
    pipe(p);
    pthread_create(&t, 0, reader, 0);
    usleep(30000);
    v[0].iov_base = c, v[0].iov_len = 3, v[1].iov_len = 1;
    write(p[1], "onetwo88onetwo99", 16);
    pthread_join(t, 0);
    printf("%zd %s %s %s.\n", got, a, b, c);
}
