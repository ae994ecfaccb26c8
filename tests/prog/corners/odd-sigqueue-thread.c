// queued real-time signals to threads, in order; pthread_sigqueue; sigwait in a dedicated thread
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>
static int got[40];
static volatile int n;
static void *f(void *a)
{
    sigset_t m;
    siginfo_t i;
    sigemptyset(&m), sigaddset(&m, SIGRTMIN), sigaddset(&m, SIGRTMIN + 1), sigaddset(&m, SIGTERM);
    for (;;) {
        int s = sigwaitinfo(&m, &i);
        if (s == SIGTERM) return 0;
        got[n++] = (s - SIGRTMIN) * 100 + i.si_value.sival_int;
    }
}
int main(void)
{
    pthread_t t;
    sigset_t m;
    sigemptyset(&m), sigaddset(&m, SIGRTMIN), sigaddset(&m, SIGRTMIN + 1), sigaddset(&m, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &m, 0);
    pthread_create(&t, 0, f, 0);
    for (int i = 0; i < 10; i++) pthread_sigqueue(t, SIGRTMIN + i % 2, (union sigval){.sival_int = i});
    while (n < 10) usleep(1000);
    for (int i = 10; i < 20; i++) sigqueue(getpid(), SIGRTMIN, (union sigval){.sival_int = i});
    while (n < 20) usleep(1000); // SIGTERM would come first
    kill(getpid(), SIGTERM);
    pthread_join(t, 0);
    int sum = 0;
    for (int i = 0; i < n; i++) sum += got[i];
    printf("%d %d\n", n, sum);
}
