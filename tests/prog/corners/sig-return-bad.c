// rt_sigreturn with nonsense: SIGSEGV, which a handler may have, or which kills
#define _GNU_SOURCE
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
static sigjmp_buf j;
static char alt[65536];
static void h(int s, siginfo_t *i, void *u) { printf("%d %d\n", s, i->si_code); siglongjmp(j, 1); }
static void bad(unsigned long sp) { asm volatile("mov %0, %%rsp; mov %1, %%eax; syscall; ud2" : : "r"(sp), "i"(SYS_rt_sigreturn)); }
int main(void)
{
    static char zeroes[4096] __attribute__((aligned(64)));
    stack_t s = {.ss_sp = alt, .ss_size = sizeof alt};
    struct sigaction a = {.sa_sigaction = h, .sa_flags = SA_SIGINFO | SA_ONSTACK};
    sigaltstack(&s, 0);
    sigaction(SIGSEGV, &a, 0);
    if (!sigsetjmp(j, 1)) bad(64);
    if (!sigsetjmp(j, 1)) bad(0x8000000000000000ul);
    fflush(stdout);
    int st;
    if (!fork()) signal(SIGSEGV, SIG_DFL), bad(8);
    wait(&st);
    printf("%d\n", WTERMSIG(st));
    if (!fork()) signal(SIGSEGV, SIG_DFL), bad((unsigned long)zeroes + 512);
    wait(&st);
    printf("%d %d\n", WIFSIGNALED(st), WTERMSIG(st));
}
