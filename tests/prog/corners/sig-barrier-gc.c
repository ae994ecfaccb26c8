// a garbage collector's write barrier: mutator threads fault on protected pages, a handler marks them dirty; the collector protects them again
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
enum { PAGES = 32 };
static char *heap;
static volatile char dirty[PAGES];
static volatile int stop;
static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static long lost, found;
static void seg(int s, siginfo_t *i, void *u)
{
    long k = ((char *)i->si_addr - heap) >> 12;
    if (k < 0 || k >= PAGES) _Exit(99);
    dirty[k] = 1;
    mprotect(heap + (k << 12), 4096, 3);
}
static void *mutate(void *x)
{
    for (int i = 0; i < 3000; i++) {
        volatile int *w = (int *)(heap + ((i * 7 + (long)x * 11) % PAGES << 12) + (long)x * 4);
        pthread_mutex_lock(&m);
        ++*w;
        pthread_mutex_unlock(&m);
    }
    return 0;
}
int main(void)
{
    struct sigaction a = {.sa_sigaction = seg, .sa_flags = SA_SIGINFO | SA_NODEFER};
    pthread_t t[3];
    static char copy[PAGES << 12];
    long sum = 0;
    heap = mmap(0, PAGES << 12, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    sigaction(SIGSEGV, &a, 0);
    for (long i = 0; i < 3; i++) pthread_create(&t[i], 0, mutate, (void *)i);
    for (int round = 0; round < 40; round++) {
        pthread_mutex_lock(&m);
        for (int k = 0; k < PAGES; k++) {
            int changed = memcmp(copy + (k << 12), heap + (k << 12), 4096) != 0;
            found += changed, lost += changed && !dirty[k];
            dirty[k] = 0;
        }
        memcpy(copy, heap, sizeof copy);
        mprotect(heap, PAGES << 12, PROT_READ);
        pthread_mutex_unlock(&m);
        sched_yield();
    }
    for (int i = 0; i < 3; i++) pthread_join(t[i], 0);
    for (int k = 0; k < PAGES; k++) for (int i = 0; i < 3; i++) sum += ((int *)(heap + (k << 12)))[i];
    printf("sum %ld lost %ld\n", sum, lost);
}
