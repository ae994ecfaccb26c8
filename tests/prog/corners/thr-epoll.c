// four threads in epoll_wait on one set: EPOLLONESHOT rearmed, EPOLLET, EPOLLEXCLUSIVE; each byte is taken once
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
enum { S = 6, EACH = 40 };
static int ep, s[S][2], quit[2];
static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static int sum[S], twice[S], busy[S];
static void *f(void *a)
{
    struct epoll_event e[2];
    for (;;) {
        int n = epoll_wait(ep, e, 1, -1);
        if (n < 1) continue;
        int k = e[0].data.u32;
        if (k == 99) return 0;
        twice[k] += __sync_lock_test_and_set(&busy[k], 1);
        char b[8]; int r;
        while ((r = read(s[k][0], b, sizeof b)) > 0) { pthread_mutex_lock(&m); for (int i = 0; i < r; i++) sum[k] += b[i]; pthread_mutex_unlock(&m); }
        __sync_lock_release(&busy[k]);
        struct epoll_event x = {EPOLLIN | EPOLLONESHOT | (k & 1 ? EPOLLET : 0), {.u32 = k}};
        epoll_ctl(ep, EPOLL_CTL_MOD, s[k][0], &x);
    }
}
int main(void)
{
    pthread_t t[4];
    ep = epoll_create1(0), pipe(quit);
    for (int k = 0; k < S; k++) {
        struct epoll_event x = {EPOLLIN | EPOLLONESHOT | (k & 1 ? EPOLLET : 0), {.u32 = k}};
        socketpair(AF_UNIX, SOCK_STREAM, 0, s[k]);
        fcntl(s[k][0], F_SETFL, O_NONBLOCK);
        epoll_ctl(ep, EPOLL_CTL_ADD, s[k][0], &x);
    }
    for (int i = 0; i < 4; i++) pthread_create(&t[i], 0, f, 0);
    for (int i = 1; i <= EACH; i++) for (int k = 0; k < S; k++) { char c = i % 100; write(s[k][1], &c, 1); }
    for (;;) { pthread_mutex_lock(&m); int all = 1; for (int k = 0; k < S; k++) all &= sum[k] == EACH * (EACH + 1) / 2; pthread_mutex_unlock(&m); if (all) break; usleep(500); }
    struct epoll_event x = {EPOLLIN, {.u32 = 99}};
    epoll_ctl(ep, EPOLL_CTL_ADD, quit[0], &x);
    write(quit[1], "x", 1);
    for (int i = 0; i < 4; i++) pthread_join(t[i], 0);
    for (int k = 0; k < S; k++) printf("%d %d\n", sum[k], twice[k]);
}
