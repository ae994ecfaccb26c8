/* Four threads take turns under a mutex and a condition variable, and count together without one; prints
 * the interleaving. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int turn;
static atomic_int together;
static __thread int mine;

static void *run(void *arg)
{
    long id = (long)arg;
    for (int i = 0; i < 100; i++) {
        pthread_mutex_lock(&mutex);
        while (turn % 4 != id && together % 7) pthread_cond_wait(&changed, &mutex);
        printf("%ld:%d ", id, mine++);
        turn++;
        together++;
        pthread_cond_broadcast(&changed);
        pthread_mutex_unlock(&mutex);
        together++;
    }
    return (void *)(id * 10);
}

int main(void)
{
    pthread_t t[4];
    long sum = 0;
    for (long i = 0; i < 4; i++) pthread_create(&t[i], NULL, run, (void *)i);
    for (int i = 0; i < 4; i++) {
        void *result;
        pthread_join(t[i], &result);
        sum += (long)result;
    }
    printf("\n%d %ld\n", together, sum);
    return 9;
}
