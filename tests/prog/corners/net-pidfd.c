// SO_PASSPIDFD, SO_PEERPIDFD, SO_PEERGROUPS, SO_PEERCRED: who is at the other end
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
int main(void)
{
    int s[2], one = 1, fd = -1;
    char b, c[200] __attribute__((aligned(8)));
    struct iovec v = {&b, 1};
    struct msghdr m = {.msg_iov = &v, .msg_iovlen = 1, .msg_control = c, .msg_controllen = sizeof c};
    socketpair(AF_UNIX, SOCK_SEQPACKET, 0, s);
    printf("%d\n", setsockopt(s[0], SOL_SOCKET, 76, &one, 4));
    printf("%d\n", setsockopt(s[0], SOL_SOCKET, SO_PASSCRED, &one, 4));
    pid_t k = fork();
    if (!k) { write(s[1], "x", 1); _exit(0); }
    printf("%zd\n", recvmsg(s[0], &m, 0));
    for (struct cmsghdr *h = CMSG_FIRSTHDR(&m); h; h = CMSG_NXTHDR(&m, h)) {
        printf("%d %d\n", h->cmsg_type, (int)h->cmsg_len);
        if (h->cmsg_type == 2) printf("%d\n", ((struct ucred *)CMSG_DATA(h))->pid == k);
        if (h->cmsg_type == 4) memcpy(&fd, CMSG_DATA(h), 4);
    }
    siginfo_t i;
    printf("%d %d\n", waitid(P_PIDFD, fd, &i, WEXITED), i.si_pid == k);
    struct ucred u;
    socklen_t n = sizeof u;
    printf("%d %d\n", getsockopt(s[0], SOL_SOCKET, SO_PEERCRED, &u, &n), u.pid == getpid());
    n = 4, fd = -1;
    printf("%d %d\n", getsockopt(s[0], SOL_SOCKET, 77, &fd, &n), fd > 0);
    char groups[4000];
    n = 0;
    int r = getsockopt(s[0], SOL_SOCKET, SO_PEERGROUPS, groups, &n);
    printf("%d\n", r == 0 || n > 0);
    n = sizeof groups;
    printf("%d\n", getsockopt(s[0], SOL_SOCKET, SO_PEERGROUPS, groups, &n));
}
