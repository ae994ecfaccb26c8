// sigqueue's value, code and sender come with SA_SIGINFO
#include <signal.h>
#include <stdio.h>
#include <unistd.h>
static void h(int s, siginfo_t *i, void *u)
{
    (void)u;
    printf("%d %d %d %d\n", s, i->si_code, i->si_value.sival_int, i->si_pid == getpid());
}
int main(void)
{
    struct sigaction a = {.sa_sigaction = h, .sa_flags = SA_SIGINFO};
    sigaction(SIGUSR1, &a, 0);
    sigaction(SIGRTMIN + 3, &a, 0);
    for (int i = 0; i < 3; i++)
        sigqueue(getpid(), SIGUSR1, (union sigval){.sival_int = i});
    sigqueue(getpid(), SIGRTMIN + 3, (union sigval){.sival_int = 99});
    kill(getpid(), SIGUSR1);
    raise(SIGUSR1);
}
