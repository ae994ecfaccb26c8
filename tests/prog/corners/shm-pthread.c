// process-shared mutex, condition, barrier, rwlock, spinlock between four processes
#include <pthread.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
struct all { pthread_mutex_t m; pthread_cond_t c; pthread_barrier_t b; pthread_rwlock_t r; pthread_spinlock_t s; int n, turn, sum; };
int main(void)
{
    struct all *a = mmap(0, sizeof *a, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pthread_mutexattr_t ma; pthread_condattr_t ca; pthread_barrierattr_t ba; pthread_rwlockattr_t ra;
    pthread_mutexattr_init(&ma), pthread_mutexattr_setpshared(&ma, 1), pthread_mutex_init(&a->m, &ma);
    pthread_condattr_init(&ca), pthread_condattr_setpshared(&ca, 1), pthread_cond_init(&a->c, &ca);
    pthread_barrierattr_init(&ba), pthread_barrierattr_setpshared(&ba, 1), pthread_barrier_init(&a->b, &ba, 4);
    pthread_rwlockattr_init(&ra), pthread_rwlockattr_setpshared(&ra, 1), pthread_rwlock_init(&a->r, &ra);
    pthread_spin_init(&a->s, 1);
    setbuf(stdout, 0);
    for (int k = 0; k < 4; k++)
        if (!fork()) {
            pthread_barrier_wait(&a->b);
            for (int i = 0; i < 10; i++) {
                pthread_mutex_lock(&a->m);
                while (a->turn != k) pthread_cond_wait(&a->c, &a->m);
                printf("%d", k);
                a->turn = (a->turn + 1) % 4;
                pthread_cond_broadcast(&a->c);
                pthread_mutex_unlock(&a->m);
                pthread_rwlock_wrlock(&a->r), a->n++, pthread_rwlock_unlock(&a->r);
                pthread_spin_lock(&a->s), a->sum += i, pthread_spin_unlock(&a->s);
            }
            _exit(0);
        }
    while (wait(0) > 0) ;
    printf("\n%d %d\n", a->n, a->sum);
}
