// futex operations: wait with time-out and EAGAIN, wake, requeue, bitset, wake_op
#define _GNU_SOURCE
#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
static int a, b;
static long fx(int *u, int op, int v, void *t, int *u2, int v3) { return syscall(SYS_futex, u, op, v, t, u2, v3); }
static void *f(void *x) { return (void *)fx(&a, FUTEX_WAIT_PRIVATE, 0, 0, 0, 0); }
static void *g(void *x) { return (void *)fx(&a, FUTEX_WAIT_BITSET_PRIVATE, 0, 0, 0, 4); }
int main(void)
{
    pthread_t t[4];
    void *r;
    long n;
    struct timespec ts = {0, 10000000};
    n = fx(&a, FUTEX_WAIT, 1, 0, 0, 0), printf("%ld %d\n", n, errno == EAGAIN);
    n = fx(&a, FUTEX_WAIT, 0, &ts, 0, 0), printf("%ld %d\n", n, errno == ETIMEDOUT);
    for (int i = 0; i < 3; i++) pthread_create(&t[i], 0, f, 0);
    usleep(50000);
    printf("%ld\n", fx(&a, FUTEX_CMP_REQUEUE_PRIVATE, 1, (void *)9, &b, 0));
    printf("%ld\n", fx(&a, FUTEX_WAKE_PRIVATE, 9, 0, 0, 0));
    printf("%ld\n", fx(&b, FUTEX_WAKE_PRIVATE, 9, 0, 0, 0));
    for (int i = 0; i < 3; i++) pthread_join(t[i], &r);
    pthread_create(&t[3], 0, g, 0);
    usleep(50000);
    printf("%ld\n", fx(&a, FUTEX_WAKE_BITSET_PRIVATE, 9, 0, 0, 3));
    printf("%ld\n", fx(&b, FUTEX_WAKE_OP_PRIVATE, 1, (void *)1, &a, FUTEX_OP(FUTEX_OP_ADD, 5, FUTEX_OP_CMP_EQ, 0)));
    pthread_join(t[3], &r);
    printf("%ld %d\n", (long)r, a);
}
