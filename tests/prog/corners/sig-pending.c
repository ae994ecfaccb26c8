// blocked signals are pending, and come in order when unblocked; sigsuspend
#include <signal.h>
#include <stdio.h>
#include <unistd.h>
static void h(int s) { printf("got %d\n", s); }
int main(void)
{
    sigset_t all, old, p;
    int list[] = {SIGUSR2, SIGUSR1, SIGHUP, SIGRTMIN, SIGRTMIN, SIGRTMIN + 1};
    for (int i = 0; i < 6; i++) signal(list[i], h);
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, &old);
    for (int i = 0; i < 6; i++) kill(getpid(), list[i]);
    sigpending(&p);
    for (int i = 1; i < 65; i++) if (sigismember(&p, i)) printf("pending %d\n", i);
    sigdelset(&all, SIGUSR2);
    printf("%d\n", sigsuspend(&all));
    sigprocmask(SIG_SETMASK, &old, 0);
    puts("end");
}
