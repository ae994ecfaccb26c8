// a pipe that is full: blocking writes of 200 kB, EAGAIN, a reader that is slow
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
int main(void)
{
    int p[2], n, sum = 0, total = 0;
    char *b = malloc(200000), c[3000];
    pipe(p);
    memset(b, 7, 200000);
    if (!fork()) { close(p[0]); for (int i = 0; i < 3; i++) if (write(p[1], b, 200000) != 200000) _exit(1); _exit(0); }
    close(p[1]);
    while ((n = read(p[0], c, sizeof c)) > 0) { total += n; for (int i = 0; i < n; i++) sum += c[i]; }
    wait(&n);
    printf("%d %d %d\n", total, sum, n);
    pipe2(p, O_NONBLOCK);
    for (n = 0; write(p[1], b, 4096) > 0; n++) ;
    printf("%d %d\n", n, errno == EAGAIN);
}
