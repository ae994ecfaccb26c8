// ignored and blocked signals, pending ones, alarms and the parent's death signal go through exec
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
static void h(int s) { printf("got %d\n", s); }
int main(int argc, char **argv)
{
    sigset_t m, p;
    struct sigaction a;
    if (argc == 1) {
        signal(SIGUSR1, SIG_IGN), signal(SIGUSR2, h);
        sigemptyset(&m), sigaddset(&m, SIGTERM), sigaddset(&m, SIGALRM);
        sigprocmask(SIG_BLOCK, &m, 0);
        raise(SIGTERM);
        alarm(1);
        execl("/proc/self/exe", "x", "y", (char *)0);
    }
    sigaction(SIGUSR1, 0, &a), printf("%d\n", a.sa_handler == SIG_IGN);
    sigaction(SIGUSR2, 0, &a), printf("%d\n", a.sa_handler == SIG_DFL);
    sigprocmask(0, 0, &m), printf("%d %d\n", sigismember(&m, SIGTERM), sigismember(&m, SIGALRM));
    sigpending(&p), printf("%d\n", sigismember(&p, SIGTERM));
    signal(SIGTERM, h), signal(SIGALRM, h);
    sigprocmask(SIG_UNBLOCK, &m, 0);
    pause();
}
