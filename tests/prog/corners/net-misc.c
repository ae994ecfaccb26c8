// socketpair of each type, OOB, FIONREAD, non-blocking connect, getaddrinfo of numbers, SO_ERROR, EPIPE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>
int main(void)
{
    int s[2], n, v;
    char b[16] = "";
    socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, s);
    n = read(s[0], b, 1), printf("%d %d\n", n, errno == EAGAIN);
    write(s[1], "12345", 5);
    ioctl(s[0], FIONREAD, &v), printf("%d\n", v);
    close(s[1]);
    signal(SIGPIPE, SIG_IGN);
    n = write(s[0], "x", 1), printf("%d %d\n", n, errno == EPIPE);
    struct addrinfo h = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV, .ai_socktype = SOCK_STREAM}, *r;
    printf("%d\n", getaddrinfo("127.0.0.1", "1", &h, &r));
    int c = socket(r->ai_family, SOCK_STREAM | SOCK_NONBLOCK, 0);
    n = connect(c, r->ai_addr, r->ai_addrlen);
    struct pollfd p = {c, POLLOUT};
    if (n < 0 && errno == EINPROGRESS) poll(&p, 1, 1000);
    socklen_t l = sizeof v;
    v = 0;
    getsockopt(c, SOL_SOCKET, SO_ERROR, &v, &l);
    printf("%d\n", n < 0 && (v == ECONNREFUSED || errno == ECONNREFUSED));
    char name[64];
    printf("%d\n", getnameinfo(r->ai_addr, r->ai_addrlen, name, 64, 0, 0, NI_NUMERICHOST)), puts(name);
    printf("%d\n", gethostname(name, 64));
    int t = socket(AF_INET, SOCK_STREAM, 0), a, one = 1;
    struct sockaddr_in i = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    l = sizeof i;
    bind(t, (void *)&i, l), listen(t, 1), getsockname(t, (void *)&i, &l);
    c = socket(AF_INET, SOCK_STREAM, 0);
    connect(c, (void *)&i, l);
    a = accept(t, 0, 0);
    send(c, "urgent!", 7, MSG_OOB);
    p = (struct pollfd){a, POLLPRI};
    printf("%d\n", poll(&p, 1, 1000));
    n = recv(a, b, 1, MSG_OOB), printf("%d %c %d\n", n, b[0], sockatmark(a));
    fcntl(a, F_SETOWN, getpid()), printf("%d\n", fcntl(a, F_GETOWN) == getpid());
}
