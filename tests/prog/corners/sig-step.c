// the trap flag: SIGTRAP after each instruction, counted, over a syscall as well
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <ucontext.h>
static volatile int n, code, bad;
static volatile greg_t first, last;
static void h(int s, siginfo_t *i, void *u)
{
    greg_t *g = ((ucontext_t *)u)->uc_mcontext.gregs;
    if (!n++) first = g[REG_RIP];
    last = g[REG_RIP], code = i->si_code;
    bad += (greg_t)i->si_addr != g[REG_RIP];
}
int main(void)
{
    struct sigaction a = {.sa_sigaction = h, .sa_flags = SA_SIGINFO};
    long r;
    sigaction(SIGTRAP, &a, 0);
    for (int k = 0; k < 3; k++) {
        n = bad = 0;
        asm volatile("pushf; orq $0x100, (%%rsp); popf; nop; nop; mov $1, %%eax; mov %1, %%eax; syscall; nop; "
                     "pushf; andq $~0x100, (%%rsp); popf; nop" : "=&a"(r) : "i"(SYS_getppid) : "rcx", "r11", "memory", "cc");
        printf("%d %d %d %d\n", n, code, bad, (int)(last - first));
    }
    n = 0;
    asm volatile("pushf; orq $0x100, (%%rsp); popf; mov $1000, %%ecx; 1: dec %%ecx; jnz 1b; "
                 "pushf; andq $~0x100, (%%rsp); popf" : : : "rcx", "memory", "cc");
    printf("%d\n", n);
}
