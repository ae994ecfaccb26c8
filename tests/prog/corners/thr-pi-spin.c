// a priority-inheriting futex by hand: the owner spins until the kernel has marked it as waited for
#define _GNU_SOURCE
#include <linux/futex.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>
static volatile unsigned f;
static volatile int got, step;
static long fx(int op, void *t) { return syscall(SYS_futex, &f, op | FUTEX_PRIVATE_FLAG, 0, t, 0, 0); }
static void *w(void *a)
{
    step = 1;
    long r = fx(FUTEX_LOCK_PI, 0);
    got = gettid() == (f & FUTEX_TID_MASK);
    printf("waiter %ld owns %d\n", r, got);
    fx(FUTEX_UNLOCK_PI, 0);
    return 0;
}
int main(void)
{
    pthread_t t;
    for (int i = 0; i < 20; i++) {
        f = gettid();
        pthread_create(&t, 0, w, 0);
        while (!(f & FUTEX_WAITERS)) ;
        printf("marked %d\n", (f & FUTEX_TID_MASK) == gettid());
        long u = fx(FUTEX_UNLOCK_PI, 0);
        while ((f & FUTEX_TID_MASK) == gettid()) ;
        pthread_join(t, 0);
        printf("unlock %ld\n", u);
        printf("free %u\n", f);
        printf("try %ld", fx(FUTEX_TRYLOCK_PI, 0)), printf(" %d", (f & FUTEX_TID_MASK) == gettid());
        printf(" %ld\n", fx(FUTEX_UNLOCK_PI, 0));
    }
}
