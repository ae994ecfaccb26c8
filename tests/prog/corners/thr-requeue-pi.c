// FUTEX_WAIT_REQUEUE_PI and FUTEX_CMP_REQUEUE_PI: waiters moved to a lock, each owns it in turn
#define _GNU_SOURCE
#include <linux/futex.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>
static volatile unsigned c, l;
static volatile int n, owned;
static long fx(volatile unsigned *u, int op, unsigned v, long v2, volatile unsigned *u2, unsigned v3)
{ return syscall(SYS_futex, u, op | FUTEX_PRIVATE_FLAG, v, v2, u2, v3); }
static void *w(void *a)
{
    __sync_fetch_and_add(&n, 1);
    long r = fx(&c, FUTEX_WAIT_REQUEUE_PI, 0, 0, &l, 0);
    owned += (l & FUTEX_TID_MASK) == gettid() && r == 0;
    fx(&l, FUTEX_UNLOCK_PI, 0, 0, 0, 0);
    return 0;
}
int main(void)
{
    pthread_t t[3];
    for (int i = 0; i < 3; i++) pthread_create(&t[i], 0, w, 0);
    while (n < 3) ;
    usleep(30000);
    printf("lock %ld\n", fx(&l, FUTEX_LOCK_PI, 0, 0, 0, 0));
    printf("requeue %ld\n", fx(&c, FUTEX_CMP_REQUEUE_PI, 1, 10, &l, 0));
    printf("waiters %d mine %d\n", !!(l & FUTEX_WAITERS), (l & FUTEX_TID_MASK) == gettid());
    printf("unlock %ld\n", fx(&l, FUTEX_UNLOCK_PI, 0, 0, 0, 0));
    for (int i = 0; i < 3; i++) pthread_join(t[i], 0);
    printf("owned %d left %u\n", owned, l);
}
