// signals while other threads sleep, hold mutexes and wait for conditions: nobody is lost
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>
static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t c = PTHREAD_COND_INITIALIZER;
static int work, done, hits;
static void h(int s) { __sync_fetch_and_add(&hits, 1); }
static void *f(void *a)
{
    for (int i = 0; i < 25; i++) {
        pthread_mutex_lock(&m);
        while (!work) pthread_cond_wait(&c, &m);
        work--, done++;
        pthread_mutex_unlock(&m);
        if (i % 5 == 0) usleep(500);
    }
    return 0;
}
int main(void)
{
    pthread_t t[4];
    struct sigaction a = {.sa_handler = h, .sa_flags = SA_RESTART};
    sigaction(SIGUSR1, &a, 0);
    for (int i = 0; i < 4; i++) pthread_create(&t[i], 0, f, 0);
    for (int i = 0; i < 100; i++) {
        pthread_mutex_lock(&m);
        work++;
        pthread_cond_signal(&c);
        pthread_mutex_unlock(&m);
        if (i < 60 && i % 3 == 0) pthread_kill(t[i % 4], SIGUSR1);
    }
    for (int i = 0; i < 4; i++) pthread_join(t[i], 0);
    printf("%d %d\n", done, hits > 0);
}
