/* Four threads count together with nothing to keep them apart. */
#include <pthread.h>
#include <stdio.h>

static volatile long counter;

static void *run(void *arg)
{
    (void)arg;
    for (int i = 0; i < 60000000; i++) counter++;
    return NULL;
}

int main(void)
{
    pthread_t t[4];
    for (int i = 0; i < 4; i++) pthread_create(&t[i], NULL, run, NULL);
    for (int i = 0; i < 4; i++) pthread_join(t[i], NULL);
    printf("%ld\n", counter);
    return 5;
}
