// timed waits of mutexes, rwlocks, semaphores, joins; clock variants
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>
static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static pthread_rwlock_t l = PTHREAD_RWLOCK_INITIALIZER;
static void *f(void *a) { usleep(60000); return 0; }
static struct timespec in(clockid_t c, int ms)
{
    struct timespec t;
    clock_gettime(c, &t);
    t.tv_nsec += ms * 1000000;
    if (t.tv_nsec >= 1000000000) t.tv_nsec -= 1000000000, t.tv_sec++;
    return t;
}
int main(void)
{
    pthread_t t;
    sem_t s;
    void *r;
    struct timespec a = in(CLOCK_REALTIME, 10), b = in(CLOCK_MONOTONIC, 10);
    pthread_mutex_lock(&m), pthread_rwlock_wrlock(&l), sem_init(&s, 0, 0);
    printf("%d\n", pthread_mutex_timedlock(&m, &a) == ETIMEDOUT);
    printf("%d\n", pthread_mutex_clocklock(&m, CLOCK_MONOTONIC, &b) == ETIMEDOUT);
    printf("%d\n", pthread_rwlock_timedrdlock(&l, &a) != 0);
    printf("%d\n", sem_clockwait(&s, CLOCK_MONOTONIC, &b) && errno == ETIMEDOUT);
    pthread_create(&t, 0, f, 0);
    a = in(CLOCK_REALTIME, 5);
    printf("%d %d\n", pthread_tryjoin_np(t, &r) == EBUSY, pthread_timedjoin_np(t, &r, &a) == ETIMEDOUT);
    printf("%d\n", pthread_join(t, &r));
}
