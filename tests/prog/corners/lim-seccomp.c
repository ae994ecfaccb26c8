// seccomp in the program itself: a filter with ERRNO, TRAP and KILL, and strict mode
#define _GNU_SOURCE
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
static void h(int s, siginfo_t *i, void *u) { printf("trap %d %d\n", s, i->si_syscall == SYS_getsid); }
static void filter(int nr, unsigned what)
{
    struct sock_filter f[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, nr, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, what),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
    struct sock_fprog p = {4, f};
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &p);
}
int main(void)
{
    struct sigaction a = {.sa_sigaction = h, .sa_flags = SA_SIGINFO};
    int s, r;
    sigaction(SIGSYS, &a, 0);
    filter(SYS_getppid, SECCOMP_RET_ERRNO | 77);
    r = getppid(), printf("%d %d\n", r, errno);
    filter(SYS_getsid, SECCOMP_RET_TRAP);
    getsid(0);
    fflush(stdout);
    if (!fork()) { filter(SYS_getpgrp, SECCOMP_RET_KILL_PROCESS); syscall(SYS_getpgrp); _exit(1); }
    wait(&s), printf("%d\n", WTERMSIG(s));
    fflush(stdout);
    if (!fork()) { prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT); write(1, "strict\n", 7); syscall(SYS_exit, 3); }
    wait(&s), printf("%d\n", WEXITSTATUS(s));
    fflush(stdout);
    if (!fork()) { prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT); getpid(); syscall(SYS_getpid); _exit(1); }
    wait(&s), printf("%d\n", WTERMSIG(s));
}
