// the standard output goes to a child under another number, by a message, by /proc, by pidfd_getfd
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
int main(void)
{
    int s[2];
    char c[CMSG_SPACE(4)] __attribute__((aligned(8))), b;
    struct iovec v = {&b, 1};
    struct msghdr m = {.msg_iov = &v, .msg_iovlen = 1, .msg_control = c, .msg_controllen = sizeof c};
    socketpair(AF_UNIX, SOCK_STREAM, 0, s);
    if (!fork()) {
        close(1);
        int fd = 0;
        recvmsg(s[1], &m, 0);
        memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&m)), 4);
        write(fd, "by message\n", 11);
        _exit(0);
    }
    struct cmsghdr *h = CMSG_FIRSTHDR(&m);
    h->cmsg_level = SOL_SOCKET, h->cmsg_type = SCM_RIGHTS, h->cmsg_len = CMSG_LEN(4);
    int one = 1;
    memcpy(CMSG_DATA(h), &one, 4);
    sendmsg(s[0], &m, 0);
    wait(0);
    if (!fork()) {
        int p = syscall(SYS_pidfd_open, getppid(), 0);
        close(1);
        int fd = syscall(SYS_pidfd_getfd, p, 1, 0);
        write(fd, "by pidfd\n", 9);
        _exit(0);
    }
    wait(0);
    int fd = open("/proc/self/fd/1", O_WRONLY | O_APPEND);
    write(fd, "by proc\n", 8);
    fd = open("/dev/stdout", O_WRONLY | O_APPEND);
    write(fd, "by dev\n", 7);
}
