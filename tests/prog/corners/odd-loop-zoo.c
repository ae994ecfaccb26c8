// varies: loops of odd instructions in asm, each interrupted by a handler that jumps out; the registers there
#define _GNU_SOURCE
#include <signal.h>
#include <setjmp.h>
#include <stdio.h>
#include <sys/time.h>
#include <ucontext.h>
static sigjmp_buf j;
static greg_t g[23];
static volatile long m[8];
static void h(int s, siginfo_t *i, void *v) { ucontext_t *u = v; for (int k = 0; k < 23; k++) g[k] = u->uc_mcontext.gregs[k]; siglongjmp(j, 1); }
int main(void)
{
    struct sigaction a = {.sa_sigaction = h, .sa_flags = SA_SIGINFO};
    struct itimerval t = {{0, 0}, {0, 4000}};
    volatile int k = 0;
    static void *tab[4];
    setbuf(stdout, 0);
    sigaction(SIGALRM, &a, 0);
    sigsetjmp(j, 1);
    if (k) {
        printf("%d", k);
        for (int i = 0; i < 16; i++) printf(" %llx", g[i]);
        printf(" fl %llx m %ld %ld %ld\n", g[REG_EFL] & 0xcd5, m[0], m[1], m[2]);
    }
    k++, m[0] = m[1] = m[2] = 0;
    setitimer(ITIMER_REAL, &t, 0);
    switch (k) {
    case 1: __asm__ volatile("mov $-1,%%rcx; 1: nopl 64(%%rax,%%rax); nop; loop 1b" : : : "rcx");
    case 2: __asm__ volatile("1: inc %%al; add $3,%%dl; jmp 1b" : : : "rax");
    case 3: __asm__ volatile("1: lock xaddq %%rax,%0; jmp 1b" : "+m"(m[0]) : "a"(1L));
    case 4: __asm__ volatile("1: call 2f; jmp 1b; 2: incq %0; ret" : "+m"(m[1]));
    case 6: __asm__ volatile("1: incw %0; jmp 1b" : "+m"(m[0]));
    case 7: __asm__ volatile("xor %%eax,%%eax; 1: stc; rcl %%rax; cmc; jc 1b; jmp 1b" : : : "rax", "cc");
    case 8: __asm__ volatile("1: bswap %%rax; lea 7(%%rax,%%rax,2),%%rax; cmp $3,%%rax; setb %%bl; cmovc %%rax,%%rdx; jmp 1b" : : "a"(1L), "b"(0L), "d"(0L) : "cc");
    case 9: __asm__ volatile("lea 1f(%%rip),%%rbx; xor %%ecx,%%ecx; 1: inc %%rcx; jmp *%%rbx" : : : "rbx", "rcx");
    case 10: __asm__ volatile("1: xchg %%rax,%0; add $1,%%rax; jmp 1b" : "+m"(m[0]) : "a"(5L));
    case 11: __asm__ volatile("lea 1f(%%rip),%%rax; mov %%rax,%0; xor %%edx,%%edx; 1: inc %%edx; jmp *%0" : "=m"(tab[0]) : : "rax", "rdx");
    case 12: __asm__ volatile("mov $1,%%ecx; 1: inc %%ecx; jrcxz 2f; jmp 1b; 2: jmp 2b" : : : "rcx");
    case 13: __asm__ volatile("1: enter $16,$0; incq %0; leave; jmp 1b" : "+m"(m[2]));
    case 14: __asm__ volatile("1: pushfq; popfq; incl %0; jmp 1b" : "+m"(m[0]));
    case 15: __asm__ volatile("1: mov %%fs:0,%%rax; add %%rax,%%rbx; jmp 1b" : : "b"(0L) : "rax");
    case 16: __asm__ volatile("mov $3,%%eax; 1: mul %%eax; or $1,%%eax; inc %%ecx; jmp 1b" : : : "rax", "rdx", "rcx");
    case 17: __asm__ volatile("1: xor %%edx,%%edx; mov $12345678,%%eax; div %%ecx; inc %%ecx; or $1,%%ecx; jmp 1b" : : "c"(1) : "rax", "rdx");
    case 18: __asm__ volatile("1: jmp 1b");
    case 19: __asm__ volatile("1: pause; jmp 1b");
    case 20: __asm__ volatile("1: nop; nop; nop; xchg %%ax,%%ax; jmp 1b" : : : "rax");
    case 21: __asm__ volatile("1: popcnt %%rax,%%rbx; bsr %%rax,%%rcx; ror $3,%%rax; inc %%rax; jmp 1b" : : "a"(9L) : "rbx", "rcx");
    case 22: __asm__ volatile("1: cpuid; jmp 1b" : : "a"(0) : "rbx", "rcx", "rdx");
    }
}
