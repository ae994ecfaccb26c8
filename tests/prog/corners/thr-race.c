// varies: the interleaving of writes without locks, as it was recorded
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>
static void *f(void *a)
{
    char c = 'a' + (long)a;
    for (int i = 0; i < 30; i++) { write(1, &c, 1); if (i % 7 == 0) usleep(100); if (i % 5 == 0) sched_yield(); }
    return 0;
}
int main(void)
{
    pthread_t t[6];
    for (long i = 0; i < 6; i++) pthread_create(&t[i], 0, f, (void *)i);
    for (long i = 0; i < 6; i++) pthread_join(t[i], 0);
    puts("");
}
