// a signal into a write that has written some: the count so far; into a read with SA_RESTART; accept, flock, fifo
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
static void h(int s) { }
int main(void)
{
    struct sigaction a = {.sa_handler = h};
    int p[2], n;
    char *b = calloc(1, 300000);
    sigaction(SIGALRM, &a, 0);
    pipe(p);
    ualarm(50000, 0);
    n = write(p[1], b, 300000), printf("%d\n", n);
    ualarm(50000, 0);
    n = write(p[1], b, 10), printf("%d %d\n", n, errno == EINTR);
    mkfifo("fifo", 0600);
    ualarm(50000, 0);
    n = open("fifo", O_RDONLY), printf("%d %d\n", n, errno == EINTR);
    int f = open("f", O_CREAT | O_RDWR, 0600), g = open("f", O_RDWR);
    flock(f, LOCK_EX);
    ualarm(50000, 0);
    n = flock(g, LOCK_EX), printf("%d %d\n", n, errno == EINTR);
    ualarm(50000, 0);
    pid_t c = fork();
    if (!c) for (;;) pause();
    n = wait(0), printf("%d %d\n", n, errno == EINTR);
    kill(c, SIGKILL), wait(0);
}
