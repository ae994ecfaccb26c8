// a process of several threads is killed while a relative shares its memory: thread words are cleared, mutexes marked
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
struct shared { pthread_mutex_t m[3]; volatile int held; };
static struct shared *s;
static void *hold(void *x) { pthread_mutex_lock(x); __sync_fetch_and_add(&s->held, 1); for (;;) pause(); }
int main(void)
{
    pthread_mutexattr_t a;
    s = mmap(0, sizeof *s, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pthread_mutexattr_init(&a), pthread_mutexattr_setpshared(&a, 1), pthread_mutexattr_setrobust(&a, PTHREAD_MUTEX_ROBUST);
    for (int i = 0; i < 3; i++) pthread_mutex_init(&s->m[i], &a);
    pid_t k = fork();
    if (!k) { pthread_t t; for (int i = 0; i < 3; i++) pthread_create(&t, 0, hold, &s->m[i]); pause(); }
    while (s->held < 3) usleep(1000);
    printf("%d\n", pthread_mutex_trylock(&s->m[0]) == EBUSY);
    kill(k, SIGKILL);
    int n = 0;
    for (int i = 0; i < 3; i++) n += pthread_mutex_lock(&s->m[i]) == EOWNERDEAD;
    printf("%d\n", n);
    waitpid(k, 0, 0);
}
