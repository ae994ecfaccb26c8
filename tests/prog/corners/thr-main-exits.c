// main ends by pthread_exit, the others go on; the last one's status is 0
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>
static void *f(void *a)
{
    usleep(100000 * (1 + (long)a));
    printf("thread %ld\n", (long)a);
    fflush(stdout);
    return 0;
}
int main(void)
{
    pthread_t t;
    for (long i = 0; i < 3; i++) pthread_create(&t, 0, f, (void *)i);
    puts("main ends");
    fflush(stdout);
    pthread_exit(0);
}
