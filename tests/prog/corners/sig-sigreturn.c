// handlers that change the loop they interrupt: a register, a flag, an xmm register, the instruction pointer, the mask
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <sys/time.h>
#include <ucontext.h>
static volatile int k;
void loop_end(void);
static void h(int s, siginfo_t *i, void *v)
{
    ucontext_t *u = v;
    switch (k) {
    case 0: u->uc_mcontext.gregs[REG_RBX] = 1; break;
    case 1: u->uc_mcontext.fpregs->_xmm[5].element[0] = 7; break;
    case 2: u->uc_mcontext.gregs[REG_RIP] = (long)loop_end; sigaddset(&u->uc_sigmask, SIGUSR1); break;
    case 3: u->uc_mcontext.gregs[REG_EFL] |= 0x400; u->uc_mcontext.gregs[REG_RBX] = 1; break;
    case 4: u->uc_mcontext.fpregs->cwd ^= 0xc00; u->uc_mcontext.fpregs->mxcsr |= 0x8000; u->uc_mcontext.gregs[REG_RBX] = 1; break;
    }
}
int main(void)
{
    struct sigaction a = {.sa_sigaction = h, .sa_flags = SA_SIGINFO};
    struct itimerval t = {{0, 0}, {0, 4000}};
    sigset_t s;
    unsigned long f = 0; unsigned x = 0; volatile unsigned csr = 0; unsigned short cw = 0;
    sigaction(SIGALRM, &a, 0);
    for (k = 0; k < 5; k++) {
        setitimer(ITIMER_REAL, &t, 0);
        if (k == 1) __asm__ volatile("pxor %%xmm5,%%xmm5; 1: movd %%xmm5,%0; test %0,%0; jz 1b" : "=r"(x) : : "xmm5", "cc");
        else if (k == 2) __asm__ volatile("1: inc %%eax; incl %0; jmp 1b; .globl loop_end; loop_end: nop" : "+m"(csr) : : "rax", "cc");
        else __asm__ volatile("xor %%ebx,%%ebx; 1: inc %%rax; test %%rbx,%%rbx; jz 1b; pushfq; pop %0; cld" : "=r"(f) : : "rax", "rbx", "cc");
        if (k == 3) printf("df %d ", (int)(f >> 10 & 1));
        if (k == 4) { __asm__ volatile("fnstcw %0; stmxcsr %1" : "=m"(cw), "=m"(csr)); printf("%x %x ", cw, csr & 0xffc0); }
        printf("%d %u\n", k, x);
    }
    sigprocmask(0, 0, &s);
    printf("%d\n", sigismember(&s, SIGUSR1));
}
