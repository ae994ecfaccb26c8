// seccomp's user notification: one process answers another one's syscalls
#define _GNU_SOURCE
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
int main(void)
{
    unsigned short sizes[3] = {0};
    struct sock_filter filter[] = {{0x20, 0, 0, 0}, {0x15, 0, 1, SYS_getppid}, {6, 0, 0, SECCOMP_RET_USER_NOTIF},
                                   {6, 0, 0, SECCOMP_RET_ALLOW}};
    int p[2];
    pipe(p);
    printf("%ld", syscall(SYS_seccomp, SECCOMP_GET_NOTIF_SIZES, 0, sizes));
    printf(" %d %d %d\n", sizes[0], sizes[1], sizes[2]);
    fflush(stdout);
    pid_t child = fork();
    if (!child) {
        prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
        int fd = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER,
                         &(struct sock_fprog){4, filter});
        write(p[1], &fd, sizeof fd);
        int a = syscall(SYS_getppid), b = syscall(SYS_getppid);
        printf("%d %d %d\n", a, b, errno);
        fflush(stdout);
        _exit(3);
    }
    int fd, status;
    read(p[0], &fd, sizeof fd);
    fd = syscall(SYS_pidfd_getfd, syscall(SYS_pidfd_open, child, 0), fd, 0);
    for (int i = 0; i < 2; i++) {
        struct seccomp_notif n = {0};
        int r = ioctl(fd, SECCOMP_IOCTL_NOTIF_RECV, &n);
        printf("%d %d %d\n", r, n.data.nr, n.pid == child);
        fflush(stdout);
        struct seccomp_notif_resp answer = {n.id, i ? 0 : 1234, i ? -EXDEV : 0, 0};
        ioctl(fd, SECCOMP_IOCTL_NOTIF_SEND, &answer);
    }
    waitpid(child, &status, 0);
    printf("%x\n", status);
}
