// varies: alarms into a loop that saves and restores its flags; a handler looks at them, and returns
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <sys/time.h>
#include <ucontext.h>
static volatile int n, hits, at[12], flags[12];
static void h(int s, siginfo_t *i, void *v) { if (hits < 12) at[hits] = n, flags[hits++] = ((ucontext_t *)v)->uc_mcontext.gregs[REG_EFL] & ~0x10000; }
int main(void)
{
    struct itimerval t = {{0, 3000}, {0, 3000}};
    struct sigaction a = {.sa_sigaction = h, .sa_flags = SA_SIGINFO};
    sigaction(SIGALRM, &a, 0);
    setitimer(ITIMER_REAL, &t, 0);
    unsigned long seen = 0;
    __asm__ volatile("1: pushfq; orq (%%rsp),%0; popfq; incl %1; cmpl $12,%2; jl 1b" : "+r"(seen), "+m"(n) : "m"(hits) : "cc");
    for (int i = 0; i < 12; i++) printf("%d %x\n", at[i], flags[i]);
    printf("%lx\n", seen & 0x100);
}
