// exit_group from a thread while others sleep, compute and block
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
static void bye(void) { puts("atexit"); }
static void *f(void *a)
{
    int p[2];
    char c;
    switch ((long)a) {
    case 0: pipe(p); read(p[0], &c, 1); break;
    case 1: sleep(100); break;
    case 2: for (;;) sched_yield();
    case 3: usleep(20000); puts("exits"); exit(42);
    }
    return 0;
}
int main(void)
{
    pthread_t t;
    atexit(bye);
    for (long i = 0; i < 4; i++) pthread_create(&t, 0, f, (void *)i);
    for (;;) pause();
}
