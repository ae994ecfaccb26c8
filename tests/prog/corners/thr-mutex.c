// mutexes of all kinds; the sum is right
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
static pthread_mutex_t m[3];
static int sum;
static void *f(void *a)
{
    for (int i = 0; i < 300; i++)
        for (int k = 0; k < 3; k++) { pthread_mutex_lock(&m[k]); if (k == 0) sum++; pthread_mutex_unlock(&m[k]); }
    return a;
}
int main(void)
{
    pthread_mutexattr_t a;
    pthread_t t[4];
    void *r;
    pthread_mutexattr_init(&a);
    pthread_mutex_init(&m[0], 0);
    pthread_mutexattr_settype(&a, PTHREAD_MUTEX_RECURSIVE);
    pthread_mutex_init(&m[1], &a);
    pthread_mutexattr_settype(&a, PTHREAD_MUTEX_ERRORCHECK);
    pthread_mutex_init(&m[2], &a);
    for (long i = 0; i < 4; i++) pthread_create(&t[i], 0, f, (void *)i);
    for (long i = 0; i < 4; i++) { pthread_join(t[i], &r); printf("%d", r == (void *)i); }
    pthread_mutex_lock(&m[1]);
    printf(" %d %d\n", sum, pthread_mutex_lock(&m[1]));
    pthread_mutex_lock(&m[2]);
    printf("%d %d\n", pthread_mutex_lock(&m[2]) == EDEADLK, pthread_mutex_trylock(&m[0]));
}
