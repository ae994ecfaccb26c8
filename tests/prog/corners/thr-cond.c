// condition variables: ping-pong, broadcast, timed wait
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <time.h>
static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t c = PTHREAD_COND_INITIALIZER;
static int turn, go, woke;
static void *f(void *a)
{
    for (int i = 0; i < 20; i++) {
        pthread_mutex_lock(&m);
        while (turn != (long)a) pthread_cond_wait(&c, &m);
        printf("%ld", (long)a);
        turn = (turn + 1) % 3;
        pthread_cond_broadcast(&c);
        pthread_mutex_unlock(&m);
    }
    return 0;
}
int main(void)
{
    pthread_t t[3];
    for (long i = 0; i < 3; i++) pthread_create(&t[i], 0, f, (void *)i);
    for (long i = 0; i < 3; i++) pthread_join(t[i], 0);
    struct timespec ts;
    clock_gettime(CLOCK_REALTIME, &ts);
    ts.tv_nsec = (ts.tv_nsec + 10000000) % 1000000000;
    pthread_mutex_lock(&m);
    printf("\n%d\n", pthread_cond_timedwait(&c, &m, &ts) == ETIMEDOUT);
}
