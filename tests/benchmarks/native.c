/* native.c - what recording costs at its best and at its worst. `native spin` computes for about a second
 * and makes no syscall meanwhile; in the others threads take one lock in turn (mutex), hand a ball to and
 * fro (pingpong), fill and empty a small buffer (turns), or wait for a lock without a syscall (spinlock). */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER, room = PTHREAD_COND_INITIALIZER;
static unsigned long sum;
static long ball;               /* pingpong: whose turn; turns: how many are in the buffer */
static atomic_long taken;
static atomic_flag busy = ATOMIC_FLAG_INIT;

static void *locker(void *number)
{
    for (int i = 0; i < 6000000; i++) {
        pthread_mutex_lock(&lock);
        sum = sum * 31 + (unsigned long)number;
        pthread_mutex_unlock(&lock);
    }
    return NULL;
}

static void *player(void *number)
{
    pthread_mutex_lock(&lock);
    for (int i = 0; i < 10000; i++) {
        while (ball != ((long)number & 1)) pthread_cond_wait(&changed, &lock);
        ball = !ball;
        pthread_cond_signal(&changed);
    }
    pthread_mutex_unlock(&lock);
    return NULL;
}

static void *turner(void *number)
{
    for (int i = 0; i < 20000; i++) {
        pthread_mutex_lock(&lock);
        if ((long)number & 1) {
            while (ball == 3) pthread_cond_wait(&room, &lock);
            ball++;
            pthread_cond_signal(&changed);
        } else {
            while (ball == 0) pthread_cond_wait(&changed, &lock);
            ball--;
            pthread_cond_signal(&room);
        }
        pthread_mutex_unlock(&lock);
        taken++;
    }
    return NULL;
}

static void *spinner(void *number)
{
    for (int i = 0; i < 5000000; i++) {
        while (atomic_flag_test_and_set(&busy));
        sum = sum * 31 + (unsigned long)number;
        atomic_flag_clear(&busy);
    }
    return NULL;
}

int main(int argc, char **argv)
{
    static const struct { const char *name; long threads; void *(*run)(void *); } kinds[] = {
        { "mutex", 4, locker }, { "pingpong", 2, player }, { "turns", 4, turner }, { "spinlock", 4, spinner } };
    const char *kind = argc > 1 ? argv[1] : "";
    pthread_t threads[4];

    for (unsigned k = 0; k < 4; k++) {
        if (strcmp(kind, kinds[k].name)) continue;
        for (long i = 0; i < kinds[k].threads; i++) pthread_create(&threads[i], NULL, kinds[k].run, (void *)i);
        for (long i = 0; i < kinds[k].threads; i++) pthread_join(threads[i], NULL);
    }
    if (!strcmp(kind, "spin"))
        for (unsigned long i = 0; i < 800000000; i++) sum = sum * 6364136223846793005 + i;
    printf("%lu %ld\n", sum, (long)taken);
    return 0;
}
