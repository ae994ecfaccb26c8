// MSG_TRUNC on streams throws away, on datagrams tells the length; MSG_PEEK with an offset; empty datagrams
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
int main(void)
{
    int s[2], l = socket(AF_INET, SOCK_STREAM, 0), c = socket(AF_INET, SOCK_STREAM, 0), off = 2;
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t n = sizeof a;
    char b[20] = "";
    bind(l, (void *)&a, sizeof a), listen(l, 1), getsockname(l, (void *)&a, &n);
    connect(c, (void *)&a, sizeof a);
    int d = accept(l, 0, 0);
    write(c, "0123456789", 10);
    printf("%zd %s\n", recv(d, b, 4, MSG_TRUNC | MSG_WAITALL), b);
    printf("%zd %s\n", recv(d, 0, 3, MSG_TRUNC), b);
    printf("%zd %s\n", recv(d, b, 20, MSG_PEEK), b);
    memset(b, 0, 20);
    printf("%zd %s\n", recv(d, b, 20, 0), b);
    memset(b, 0, 20);
    socketpair(AF_UNIX, SOCK_DGRAM, 0, s);
    send(s[0], "abcdef", 6, 0), send(s[0], "", 0, 0), send(s[0], "next", 4, 0);
    printf("%zd ", recv(s[1], b, 2, MSG_PEEK | MSG_TRUNC));
    puts(b);
    setsockopt(s[1], SOL_SOCKET, SO_PEEK_OFF, &off, 4);
    memset(b, 0, 20);
    printf("%zd ", recv(s[1], b, 20, MSG_PEEK));
    puts(b);
    struct iovec v[2] = {{b, 1}, {b + 5, 1}};
    struct msghdr m = {.msg_iov = v, .msg_iovlen = 2};
    printf("%zd %x ", recvmsg(s[1], &m, MSG_TRUNC), m.msg_flags);
    puts(b + 5);
    printf("%zd\n", recv(s[1], b, 20, 0));
    printf("%zd\n", recv(s[1], 0, 0, 0));
    printf("%zd %d\n", recv(s[1], b, 20, MSG_DONTWAIT), errno);
}
