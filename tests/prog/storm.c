/* A timer that is faster than a signal can be delivered to a loop without syscalls: the handler counts how
 * often it came, and prints where the loop stood at some of these. */
#include <signal.h>
#include <stdio.h>
#include <sys/time.h>

static volatile int hits;
static volatile unsigned long n;

static void handler(int signo)
{
    (void)signo;
    if (++hits % 50 == 0) printf("%d %lu\n", hits, n);
}

int main(void)
{
    struct itimerval every = {{0, 200}, {0, 200}};
    signal(SIGALRM, handler);
    setitimer(ITIMER_REAL, &every, NULL);
    while (hits < 300) n = n * 3 + 1;
    return 6;
}
