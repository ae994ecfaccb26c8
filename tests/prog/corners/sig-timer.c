// timer_create with SIGEV_SIGNAL, SIGEV_NONE, SIGEV_THREAD_ID
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
static volatile int n, shown = 3;
static void h(int s, siginfo_t *i, void *u)
{
    if (n++ < shown) printf("%d %d %d\n", s - SIGRTMIN, i->si_code, i->si_value.sival_int);
}
int main(void)
{
    struct sigaction a = {.sa_sigaction = h, .sa_flags = SA_SIGINFO};
    struct sigevent e = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN + 2, .sigev_value.sival_int = 42};
    struct itimerspec t = {{0, 3000000}, {0, 3000000}}, g;
    timer_t id, none;
    sigaction(SIGRTMIN + 2, &a, 0);
    timer_create(CLOCK_MONOTONIC, &e, &id);
    timer_settime(id, 0, &t, 0);
    while (n < 5) pause();
    timer_gettime(id, &g);
    printf("%ld %d\n", g.it_interval.tv_nsec, timer_getoverrun(id) >= 0);
    timer_delete(id);
    e.sigev_notify = SIGEV_THREAD_ID;
    e._sigev_un._tid = syscall(SYS_gettid);
    n = 0, shown = 2;
    timer_create(CLOCK_REALTIME, &e, &id);
    timer_settime(id, 0, &t, 0);
    while (n < 2) pause();
    timer_delete(id);
    e.sigev_notify = SIGEV_NONE;
    timer_create(CLOCK_MONOTONIC, &e, &none);
    t.it_value.tv_sec = 100;
    timer_settime(none, 0, &t, &g);
    timer_gettime(none, &g);
    printf("%d\n", g.it_value.tv_sec > 90);
}
