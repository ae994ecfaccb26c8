// handlers see which fault it was: trap number, error code, address, in the frame of the fault
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <setjmp.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>
static sigjmp_buf j;
static char *p;
static void h(int s, siginfo_t *i, void *u)
{
    greg_t *g = ((ucontext_t *)u)->uc_mcontext.gregs;
    char *a = i->si_addr;
    printf("%d code %d %ld trap %lld err %llx cr2 %ld flags %lx\n", s, i->si_code, a >= p && a < p + 8192 ? (long)(a - p) : a == 0 ? -1l : -2l,
           g[REG_TRAPNO], g[REG_ERR], (char *)g[REG_CR2] >= p && (char *)g[REG_CR2] < p + 8192 ? (long)((char *)g[REG_CR2] - p) : -1l,
           ((ucontext_t *)u)->uc_flags);
    siglongjmp(j, 1);
}
int main(void)
{
    struct sigaction a = {.sa_sigaction = h, .sa_flags = SA_SIGINFO};
    for (int s = 1; s < 32; s++) sigaction(s, &a, 0);
    p = mmap(0, 8192, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    mprotect(p + 4096, 4096, PROT_READ);
    if (!sigsetjmp(j, 1)) *p = 1;
    if (!sigsetjmp(j, 1)) p[5000] = 1;
    if (!sigsetjmp(j, 1)) *(volatile char *)(p + 7);
    if (!sigsetjmp(j, 1)) ((void (*)(void))(p + 4100))();
    if (!sigsetjmp(j, 1)) *(volatile char *)0x8000000000000000ul = 1;
    if (!sigsetjmp(j, 1)) asm volatile("hlt");
    if (!sigsetjmp(j, 1)) asm volatile("ud2");
    if (!sigsetjmp(j, 1)) asm volatile("int3");
    if (!sigsetjmp(j, 1)) asm volatile(".byte 0xcd, 3");
    if (!sigsetjmp(j, 1)) asm volatile(".byte 0xf1");
    if (!sigsetjmp(j, 1)) asm volatile("int $4");
    if (!sigsetjmp(j, 1)) asm volatile("int $0x20");
    if (!sigsetjmp(j, 1)) asm volatile("in $0x80, %%al" ::: "eax");
    if (!sigsetjmp(j, 1)) asm volatile("xor %%ecx, %%ecx; mov $1, %%eax; cltd; idiv %%ecx" ::: "eax", "ecx", "edx");
    if (!sigsetjmp(j, 1)) asm volatile("mov $0xffff, %%eax; mov %%eax, %%ds" ::: "eax");
    if (!sigsetjmp(j, 1)) asm volatile("xor %%esp, %%esp; push %%rax" ::: "memory");
}
