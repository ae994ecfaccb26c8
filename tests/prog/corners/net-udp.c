// UDP: sendto, recvfrom, sendmsg, MSG_TRUNC, connected, time-out, IPv6
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>
int main(void)
{
    int a = socket(AF_INET, SOCK_DGRAM, 0), b = socket(AF_INET, SOCK_DGRAM, 0), n;
    struct sockaddr_in s = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)}, f;
    socklen_t l = sizeof s;
    char t[32] = "";
    bind(a, (void *)&s, sizeof s);
    getsockname(a, (void *)&s, &l);
    sendto(b, "datagram", 8, 0, (void *)&s, sizeof s);
    l = sizeof f;
    n = recvfrom(a, t, sizeof t, 0, (void *)&f, &l);
    printf("%d %s %d %d\n", n, t, l, ntohl(f.sin_addr.s_addr) == INADDR_LOOPBACK);
    sendto(a, "reply", 5, 0, (void *)&f, l);
    n = recv(b, t, sizeof t, 0);
    printf("%d %.5s\n", n, t);
    connect(b, (void *)&s, sizeof s);
    send(b, "0123456789", 10, 0);
    n = recv(a, t, 4, MSG_TRUNC);
    printf("%d %.4s\n", n, t);
    struct timeval tv = {0, 20000};
    setsockopt(a, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof tv);
    n = recv(a, t, 4, 0);
    printf("%d %d\n", n, errno == EAGAIN);
    n = recv(a, t, 4, MSG_DONTWAIT);
    printf("%d %d\n", n, errno == EAGAIN);
    struct iovec v[2] = {{"two", 3}, {"parts", 5}}, w[2] = {{t, 2}, {t + 16, 16}};
    struct msghdr m = {.msg_iov = v, .msg_iovlen = 2}, r = {.msg_name = &f, .msg_namelen = sizeof f, .msg_iov = w, .msg_iovlen = 2};
    n = sendmsg(b, &m, 0), printf("%d\n", n);
    n = recvmsg(a, &r, 0), printf("%d %.2s %.6s %d %x\n", n, t, t + 16, r.msg_namelen, r.msg_flags);
    int k = 0;
    l = sizeof k;
    printf("%d\n", getsockopt(a, SOL_SOCKET, SO_RCVBUF, &k, &l)), printf("%d\n", k > 0);
}
