// epoll: ET, ONESHOT and its rearming, EXCLUSIVE, a nested epoll, data, closed descriptors, errors
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <time.h>
#include <sys/syscall.h>
#include <unistd.h>
int main(void)
{
    int e = epoll_create1(0), o = epoll_create1(0), p[2], v = eventfd(0, 0);
    struct epoll_event ev = {EPOLLIN | EPOLLET, {.u64 = 0x123456789abcdefull}}, got[8];
    struct timespec t = {0, 1000000};
    pipe(p);
    printf("%d\n", epoll_ctl(e, EPOLL_CTL_ADD, p[0], &ev));
    printf("%d\n", epoll_ctl(o, EPOLL_CTL_ADD, e, &(struct epoll_event){EPOLLIN, {.u32 = 5}}));
    write(p[1], "ab", 2);
    printf("%d %d\n", epoll_wait(o, got, 8, 0), got[0].data.u32);
    printf("%d %lx\n", epoll_wait(e, got, 8, 0), (long)got[0].data.u64);
    printf("%d\n", epoll_wait(e, got, 8, 0));
    write(p[1], "c", 1);
    printf("%d\n", (int)syscall(SYS_epoll_pwait2, e, got, 8, &t, 0, 0));
    ev.events = EPOLLIN | EPOLLONESHOT;
    epoll_ctl(e, EPOLL_CTL_MOD, p[0], &ev);
    printf("%d ", epoll_wait(e, got, 8, 0));
    printf("%d ", epoll_wait(e, got, 8, 5));
    epoll_ctl(e, EPOLL_CTL_MOD, p[0], &ev);
    printf("%d\n", epoll_wait(e, got, 8, 0));
    ev.events = EPOLLIN | EPOLLOUT | EPOLLEXCLUSIVE;
    printf("%d %d\n", epoll_ctl(e, EPOLL_CTL_ADD, v, &ev), epoll_wait(e, got, 8, 0));
    printf("%d %d\n", epoll_ctl(e, EPOLL_CTL_MOD, v, &ev), errno);
    printf("%d %d\n", epoll_ctl(e, EPOLL_CTL_ADD, e, &ev), errno);
    printf("%d %d\n", epoll_ctl(e, EPOLL_CTL_DEL, 99, &ev), errno);
    printf("%d %d\n", epoll_wait(e, got, 0, 0), errno);
    printf("%d %d\n", epoll_wait(e, (void *)8, 8, 0), errno);
    close(p[0]), close(v);
    printf("%d\n", epoll_wait(e, got, 8, 0));
    printf("%d %d\n", (int)syscall(SYS_epoll_pwait2, e, got, 8, (void *)8, 0, 0), errno);
}
