// sched_*: policy, parameters, affinity, yield, ioprio
#define _GNU_SOURCE
#include <sched.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
int main(void)
{
    struct sched_param p = {0};
    struct timespec t;
    cpu_set_t c, one;
    printf("%d %d\n", sched_getscheduler(0), sched_getparam(0, &p));
    printf("%d %d\n", sched_get_priority_max(SCHED_FIFO), sched_get_priority_min(SCHED_RR));
    printf("%d %d\n", sched_setscheduler(0, SCHED_BATCH, &p), sched_getscheduler(0));
    printf("%d\n", sched_rr_get_interval(0, &t));
    printf("%d %d\n", sched_getaffinity(0, sizeof c, &c), CPU_COUNT(&c) > 0);
    CPU_ZERO(&one);
    for (int i = 0; i < CPU_SETSIZE; i++) if (CPU_ISSET(i, &c)) { CPU_SET(i, &one); break; }
    printf("%d", sched_setaffinity(0, sizeof one, &one));
    sched_getaffinity(0, sizeof c, &c), printf(" %d %d\n", CPU_COUNT(&c), CPU_EQUAL(&c, &one));
    printf("%d\n", sched_yield());
    printf("%ld\n", syscall(SYS_ioprio_get, 1, 0) >= 0);
    struct { unsigned size, policy; unsigned long flags; int nice; unsigned prio; unsigned long a, b, c; } at = {0};
    printf("%ld %u\n", syscall(SYS_sched_getattr, 0, &at, sizeof at, 0), at.policy);
}
