// SIGFPE, SIGILL, SIGTRAP handlers change the instruction pointer and registers
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <ucontext.h>
static void h(int s, siginfo_t *i, void *v)
{
    ucontext_t *u = v;
    long long *g = u->uc_mcontext.gregs;
    printf("%d code %d trap %lld\n", s, i->si_code, g[REG_TRAPNO]);
    if (s == SIGFPE) g[REG_RIP] += 2, g[REG_RAX] = 77; /* idiv ecx */
    if (s == SIGILL) g[REG_RIP] += 2;
}
int main(void)
{
    struct sigaction a = {.sa_sigaction = h, .sa_flags = SA_SIGINFO};
    int sig[] = {SIGFPE, SIGILL, SIGTRAP}, r = 5;
    for (int i = 0; i < 3; i++) sigaction(sig[i], &a, 0);
    asm volatile("xor %%edx,%%edx; xor %%ecx,%%ecx; idivl %%ecx" : "+a"(r) : : "ecx", "edx");
    printf("%d\n", r);
    asm volatile("ud2");
    asm volatile("int3");
    asm volatile("int3");
    asm volatile("pushf; orl $0x100,(%%rsp); popf; nop; pushf; andl $~0x100,(%%rsp); popf" ::: "cc", "memory");
    puts("end");
}
