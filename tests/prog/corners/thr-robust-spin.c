// one spins on a robust mutex's word till the kernel marks its owner dead; on a thread's id till it is cleared
#define _GNU_SOURCE
#include <linux/futex.h>
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>
static pthread_mutex_t m;
static volatile int got, die;
static void *o(void *a) { pthread_mutex_lock(&m); got = 1; while (!die) ; return 0; }
int main(void)
{
    pthread_t t;
    pthread_mutexattr_t a;
    pthread_mutexattr_init(&a);
    pthread_mutexattr_setrobust(&a, PTHREAD_MUTEX_ROBUST);
    for (int i = 0; i < 10; i++) {
        pthread_mutex_init(&m, &a);
        got = die = 0;
        pthread_create(&t, 0, o, 0);
        while (!got) ;
        volatile unsigned *word = (unsigned *)&m, *tid = 0;
        for (volatile unsigned *p = (unsigned *)t; !tid; p++) if (*p == (*word & FUTEX_TID_MASK)) tid = p;
        die = 1;
        while (!(*word & FUTEX_OWNER_DIED)) ;
        while (*tid) ;
        pthread_join(t, 0);
        printf("%x %d\n", *word & ~FUTEX_TID_MASK, pthread_mutex_trylock(&m));
        pthread_mutex_consistent(&m), pthread_mutex_unlock(&m);
    }
}
