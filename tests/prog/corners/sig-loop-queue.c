// a real-time signal that comes while the last one is being delivered into a loop: each has its own siginfo
#include <signal.h>
#include <stdio.h>
#include <time.h>
static volatile int hits, wrong;
static void h(int s, siginfo_t *i, void *c)
{
    if (i->si_code != SI_TIMER || i->si_value.sival_int != 77) wrong++;
    hits++;
}
int main(void)
{
    struct sigaction a = {.sa_sigaction = h, .sa_flags = SA_SIGINFO};
    struct sigevent e = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN, .sigev_value.sival_int = 77};
    struct itimerspec v = {{0, 300000}, {0, 300000}};
    timer_t t;
    sigaction(SIGRTMIN, &a, 0);
    timer_create(CLOCK_MONOTONIC, &e, &t);
    timer_settime(t, 0, &v, 0);
    volatile unsigned n = 0;
    while (hits < 100) n = n * 3 + 1;
    timer_delete(t);
    printf("%d %d\n", hits >= 100, wrong);
}
