// ppoll, pselect, sigsuspend, epoll_pwait let in just what their mask says
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/select.h>
#include <unistd.h>
static int last;
static void h(int s) { last = s; }
int main(void)
{
    sigset_t all, but;
    signal(SIGUSR1, h), signal(SIGUSR2, h);
    sigfillset(&all), sigprocmask(SIG_BLOCK, &all, 0);
    for (int i = 0; i < 3; i++) {
        int w = i == 1 ? SIGUSR2 : SIGUSR1, r = 0;
        kill(getpid(), SIGUSR1), kill(getpid(), SIGUSR2);
        sigfillset(&but), sigdelset(&but, w);
        switch (i) {
        case 0: r = ppoll(0, 0, 0, &but); break;
        case 1: r = pselect(0, 0, 0, 0, 0, &but); break;
        case 2: r = sigsuspend(&but); break;
        }
        sigset_t p;
        sigpending(&p);
        printf("%d %d got %d pending %d %d\n", r, errno == EINTR, last == w, sigismember(&p, SIGUSR1), sigismember(&p, SIGUSR2));
    }
}
