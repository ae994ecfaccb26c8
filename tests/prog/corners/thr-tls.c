// thread-local storage, keys with destructors, names, ids
#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>
static __thread int x = 5;
static __thread char big[10000];
static pthread_key_t k;
static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static int freed;
static void d(void *p) { freed += (long)p; }
static void *f(void *a)
{
    char n[16];
    x += (long)a;
    memset(big, (long)a, sizeof big);
    pthread_setspecific(k, a);
    sprintf(n, "thread-%ld", (long)a);
    pthread_setname_np(pthread_self(), n);
    usleep(1000);
    prctl(PR_GET_NAME, n);
    pthread_mutex_lock(&m);
    pthread_mutex_unlock(&m);
    return (void *)(long)(x + big[9999] + (n[7] == '0' + (long)a) + (gettid() != getpid()));
}
int main(void)
{
    pthread_t t[5];
    void *r;
    pthread_key_create(&k, d);
    for (long i = 1; i < 5; i++) pthread_create(&t[i], 0, f, (void *)i);
    for (long i = 1; i < 5; i++) { pthread_join(t[i], &r); printf("%ld\n", (long)r); }
    printf("%d %d\n", x, freed);
}
