// rt_sigreturn with a frame made by hand: registers, mask and stack come from it
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>
static char stack[65536] __attribute__((aligned(64)));
static void landed(long a, long b)
{
    sigset_t m;
    sigprocmask(0, 0, &m);
    printf("%ld %ld %d %d\n", a, b, sigismember(&m, SIGUSR2), (char *)&m > stack && (char *)&m < stack + sizeof stack);
    fflush(stdout);
    _exit(4);
}
int main(void)
{
    static ucontext_t c;
    unsigned short cs, ss;
    asm("mov %%cs, %0; mov %%ss, %1" : "=r"(cs), "=r"(ss));
    c.uc_mcontext.gregs[REG_RIP] = (greg_t)landed;
    c.uc_mcontext.gregs[REG_RSP] = (greg_t)(stack + sizeof stack - 8);
    c.uc_mcontext.gregs[REG_RDI] = 11, c.uc_mcontext.gregs[REG_RSI] = 22;
    c.uc_mcontext.gregs[REG_EFL] = 0x202;
    c.uc_mcontext.gregs[REG_CSGSFS] = cs | (greg_t)ss << 48;
    c.uc_flags = 6;
    c.uc_stack.ss_flags = SS_DISABLE;
    sigaddset(&c.uc_sigmask, SIGUSR2);
    asm volatile("mov %0, %%rsp; mov %1, %%eax; syscall" : : "r"(&c), "i"(SYS_rt_sigreturn));
}
