// futex_waitv, and the newer futex_wake, futex_wait, futex_requeue (or ENOSYS)
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
struct wv { uint64_t val, addr; uint32_t flags, res; };
static volatile uint32_t a, b, c;
static volatile long r1 = -2, r2 = -2;
static void *f(void *x)
{
    struct wv v[3] = {{0, (long)&a, 2 | 128, 0}, {0, (long)&b, 2 | 128, 0}, {0, (long)&c, 2 | 128, 0}};
    r1 = syscall(449, v, 3, 0, 0, 0);
    return 0;
}
static void *g(void *x) { r2 = syscall(455, &a, 0UL, 0xffffffffUL, 2 | 128, 0, 0); return 0; }
int main(void)
{
    pthread_t t;
    struct timespec ts;
    pthread_create(&t, 0, f, 0);
    usleep(20000);
    printf("wake %ld\n", syscall(454, &b, 0xffffffffUL, 1, 2 | 128));
    pthread_join(t, 0);
    printf("index %ld\n", r1);
    struct wv v[2] = {{0, (long)&a, 2 | 128, 0}, {1, (long)&b, 2 | 128, 0}};
    long r = syscall(449, v, 2, 0, 0, 0);
    printf("%ld %d\n", r, errno == EAGAIN);
    clock_gettime(CLOCK_MONOTONIC, &ts), ts.tv_sec--;
    v[1].val = 0;
    r = syscall(449, v, 2, 0, &ts, CLOCK_MONOTONIC);
    printf("%ld %d\n", r, errno == ETIMEDOUT);
    pthread_create(&t, 0, g, 0);
    usleep(20000);
    struct wv q[2] = {{0, (long)&a, 2 | 128, 0}, {0, (long)&c, 2 | 128, 0}};
    printf("requeue %ld\n", syscall(456, q, 0, 0, 1));
    printf("wake c %ld\n", syscall(454, &c, 0xffffffffUL, 5, 2 | 128));
    pthread_join(t, 0);
    printf("wait %ld\n", r2);
}
