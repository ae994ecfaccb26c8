/* native.c - what recording costs at its best and at its worst: `native spin` computes for about
 * a second and makes no syscall meanwhile; `native mutex` is four threads that take one lock in
 * turn. */
#include <pthread.h>
#include <stdio.h>
#include <string.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static unsigned long sum;

static void *locker(void *number)
{
    for (int i = 0; i < 2000000; i++) {
        pthread_mutex_lock(&lock);
        sum = sum * 31 + (unsigned long)number;
        pthread_mutex_unlock(&lock);
    }
    return NULL;
}

int main(int argc, char **argv)
{
    pthread_t threads[4];

    if (argc > 1 && !strcmp(argv[1], "mutex")) {
        for (unsigned long i = 0; i < 4; i++)
            pthread_create(&threads[i], NULL, locker, (void *)i);
        for (int i = 0; i < 4; i++)
            pthread_join(threads[i], NULL);
    } else {
        for (unsigned long i = 0; i < 800000000; i++)
            sum = sum * 6364136223846793005 + i;
    }
    printf("%lu\n", sum);
    return 0;
}
