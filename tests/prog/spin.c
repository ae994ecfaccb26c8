/* Four threads take turns by spinning on a volatile, with no syscall between. */
#include <pthread.h>
#include <stdio.h>

static volatile int turn;
static volatile long spins[4];

static void *run(void *arg)
{
    long id = (long)arg;
    for (int i = 0; i < 5; i++) {
        while (turn % 4 != id) spins[id]++;
        turn++;
    }
    return NULL;
}

int main(void)
{
    pthread_t t[4];
    for (long i = 0; i < 4; i++) pthread_create(&t[i], NULL, run, (void *)i);
    for (int i = 0; i < 4; i++) pthread_join(t[i], NULL);
    printf("%d: %ld %ld %ld %ld\n", turn, spins[0], spins[1], spins[2], spins[3]);
    return 4;
}
