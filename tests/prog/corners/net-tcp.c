// TCP over loopback: listen, accept4, getpeername, options, shutdown, MSG_PEEK, SO_LINGER
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
int main(void)
{
    int s = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), one = 1, v = 0;
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)}, p;
    socklen_t l = sizeof a;
    char b[64] = "", h[32];
    setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    printf("%d %d\n", bind(s, (void *)&a, sizeof a), listen(s, 5));
    getsockname(s, (void *)&a, &l);
    printf("%d\n", ntohs(a.sin_port) > 0);
    fflush(stdout);
    if (!fork()) {
        int c = socket(AF_INET, SOCK_STREAM, 0);
        connect(c, (void *)&a, sizeof a);
        send(c, "hello server", 12, 0);
        int n = recv(c, b, sizeof b, MSG_WAITALL);
        printf("client %d %s\n", n, b);
        fflush(stdout);
        _exit(0);
    }
    l = sizeof p;
    int c = accept4(s, (void *)&p, &l, SOCK_CLOEXEC);
    printf("%s %d\n", inet_ntop(AF_INET, &p.sin_addr, h, sizeof h), l);
    struct sockaddr_in q;
    l = sizeof q;
    getpeername(c, (void *)&q, &l);
    printf("%d\n", q.sin_port == p.sin_port);
    int n = recv(c, b, 5, MSG_PEEK);
    printf("%d %s\n", n, b);
    n = recv(c, b, sizeof b, 0);
    printf("%d %s\n", n, b);
    l = sizeof v;
    setsockopt(c, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    getsockopt(c, IPPROTO_TCP, TCP_NODELAY, &v, &l), printf("%d\n", v != 0);
    getsockopt(c, SOL_SOCKET, SO_TYPE, &v, &l), printf("%d\n", v);
    struct tcp_info ti;
    l = sizeof ti;
    printf("%d\n", getsockopt(c, IPPROTO_TCP, TCP_INFO, &ti, &l));
    write(c, "good", 4), send(c, "bye", 3, MSG_NOSIGNAL);
    shutdown(c, SHUT_WR);
    n = read(c, b, 1);
    printf("%d\n", n);
    wait(0);
}
