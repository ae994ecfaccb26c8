// recursive and error-checking mutexes: what each kind returns; ceilings; timed locks that expire
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
static pthread_mutex_t m;
static void *other(void *a)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    printf(" other: try %s", strerrorname_np(pthread_mutex_trylock(&m)));
    printf(" timed %s", strerrorname_np(pthread_mutex_timedlock(&m, &t)));
    clock_gettime(CLOCK_MONOTONIC, &t);
    if ((t.tv_nsec += 3000000) >= 1000000000) t.tv_sec++, t.tv_nsec -= 1000000000;
    printf(" clock %s", strerrorname_np(pthread_mutex_clocklock(&m, CLOCK_MONOTONIC, &t)));
    printf(" unlock %d\n", pthread_mutex_unlock(&m));
    return 0;
}
int main(void)
{
    static const int kinds[] = {PTHREAD_MUTEX_RECURSIVE, PTHREAD_MUTEX_ERRORCHECK};
    for (int k = 0; k < 2; k++)
        for (int pi = 0; pi < 2; pi++) {
            pthread_mutexattr_t a; pthread_t t;
            pthread_mutexattr_init(&a);
            pthread_mutexattr_settype(&a, kinds[k]);
            if (pi) pthread_mutexattr_setprotocol(&a, PTHREAD_PRIO_INHERIT);
            pthread_mutex_init(&m, &a);
            printf("kind %d pi %d: %d", k, pi, pthread_mutex_lock(&m));
            printf(" %d", pthread_mutex_trylock(&m));
            printf(" %d", pthread_mutex_lock(&m));
            pthread_create(&t, 0, other, 0), pthread_join(t, 0);
            for (int i = 0; i < 4; i++) printf(" %d", pthread_mutex_unlock(&m));
            printf(" destroy %d\n", pthread_mutex_destroy(&m));
        }
}
