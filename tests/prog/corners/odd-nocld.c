// SA_NOCLDSTOP, SA_NOCLDWAIT, SIGCHLD ignored; waitpid in the handler
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>
static volatile int n, reaped;
static void h(int s) { n++; while (waitpid(-1, 0, WNOHANG) > 0) reaped++; }
int main(void)
{
    int s, r;
    struct sigaction a = {.sa_handler = h, .sa_flags = SA_NOCLDSTOP | SA_RESTART};
    sigaction(SIGCHLD, &a, 0);
    pid_t c = fork();
    if (!c) { raise(SIGSTOP); for (;;) pause(); }
    waitpid(c, &s, WUNTRACED), printf("%d %d\n", WIFSTOPPED(s), n);
    kill(c, SIGCONT);
    waitpid(c, &s, WCONTINUED), printf("%d %d\n", WIFCONTINUED(s), n);
    kill(c, SIGKILL);
    while (!reaped) usleep(1000);
    for (int i = 0; i < 10; i++) if (!fork()) { usleep(i * 500); _exit(i); }
    while (reaped < 11) usleep(1000);
    printf("%d\n", reaped);
    a.sa_handler = SIG_DFL, a.sa_flags = SA_NOCLDWAIT;
    sigaction(SIGCHLD, &a, 0);
    if (!fork()) _exit(0);
    r = wait(0), printf("%d %d\n", r, errno == ECHILD);
}
