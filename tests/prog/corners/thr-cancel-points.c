// deferred cancellation at points: cond_wait (mutex is held again), join, sem_wait, nanosleep, read, select, sigwait, waitpid, write to a full pipe
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <sys/select.h>
#include <sys/wait.h>
#include <unistd.h>
static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t c = PTHREAD_COND_INITIALIZER;
static sem_t s;
static int p[2], q[2], held;
static pthread_t me;
static volatile int at;
static void clean(void *x) { held = (long)x == 0 ? pthread_mutex_unlock(&m) == 0 : 7; }
static void *never(void *x) { for (;;) pause(); }
static void *f(void *x)
{
    char buf[4096] = {0};
    fd_set r;
    sigset_t set;
    int sig;
    pthread_t t;
    pthread_cleanup_push(clean, x);
    if (!x) pthread_mutex_lock(&m);
    if ((long)x == 1) pthread_create(&t, 0, never, 0);
    at = 1;
    switch ((long)x) {
    case 0: for (;;) pthread_cond_wait(&c, &m);
    case 1: pthread_join(t, 0); break;
    case 2: sem_wait(&s); break;
    case 3: sleep(1000); break;
    case 4: read(p[0], buf, 1); break;
    case 5: FD_ZERO(&r); FD_SET(p[0], &r); select(p[0] + 1, &r, 0, 0, 0); break;
    case 6: sigemptyset(&set), sigaddset(&set, SIGUSR1), sigwait(&set, &sig); break;
    case 7: waitpid(-1, 0, 0); break;
    case 8: for (;;) write(q[1], buf, sizeof buf);
    case 9: pause(); break;
    }
    pthread_cleanup_pop(0);
    return 0;
}
int main(void)
{
    pthread_t t;
    void *r;
    pipe(p), pipe(q);
    pid_t child = fork();
    if (!child) for (;;) pause();
    sigset_t set;
    sigemptyset(&set), sigaddset(&set, SIGUSR1), sigprocmask(SIG_BLOCK, &set, 0);
    for (long i = 0; i < 10; i++) {
        held = at = 0;
        pthread_create(&t, 0, f, (void *)i);
        while (!at) ;
        usleep(i & 1 ? 3000 : 0);
        pthread_cancel(t);
        pthread_join(t, &r);
        printf("%ld: %d %d\n", i, r == PTHREAD_CANCELED, held);
    }
    kill(child, SIGKILL);
}
