// robust mutex of a dead thread and of a dead process; priority inheritance
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
static pthread_mutex_t *m, pi;
static int n;
static void *f(void *a) { pthread_mutex_lock(m); return 0; }
static void *g(void *a) { for (int i = 0; i < 50; i++) { pthread_mutex_lock(&pi); n++; sched_yield(); pthread_mutex_unlock(&pi); } return 0; }
int main(void)
{
    pthread_mutexattr_t a;
    pthread_t t[3];
    m = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pthread_mutexattr_init(&a);
    pthread_mutexattr_setrobust(&a, PTHREAD_MUTEX_ROBUST);
    pthread_mutexattr_setpshared(&a, PTHREAD_PROCESS_SHARED);
    pthread_mutex_init(m, &a);
    pthread_create(&t[0], 0, f, 0);
    pthread_join(t[0], 0);
    printf("%d", pthread_mutex_lock(m) == EOWNERDEAD), printf(" %d\n", pthread_mutex_consistent(m));
    pthread_mutex_unlock(m);
    if (!fork()) { pthread_mutex_lock(m); _exit(0); }
    wait(0);
    printf("%d\n", pthread_mutex_lock(m) == EOWNERDEAD);
    pthread_mutex_unlock(m);
    printf("%d\n", pthread_mutex_lock(m) == ENOTRECOVERABLE);
    pthread_mutexattr_init(&a);
    pthread_mutexattr_setprotocol(&a, PTHREAD_PRIO_INHERIT);
    pthread_mutex_init(&pi, &a);
    for (int i = 0; i < 3; i++) pthread_create(&t[i], 0, g, 0);
    for (int i = 0; i < 3; i++) pthread_join(t[i], 0);
    printf("%d\n", n);
}
