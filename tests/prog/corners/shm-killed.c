// a priority-inheriting, robust, process-shared mutex: children take turns; one is killed holding it with others waiting
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
struct s { pthread_mutex_t m; volatile int n, held, dead, waiting; };
int main(void)
{
    struct s *s = mmap(0, sizeof *s, 3, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pthread_mutexattr_t a;
    pthread_mutexattr_init(&a);
    pthread_mutexattr_setpshared(&a, 1);
    pthread_mutexattr_setrobust(&a, PTHREAD_MUTEX_ROBUST);
    pthread_mutexattr_setprotocol(&a, PTHREAD_PRIO_INHERIT);
    pthread_mutex_init(&s->m, &a);
    pid_t k = fork();
    if (!k) { pthread_mutex_lock(&s->m); s->held = 1; for (;;) ; }
    while (!s->held) ;
    for (int i = 0; i < 3; i++)
        if (!fork()) {
            __sync_fetch_and_add(&s->waiting, 1);
            for (int j = 0; j < 20; j++) {
                int r = pthread_mutex_lock(&s->m);
                if (r == EOWNERDEAD) s->dead++, pthread_mutex_consistent(&s->m);
                s->n++;
                pthread_mutex_unlock(&s->m);
            }
            _exit(0);
        }
    while (s->waiting < 3) ;
    usleep(20000);
    volatile int *word = (int *)&s->m;
    int was = *word;
    kill(k, SIGKILL);
    while (*word == was) ;
    while (wait(0) > 0) ;
    printf("n %d dead %d\n", s->n, s->dead);
}
