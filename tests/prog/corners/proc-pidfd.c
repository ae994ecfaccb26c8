// pidfd_open, poll, pidfd_send_signal, waitid(P_PIDFD), clone3 with CLONE_PIDFD, pidfd_getfd
#define _GNU_SOURCE
#include <linux/sched.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
int main(void)
{
    siginfo_t i;
    char b[4] = "";
    int q[2], r;
    pipe(q);
    write(q[1], "abc", 3);
    pid_t c = fork();
    if (!c) for (;;) pause();
    int fd = syscall(SYS_pidfd_open, c, 0);
    struct pollfd p = {fd, POLLIN};
    printf("%d %d\n", fd > 0, poll(&p, 1, 0));
    int other = syscall(SYS_pidfd_getfd, fd, q[0], 0);
    r = read(other, b, 3);
    printf("%d %s\n", r, b);
    printf("%ld\n", syscall(SYS_pidfd_send_signal, fd, SIGTERM, 0, 0));
    printf("%d %d\n", poll(&p, 1, -1), p.revents);
    r = waitid(P_PIDFD, fd, &i, WEXITED);
    printf("%d %d %d\n", r, i.si_code, i.si_status);
    int pf = -1;
    struct clone_args a = {.flags = CLONE_PIDFD, .pidfd = (uintptr_t)&pf, .exit_signal = SIGCHLD};
    c = syscall(SYS_clone3, &a, sizeof a);
    if (!c) _exit(8);
    r = waitid(P_PIDFD, pf, &i, WEXITED);
    printf("%d %d %d %d\n", pf > 0, r, i.si_code, i.si_status);
}
