// select, pselect, poll, ppoll, epoll level and edge, oneshot, epoll_pwait, with masks
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>
static int hits;
static void h(int s) { hits++; }
int main(void)
{
    int p[2], q[2], n;
    pipe(p), pipe(q);
    fd_set r, w;
    FD_ZERO(&r); FD_ZERO(&w); FD_SET(p[0], &r), FD_SET(q[0], &r), FD_SET(p[1], &w);
    n = select(20, &r, &w, 0, &(struct timeval){0, 0});
    printf("%d %d %d %d\n", n, FD_ISSET(p[0], &r), FD_ISSET(q[0], &r), FD_ISSET(p[1], &w));
    write(p[1], "x", 1);
    FD_SET(p[0], &r), FD_SET(q[0], &r);
    n = pselect(20, &r, 0, 0, &(struct timespec){1, 0}, 0);
    printf("%d %d %d\n", n, FD_ISSET(p[0], &r), FD_ISSET(q[0], &r));
    struct pollfd f[3] = {{p[0], POLLIN}, {q[1], POLLOUT | POLLIN}, {-1, POLLIN}};
    n = poll(f, 3, 100), printf("%d %x %x %x\n", n, f[0].revents, f[1].revents, f[2].revents);
    signal(SIGUSR1, h);
    sigset_t m, none;
    sigemptyset(&none), sigemptyset(&m), sigaddset(&m, SIGUSR1);
    sigprocmask(SIG_BLOCK, &m, 0);
    kill(getpid(), SIGUSR1);
    n = ppoll(f, 0, 0, &none), printf("%d %d %d\n", n, errno == EINTR, hits);
    int e = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event v = {EPOLLIN | EPOLLET, {.u32 = 7}}, out[4];
    epoll_ctl(e, EPOLL_CTL_ADD, p[0], &v);
    v = (struct epoll_event){EPOLLIN | EPOLLONESHOT, {.u64 = 99}};
    epoll_ctl(e, EPOLL_CTL_ADD, q[0], &v);
    n = epoll_wait(e, out, 4, 0), printf("%d %u %x\n", n, out[0].data.u32, out[0].events);
    n = epoll_wait(e, out, 4, 0), printf("%d\n", n);
    write(q[1], "y", 1);
    n = epoll_wait(e, out, 4, -1), printf("%d %d\n", n, (int)out[0].data.u64);
    n = epoll_wait(e, out, 4, 10), printf("%d\n", n);
    epoll_ctl(e, EPOLL_CTL_MOD, q[0], &v);
    kill(getpid(), SIGUSR1);
    n = epoll_pwait(e, out, 4, -1, &none), printf("%d %d\n", n, hits);
    n = epoll_pwait2(e, out, 4, &(struct timespec){0, 1000}, 0), printf("%d\n", n >= 0);
    printf("%d %d\n", epoll_ctl(e, EPOLL_CTL_DEL, q[0], 0), epoll_ctl(e, EPOLL_CTL_DEL, 0, 0));
}
