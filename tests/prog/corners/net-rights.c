// descriptors and credentials in control messages
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/uio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
int main(void)
{
    int s[2], one = 1;
    char data[8] = "data", cb[256], b[32] = "";
    struct iovec v = {data, 4};
    struct msghdr m = {.msg_iov = &v, .msg_iovlen = 1, .msg_control = cb};
    socketpair(AF_UNIX, SOCK_STREAM, 0, s);
    setsockopt(s[0], SOL_SOCKET, SO_PASSCRED, &one, sizeof one);
    pid_t c = fork();
    if (!c) {
        int fd[2] = {open("f", O_RDWR | O_CREAT, 0600), open("/dev/null", O_RDONLY)};
        write(fd[0], "through a socket", 16);
        m.msg_controllen = CMSG_SPACE(sizeof fd);
        struct cmsghdr *h = CMSG_FIRSTHDR(&m);
        h->cmsg_level = SOL_SOCKET, h->cmsg_type = SCM_RIGHTS, h->cmsg_len = CMSG_LEN(sizeof fd);
        memcpy(CMSG_DATA(h), fd, sizeof fd);
        _exit(sendmsg(s[1], &m, 0) != 4);
    }
    m.msg_controllen = sizeof cb;
    int n = recvmsg(s[0], &m, MSG_CMSG_CLOEXEC);
    printf("%d %x\n", n, m.msg_flags & ~MSG_CMSG_CLOEXEC);
    for (struct cmsghdr *h = CMSG_FIRSTHDR(&m); h; h = CMSG_NXTHDR(&m, h)) {
        int fd[2];
        struct ucred u;
        if (h->cmsg_type == SCM_RIGHTS) {
            memcpy(fd, CMSG_DATA(h), sizeof fd);
            pread(fd[0], b, 16, 0);
            printf("rights %zu %s %zd\n", h->cmsg_len, b, read(fd[1], b, 1));
        } else if (h->cmsg_type == SCM_CREDENTIALS) {
            memcpy(&u, CMSG_DATA(h), sizeof u);
            printf("creds %d %d\n", u.pid == c, u.uid == getuid());
        }
    }
    wait(0);
}
