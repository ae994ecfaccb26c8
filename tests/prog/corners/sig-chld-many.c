// forty children end while the parent computes; a SIGCHLD handler reaps all that there are
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>
static volatile int reaped, sum, calls;
static void h(int sig)
{
    int s, e = errno;
    calls++;
    while (waitpid(-1, &s, WNOHANG) > 0) reaped++, sum += WEXITSTATUS(s);
    errno = e;
}
int main(void)
{
    volatile unsigned x = 0;
    signal(SIGCHLD, h);
    for (int i = 0; i < 40; i++) {
        if (!fork()) { for (volatile int k = 0; k < i * 5000; k++) ; _exit(i); }
        for (int k = 0; k < 20000; k++) x += k;
    }
    while (reaped < 40) x++;
    printf("%d %d %d\n", reaped, sum, calls > 0);
}
