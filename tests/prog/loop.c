/* A handler runs in the middle of a loop that makes no syscalls, and prints how far the loop has come. */
#include <signal.h>
#include <stdio.h>
#include <sys/time.h>

static volatile int hits;
static volatile unsigned long n; /* global, so that the handler sees it */

static void handler(int signo)
{
    (void)signo;
    printf("%d %lu\n", ++hits, n);
}

int main(void)
{
    struct itimerval every = {{0, 30000}, {0, 30000}};
    signal(SIGALRM, handler);
    setitimer(ITIMER_REAL, &every, NULL);
    while (hits < 20) n = n * 3 + 1;
    return 3;
}
