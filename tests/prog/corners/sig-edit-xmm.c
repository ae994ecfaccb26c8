// a handler changes vector registers, general ones and flags in its frame; they are so after it
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <ucontext.h>
static void h(int s, siginfo_t *i, void *u)
{
    ucontext_t *c = u;
    memset(&c->uc_mcontext.fpregs->_xmm[5], 0x5a, 16);
    memset(&c->uc_mcontext.fpregs->_st[0], 0, 10);
    c->uc_mcontext.gregs[REG_R12] = 1234;
    c->uc_mcontext.gregs[REG_RIP] += 2;
    c->uc_mcontext.gregs[REG_EFL] |= 0x401;
}
int main(void)
{
    struct sigaction a = {.sa_sigaction = h, .sa_flags = SA_SIGINFO};
    unsigned long x = 0, r = 0, f = 0;
    sigaction(SIGILL, &a, 0);
    for (int k = 0; k < 3; k++) {
        asm volatile("mov $1, %%r12d; pxor %%xmm5, %%xmm5; ud2; pushf; pop %2; cld; movq %%xmm5, %0; mov %%r12, %1"
                     : "=r"(x), "=r"(r), "=r"(f) : : "r12", "xmm5", "cc");
        printf("%lx %lu %lx\n", x, r, f & 0x401);
    }
}
