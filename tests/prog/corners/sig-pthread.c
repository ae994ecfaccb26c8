// pthread_kill to one of several threads, pthread_sigmask, process-directed to the one that has it unblocked
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>
static __thread int me;
static int got[4], ready[2];
static void h(int s) { char c = me; got[me]++; write(ready[1], &c, 1); }
static void *f(void *a)
{
    sigset_t m;
    me = (long)a;
    sigemptyset(&m);
    sigaddset(&m, SIGUSR2);
    pthread_sigmask(me == 2 ? SIG_UNBLOCK : SIG_BLOCK, &m, 0);
    char c = 9;
    write(ready[1], &c, 1);
    while (!got[me]) pause();
    return 0;
}
int main(void)
{
    pthread_t t[4];
    char c;
    sigset_t m;
    pipe(ready);
    signal(SIGUSR1, h), signal(SIGUSR2, h);
    sigemptyset(&m), sigaddset(&m, SIGUSR2), sigaddset(&m, SIGUSR1);
    pthread_sigmask(SIG_BLOCK, &m, 0);
    for (long i = 1; i < 4; i++) {
        sigset_t o;
        pthread_create(&t[i], 0, f, (void *)i);
    }
    for (int i = 1; i < 4; i++) read(ready[0], &c, 1);
    kill(getpid(), SIGUSR2);
    read(ready[0], &c, 1);
    printf("process signal went to %d\n", c);
    for (int i = 1; i < 4; i += 2) { got[i] = 1; pthread_kill(t[i], SIGWINCH); pthread_cancel(t[i]); }
    for (int i = 1; i < 4; i++) pthread_join(t[i], 0);
    puts("end");
}
