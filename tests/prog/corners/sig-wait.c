// sigtimedwait, sigwaitinfo, sigwait, and the time-out
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>
int main(void)
{
    sigset_t s;
    siginfo_t i;
    int n;
    struct timespec t = {0, 10000000};
    sigemptyset(&s);
    sigaddset(&s, SIGUSR1);
    sigaddset(&s, SIGRTMIN);
    sigprocmask(SIG_BLOCK, &s, 0);
    printf("%d %d\n", sigtimedwait(&s, &i, &t), errno == EAGAIN);
    sigqueue(getpid(), SIGRTMIN, (union sigval){.sival_int = 7});
    sigqueue(getpid(), SIGRTMIN, (union sigval){.sival_int = 8});
    printf("%d", sigwaitinfo(&s, &i)), printf(" %d\n", i.si_value.sival_int);
    printf("%d", sigtimedwait(&s, &i, &t)), printf(" %d\n", i.si_value.sival_int);
    alarm(0);
    if (!fork()) { usleep(20000); kill(getppid(), SIGUSR1); _exit(0); }
    printf("%d", sigwait(&s, &n)), printf(" %d\n", n);
}
