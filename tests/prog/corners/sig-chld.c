// SIGCHLD's siginfo: exit, kill, stop, continue
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>
static volatile int n;
static void h(int s, siginfo_t *i, void *u)
{
    char b[64];
    write(1, b, sprintf(b, "%d code %d status %d\n", s, i->si_code, i->si_status));
    n++;
}
static void until(int k) { while (n < k) usleep(1000); }
int main(void)
{
    struct sigaction a = {.sa_sigaction = h, .sa_flags = SA_SIGINFO | SA_RESTART};
    sigaction(SIGCHLD, &a, 0);
    if (!fork()) _exit(3);
    until(1);
    pid_t c = fork();
    if (!c) for (;;) pause();
    kill(c, SIGSTOP);
    until(2);
    kill(c, SIGCONT);
    until(3);
    kill(c, SIGKILL);
    until(4);
    int st;
    while (wait(&st) > 0) printf("%x\n", st);
}
