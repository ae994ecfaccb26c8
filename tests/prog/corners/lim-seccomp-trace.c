// filters that say TRACE, with no tracer of the program's: ENOSYS; LOG; KILL_THREAD; ERRNO 0; of a thread alone
#define _GNU_SOURCE
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
static void on(int nr, unsigned what)
{
    struct sock_filter f[] = {BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
                              BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, nr, 0, 1), BPF_STMT(BPF_RET | BPF_K, what), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
    struct sock_fprog p = {4, f};
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &p);
}
static void *go(void *x) { on(SYS_getsid, SECCOMP_RET_KILL_THREAD); getsid(0); puts("not here"); return 0; }
int main(void)
{
    pthread_t t;
    int st;
    on(SYS_getpgid, SECCOMP_RET_TRACE | 5);
    printf("%d %d\n", getpgid(0), errno);
    on(SYS_getppid, SECCOMP_RET_ERRNO);
    printf("%d\n", getppid());
    on(SYS_getuid, SECCOMP_RET_LOG);
    printf("%d\n", getuid() == geteuid());
    on(SYS_getgid, SECCOMP_RET_ERRNO | 5000);
    printf("%d %d\n", (int)syscall(SYS_getgid), errno);
    pthread_create(&t, 0, go, 0);
    usleep(50000);
    printf("%d\n", getsid(0) > 0);
    fflush(stdout);
    if (!fork()) { on(SYS_sched_yield, SECCOMP_RET_KILL_PROCESS); pthread_create(&t, 0, (void *(*)(void *))pause, 0); sched_yield(); _exit(1); }
    wait(&st);
    printf("%d\n", WTERMSIG(st));
    if (!fork()) { on(SYS_exit_group, SECCOMP_RET_ERRNO | 7); _exit(3); }
    wait(&st);
    printf("%d %d\n", WIFSIGNALED(st), WEXITSTATUS(st));
}
