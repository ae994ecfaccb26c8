// the alignment check flag: SIGBUS with BUS_ADRALN
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <ucontext.h>
#include <string.h>
static volatile int n, code;
static void h(int s, siginfo_t *i, void *u)
{
    n++, code = i->si_code;
    ((ucontext_t *)u)->uc_mcontext.gregs[REG_EFL] &= ~0x40000;
}
int main(void)
{
    static char b[32];
    struct sigaction a = {.sa_sigaction = h, .sa_flags = SA_SIGINFO};
    int v = 0;
    sigaction(SIGBUS, &a, 0);
    memset(b, 7, sizeof b);
    for (int k = 0; k < 3; k++) {
        asm volatile("pushf; orq $0x40000, (%%rsp); popf; mov 1(%1), %0; pushf; andq $~0x40000, (%%rsp); popf"
                     : "=r"(v) : "r"((unsigned long)b & ~7ul) : "memory", "cc");
        printf("%d %d %x\n", n, code, v);
    }
}
