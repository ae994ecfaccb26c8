/* What the program might notice of being recorded: personality, rdtsc and cpuid, a child that is not to be traced. */
#define _GNU_SOURCE
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <x86intrin.h>

static sigjmp_buf back;

static void fault(int signo) { (void)signo; siglongjmp(back, 1); }

static void read_clock(void)
{
    if (sigsetjmp(back, 1))
        puts("rdtsc faults");
    else
        printf("rdtsc: %d\n", __rdtsc() != 0);
}

int main(void)
{
    int tsc = 0, status;
    printf("%x", personality(0xffffffff));
    printf(" %x", personality(ADDR_NO_RANDOMIZE));
    printf(" %x", personality(SHORT_INODE));
    printf(" %x\n", personality(0xffffffff));
    signal(SIGSEGV, fault);
    read_clock();
    for (int how = PR_TSC_SIGSEGV; how >= 0; how--) {
        int result = prctl(PR_SET_TSC, how);
        prctl(PR_GET_TSC, &tsc);
        printf("%d %d\n", result, tsc);
        read_clock();
    }
    printf("cpuid: %ld\n", syscall(SYS_arch_prctl, 0x1011, 0));
    fflush(stdout);
    if (syscall(SYS_clone, CLONE_UNTRACED | SIGCHLD, 0, 0, 0, 0) == 0)
        _exit(write(1, "untraced\n", 9));
    wait(&status);
    printf("%d\n", WEXITSTATUS(status));
    return 0;
}
