// rwlock, spinlock, barrier, once
#define _GNU_SOURCE
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>
static pthread_rwlock_t l = PTHREAD_RWLOCK_INITIALIZER;
static pthread_spinlock_t s;
static pthread_barrier_t b;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static atomic_int serial, inits, sum, a1, a2;
static int value;
static void init(void) { inits++; }
static void *f(void *x)
{
    pthread_once(&once, init);
    for (int i = 0; i < 50; i++) {
        if (i % 5 == 0) { pthread_rwlock_wrlock(&l); value++; pthread_rwlock_unlock(&l); }
        else { pthread_rwlock_rdlock(&l); a1 += value >= 0; pthread_rwlock_unlock(&l); }
        pthread_spin_lock(&s); sum++; pthread_spin_unlock(&s);
        if (i % 10 == 0) serial += pthread_barrier_wait(&b) == PTHREAD_BARRIER_SERIAL_THREAD;
    }
    return 0;
}
int main(void)
{
    pthread_t t[4];
    pthread_spin_init(&s, 0);
    pthread_barrier_init(&b, 0, 4);
    for (long i = 0; i < 4; i++) pthread_create(&t[i], 0, f, 0);
    for (long i = 0; i < 4; i++) pthread_join(t[i], 0);
    printf("%d %d %d %d %d\n", value, serial, inits, sum, a1);
}
