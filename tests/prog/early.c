/* One thread sleeps in a read; another sends it a byte and watches for it in the buffer, with no syscall. */
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

static int to[2], back[2];
static volatile char buf;

static void *reader(void *arg)
{
    char c;
    for (int i = 0; i < 20; i++)
        if (read(to[0], (char *)&buf, 1) != 1 || read(back[0], &c, 1) != 1)
            return NULL;
    return arg;
}

int main(void)
{
    pthread_t t;
    unsigned long passes = 0;
    if (pipe(to) || pipe(back) || pthread_create(&t, NULL, reader, NULL))
        return 1;
    for (char c = 'a'; c < 'a' + 20; c++) {
        usleep(1000); /* so that it sleeps */
        if (write(to[1], &c, 1) != 1)
            return 1;
        while (buf != c) passes++;
        printf("%c %lu\n", buf, passes);
        if (write(back[1], &c, 1) != 1)
            return 1;
    }
    pthread_join(t, NULL);
    return 0;
}
