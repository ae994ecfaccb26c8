/* Syscalls that come back to the program as SIGSYS: by its own switch, and by a filter. */
#define _GNU_SOURCE
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <unistd.h>

static volatile char selector;
static int hits;

static void answer(int signo, siginfo_t *info, void *context)
{
    ucontext_t *c = context;
    selector = 0;
    hits += signo == SIGSYS;
    c->uc_mcontext.gregs[REG_RAX] = 1000 + info->si_syscall * 10 + info->si_code;
}

int main(void)
{
    int status;
    sigaction(SIGSYS, &(struct sigaction){.sa_sigaction = answer, .sa_flags = SA_SIGINFO}, NULL);
    printf("%d\n", prctl(59, 1, 0, 0, &selector)); /* PR_SET_SYSCALL_USER_DISPATCH, on */
    fflush(stdout);
    for (int i = 0; i < 3; i++) {
        selector = 1;
        long result = syscall(SYS_getppid);
        selector = 0;
        printf("%ld, %d\n", result, hits);
    }
    fflush(stdout);
    if (fork() == 0) {
        signal(SIGSYS, SIG_DFL);
        prctl(59, 1, 0, 0, &selector);
        selector = 1;
        syscall(SYS_getppid);
        _exit(0);
    }
    wait(&status);
    printf("killed: %d\n", WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS);
    prctl(59, 0, 0, 0, 0);
    struct sock_filter filter[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0), BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getppid, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRAP), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
    struct sock_fprog program = {4, filter};
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    printf("%d\n", prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program));
    long result = syscall(SYS_getppid);
    printf("%ld, %d\n", result, hits);
    return 0;
}
