/* 200 threads alive at once, each of which waits for all to be there; prints the limit of open files. */
#include <pthread.h>
#include <stdio.h>
#include <sys/resource.h>

enum { THREADS = 200 };
static pthread_barrier_t all;
static long arrived;

static void *run(void *arg)
{
    pthread_barrier_wait(&all);
    __atomic_add_fetch(&arrived, (long)arg, __ATOMIC_SEQ_CST);
    return NULL;
}

int main(void)
{
    pthread_t t[THREADS];
    struct rlimit limit;
    pthread_barrier_init(&all, NULL, THREADS);
    for (long i = 0; i < THREADS; i++) pthread_create(&t[i], NULL, run, (void *)i);
    for (int i = 0; i < THREADS; i++) pthread_join(t[i], NULL);
    getrlimit(RLIMIT_NOFILE, &limit);
    printf("%ld, %ld files\n", arrived, (long)limit.rlim_cur);
    return 0;
}
