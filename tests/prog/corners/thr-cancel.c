// cancellation of sleeping, reading, computing threads; cleanup handlers; detach
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <unistd.h>
static sem_t ready, gone;
static int cleaned, p[2];
static void clean(void *a) { cleaned += (long)a; }
static void *f(void *a)
{
    char c;
    pthread_cleanup_push(clean, a);
    if ((long)a == 4) pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, 0);
    sem_post(&ready);
    switch ((long)a) {
    case 1: sleep(100); break;
    case 2: read(p[0], &c, 1); break;
    case 3: for (;;) { pthread_testcancel(); sched_yield(); }
    case 4: usleep(30000); return (void *)7;
    }
    pthread_cleanup_pop(1);
    return 0;
}
static void *g(void *a) { sem_post(&gone); return 0; }
int main(void)
{
    void *r;
    pthread_t t;
    pipe(p);
    for (long i = 1; i < 5; i++) {
        pthread_create(&t, 0, f, (void *)i);
        sem_wait(&ready);
        pthread_cancel(t);
        pthread_join(t, &r);
        printf("%ld: %d %ld cleaned %d\n", i, r == PTHREAD_CANCELED, r == PTHREAD_CANCELED ? 0 : (long)r, cleaned);
    }
    pthread_create(&t, 0, g, 0);
    pthread_detach(t);
    sem_wait(&gone);
}
