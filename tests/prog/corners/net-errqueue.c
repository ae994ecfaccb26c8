// IP_RECVERR: the error queue tells of a port nobody listens at; SO_TIMESTAMP and IP_PKTINFO messages
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <linux/errqueue.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
static void show(int s, int flags)
{
    char b[50], c[500] __attribute__((aligned(8)));
    struct iovec v = {b, 50};
    struct sockaddr_in from;
    struct msghdr m = {.msg_iov = &v, .msg_iovlen = 1, .msg_control = c, .msg_controllen = sizeof c, .msg_name = &from, .msg_namelen = sizeof from};
    ssize_t n = recvmsg(s, &m, flags | MSG_DONTWAIT);
    printf("%zd %x\n", n, m.msg_flags);
    for (struct cmsghdr *h = n < 0 ? 0 : CMSG_FIRSTHDR(&m); h; h = CMSG_NXTHDR(&m, h)) {
        printf("%d %d\n", h->cmsg_level, h->cmsg_type);
        if (h->cmsg_type == IP_RECVERR) printf("error %d\n", ((struct sock_extended_err *)CMSG_DATA(h))->ee_errno);
        if (h->cmsg_type == IP_PKTINFO) printf("%s\n", inet_ntoa(((struct in_pktinfo *)CMSG_DATA(h))->ipi_addr));
    }
}
int main(void)
{
    int s = socket(AF_INET, SOCK_DGRAM, 0), d = socket(AF_INET, SOCK_DGRAM, 0), one = 1;
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t n = sizeof a;
    setsockopt(s, IPPROTO_IP, IP_RECVERR, &one, 4);
    setsockopt(d, IPPROTO_IP, IP_PKTINFO, &one, 4), setsockopt(d, SOL_SOCKET, SO_TIMESTAMPNS, &one, 4), setsockopt(d, IPPROTO_IP, IP_RECVTTL, &one, 4);
    bind(d, (void *)&a, sizeof a), getsockname(d, (void *)&a, &n);
    connect(s, (void *)&a, sizeof a);
    send(s, "hello", 5, 0);
    show(d, 0);
    close(d);
    send(s, "nobody", 6, 0);
    struct pollfd p = {s, POLLIN};
    poll(&p, 1, 500);
    printf("%x\n", p.revents);
    show(s, MSG_ERRQUEUE), show(s, MSG_ERRQUEUE);
    int e = 7;
    n = 4;
    getsockopt(s, SOL_SOCKET, SO_ERROR, &e, &n);
    printf("%d\n", e);
}
