// an alarm into a loop that makes no syscalls
#include <signal.h>
#include <stdio.h>
#include <sys/time.h>
static volatile int hits;
static volatile unsigned n;
static void h(int s) { hits++; }
int main(void)
{
    struct itimerval v = {{0, 5000}, {0, 5000}};
    signal(SIGALRM, h);
    setitimer(ITIMER_REAL, &v, 0);
    while (hits < 5) n = n * 3 + 1;
    printf("%d\n", hits >= 5);
}
