// an event loop: epoll over a timerfd, a signalfd, an eventfd, a pipe and inotify
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>
int main(void)
{
    sigset_t m;
    sigemptyset(&m), sigaddset(&m, SIGCHLD), sigprocmask(SIG_BLOCK, &m, 0);
    int p[2], fd[5] = {timerfd_create(CLOCK_MONOTONIC, 0), signalfd(-1, &m, 0), eventfd(0, 0), 0, inotify_init()};
    pipe(p);
    fd[3] = p[0];
    inotify_add_watch(fd[4], ".", IN_CREATE);
    int e = epoll_create1(0), seen = 0;
    for (int i = 0; i < 5; i++) epoll_ctl(e, EPOLL_CTL_ADD, fd[i], &(struct epoll_event){EPOLLIN, {.u32 = i}});
    timerfd_settime(fd[0], 0, &(struct itimerspec){.it_value.tv_nsec = 10000000}, 0);
    if (!fork()) {
        write(p[1], "x", 1);
        eventfd_write(fd[2], 1);
        close(open("made", O_CREAT | O_WRONLY, 0600));
        _exit(0);
    }
    while (seen != 31) {
        struct epoll_event v[3];
        char b[4096];
        int n = epoll_wait(e, v, 3, -1);
        for (int i = 0; i < n; i++) { read(fd[v[i].data.u32], b, sizeof b); seen |= 1 << v[i].data.u32; }
    }
    printf("%d\n", seen);
    wait(0);
}
