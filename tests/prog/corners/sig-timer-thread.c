// timer_create with SIGEV_THREAD
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <time.h>
static sem_t done;
static int n;
static void f(union sigval v)
{
    if (n++ < 3) { printf("call %d value %d\n", n, v.sival_int); if (n == 3) sem_post(&done); }
}
int main(void)
{
    struct sigevent e = {.sigev_notify = SIGEV_THREAD, .sigev_notify_function = f, .sigev_value.sival_int = 5};
    struct itimerspec t = {{0, 10000000}, {0, 10000000}};
    timer_t id;
    sem_init(&done, 0, 0);
    timer_create(CLOCK_MONOTONIC, &e, &id);
    timer_settime(id, 0, &t, 0);
    sem_wait(&done);
    timer_delete(id);
    puts("end");
}
