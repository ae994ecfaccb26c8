// semaphores: unnamed, named, timed; producer and consumers
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <unistd.h>
#include <time.h>
static sem_t full, empty, *named;
static int buf[4], in, out, sum;
static void *f(void *a)
{
    for (int i = 0; i < 100; i++) { sem_wait(&full); sum += buf[out++ % 4]; sem_post(&empty); }
    sem_post(named);
    return 0;
}
int main(void)
{
    pthread_t t;
    int v;
    char name[32];
    sprintf(name, "/corner-%d", getpid());
    sem_init(&full, 0, 0), sem_init(&empty, 0, 4);
    named = sem_open(name, O_CREAT, 0600, 0);
    sem_unlink(name);
    pthread_create(&t, 0, f, 0);
    for (int i = 0; i < 100; i++) { sem_wait(&empty); buf[in++ % 4] = i; sem_post(&full); }
    sem_wait(named);
    pthread_join(t, 0);
    sem_getvalue(&empty, &v);
    printf("%d %d\n", sum, v);
    struct timespec ts = {1, 0};
    printf("%d", sem_timedwait(&full, &ts)), printf(" %d\n", errno == ETIMEDOUT);
    printf("%d", sem_trywait(&full)), printf(" %d\n", errno == EAGAIN);
}
