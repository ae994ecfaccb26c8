// signals wake each kind of sleep: nanosleep with its rest, select, poll, epoll, futex, accept, sem_wait, msgrcv
#include <errno.h>
#include <poll.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/msg.h>
#include <sys/select.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
static int n;
static void h(int s) { n++; }
int main(void)
{
    struct sigaction a = {.sa_handler = h, .sa_flags = SA_RESTART};
    sigaction(SIGALRM, &a, 0);
    struct timespec t = {5, 0}, rest = {0};
    sem_t s;
    sem_init(&s, 0, 0);
    struct epoll_event ev;
    int e = epoll_create1(0), q = msgget(IPC_PRIVATE, 0600), p[2];
    struct { long type; char c[8]; } m;
    pipe(p);
    for (int i = 0; i < 7; i++) {
        int r = -9;
        errno = 0;
        ualarm(20000, 0);
        switch (i) {
        case 0: r = nanosleep(&t, &rest); printf("%d ", rest.tv_sec == 4); break;
        case 1: r = select(0, 0, 0, 0, &(struct timeval){5, 0}); break;
        case 2: r = poll(0, 0, 5000); break;
        case 3: r = epoll_wait(e, &ev, 1, 5000); break;
        case 4: r = sem_timedwait(&s, &t); break;
        case 5: r = msgrcv(q, &m, 8, 0, 0); break;
        case 6: r = pause(); break;
        }
        printf("%d: %d %d %d\n", i, r, errno == EINTR, n);
    }
}
