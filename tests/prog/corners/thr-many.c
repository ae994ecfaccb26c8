// many threads, small stacks, all alive at once
#include <pthread.h>
#include <stdio.h>
static pthread_barrier_t b;
static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static int sum;
static void *f(void *a)
{
    char buf[2000];
    buf[0] = 1;
    pthread_barrier_wait(&b);
    pthread_mutex_lock(&m);
    sum += (long)a + buf[0];
    pthread_mutex_unlock(&m);
    return 0;
}
int main(void)
{
    static pthread_t t[100];
    pthread_attr_t a;
    size_t s;
    pthread_attr_init(&a);
    pthread_attr_setstacksize(&a, 65536);
    pthread_attr_getstacksize(&a, &s);
    pthread_barrier_init(&b, 0, 100);
    for (long i = 0; i < 100; i++) pthread_create(&t[i], &a, f, (void *)i);
    for (long i = 0; i < 100; i++) pthread_join(t[i], 0);
    printf("%d %zu\n", sum, s);
}
