// signals, with and without SA_RESTART, reach a thread that waits for a priority-inheriting lock; a time-out there
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>
static pthread_mutex_t m;
static volatile int up, hits, late;
static void h(int s) { hits++; }
static void *f(void *a)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t); if ((t.tv_nsec += 5000000) >= 1000000000) t.tv_sec++, t.tv_nsec -= 1000000000;
    up++;
    if (a) late = pthread_mutex_timedlock(&m, &t) == ETIMEDOUT;
    else pthread_mutex_lock(&m), pthread_mutex_unlock(&m);
    return 0;
}
int main(void)
{
    pthread_t t[2];
    pthread_mutexattr_t a;
    pthread_mutexattr_init(&a), pthread_mutexattr_setprotocol(&a, PTHREAD_PRIO_INHERIT), pthread_mutex_init(&m, &a);
    for (int r = 0; r < 2; r++) {
        sigaction(SIGUSR1, &(struct sigaction){.sa_handler = h, .sa_flags = r ? SA_RESTART : 0}, 0);
        up = hits = late = 0;
        pthread_mutex_lock(&m);
        for (long i = 0; i < 2; i++) pthread_create(&t[i], 0, f, (void *)i);
        while (up < 2) ;
        pthread_join(t[1], 0);
        for (int i = 0; i < 10; i++) { pthread_kill(t[0], SIGUSR1); while (hits <= i) ; }
        pthread_mutex_unlock(&m);
        pthread_join(t[0], 0);
        printf("%d late %d %d\n", hits, late, pthread_mutex_trylock(&m));
        pthread_mutex_unlock(&m);
    }
}
