// varies: the owner of a priority-inheriting futex dies; one spins till the kernel has made the waiter its owner, and counts
#define _GNU_SOURCE
#include <linux/futex.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>
static volatile unsigned f, wtid, die;
static long fx(int op) { return syscall(SYS_futex, &f, op | FUTEX_PRIVATE_FLAG, 0, 0, 0, 0); }
static void *owner(void *a) { f = gettid(); while (!die) ; return 0; }
static void *waiter(void *a) { wtid = gettid(); long r = fx(FUTEX_LOCK_PI); printf("waiter %ld\n", r); fx(FUTEX_UNLOCK_PI); return 0; }
int main(void)
{
    pthread_t t[2];
    for (int i = 0; i < 10; i++) {
        unsigned long n = 0;
        f = wtid = die = 0;
        pthread_create(&t[0], 0, owner, 0);
        while (!f) ;
        pthread_create(&t[1], 0, waiter, 0);
        while (!(f & FUTEX_WAITERS)) ;
        die = 1;
        while ((f & FUTEX_TID_MASK) != wtid && f) n++;
        printf("%lu\n", n);
        for (int k = 0; k < 2; k++) pthread_join(t[k], 0);
    }
}
