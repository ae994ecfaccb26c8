// varies: a loop of short instructions, interrupted; how often it had come round, by the register it counts in
#define _GNU_SOURCE
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <sys/time.h>
#include <ucontext.h>
static sigjmp_buf j;
static volatile long long rax, rbx;
static void h(int s, siginfo_t *i, void *v)
{
    ucontext_t *u = v;
    rax = u->uc_mcontext.gregs[REG_RAX], rbx = u->uc_mcontext.gregs[REG_RBX];
    siglongjmp(j, 1);
}
int main(void)
{
    struct itimerval t = {{0, 0}, {0, 4000}};
    struct sigaction a = {.sa_sigaction = h, .sa_flags = SA_SIGINFO};
    sigaction(SIGALRM, &a, 0);
    if (sigsetjmp(j, 1)) { printf("%lld %lld\n", rax, rbx); return 0; }
    setitimer(ITIMER_REAL, &t, 0);
    __asm__ volatile("1: push %%rax; inc %%rax; pop %%rbx; jmp 1b" : : "a"(0L) : "rbx");
}
