// varies: test-and-set locks: exchange, bit test and set, cmpxchg with backoff, with sched_yield; and how often each spun
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
static volatile int l[4];
static long n[4], spins[4];
static void *f(void *a)
{
    long my[4] = {0};
    for (int i = 0; i < 2000; i++) {
        while (__atomic_exchange_n(&l[0], 1, __ATOMIC_ACQUIRE)) my[0]++;
        n[0]++; l[0] = 0;
        for (char c = 1; c;) { __asm__ volatile("lock btsl $5,%0; setc %1" : "+m"(l[1]), "=r"(c)); my[1] += c; }
        n[1]++; __asm__ volatile("lock btrl $5,%0" : "+m"(l[1]));
        for (int z = 0, w = 1; !__atomic_compare_exchange_n(&l[2], &z, 1, 0, 2, 0); z = 0, w = w < 1000 ? w * 2 : w)
            for (volatile int k = 0; k < w; k++) my[2]++;
        n[2]++; l[2] = 0;
        while (__sync_lock_test_and_set(&l[3], 1)) sched_yield(), my[3]++;
        n[3]++; __sync_lock_release(&l[3]);
    }
    for (int i = 0; i < 4; i++) __sync_fetch_and_add(&spins[i], my[i]);
    return 0;
}
int main(void)
{
    pthread_t t[3];
    for (long i = 0; i < 3; i++) pthread_create(&t[i], 0, f, 0);
    for (int i = 0; i < 3; i++) pthread_join(t[i], 0);
    for (int i = 0; i < 4; i++) printf("%ld %ld\n", n[i], spins[i]);
}
