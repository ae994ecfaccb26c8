/* Two threads put numbers into a buffer of three places and two take them out, under a mutex and two
 * condition variables; prints who did what, which is up to the scheduler. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t room = PTHREAD_COND_INITIALIZER, filled = PTHREAD_COND_INITIALIZER;
static int buffer[3], have;
static atomic_int together;
static __thread int mine;

static void *run(void *arg)
{
    long id = (long)arg;
    for (int i = 0; i < 200; i++) {
        pthread_mutex_lock(&mutex);
        if (id < 2) {
            while (have == 3) pthread_cond_wait(&room, &mutex);
            buffer[have++] = i;
            pthread_cond_signal(&filled);
        } else {
            while (have == 0) pthread_cond_wait(&filled, &mutex);
            have--;
            pthread_cond_signal(&room);
        }
        printf("%ld:%d:%d ", id, mine++, buffer[have % 3]);
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
