// wait4, waitid and their options
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
int main(void)
{
    siginfo_t i = {0};
    struct rusage u;
    int s = 0, r;
    r = wait(&s);
    printf("%d %d\n", r, errno == ECHILD);
    pid_t c = fork();
    if (!c) { raise(SIGSTOP); usleep(100000); _exit(3); }
    r = waitid(P_PID, c, &i, WSTOPPED);
    printf("%d %d %d\n", r, i.si_code == CLD_STOPPED, i.si_status);
    i.si_pid = 0;
    r = waitid(P_ALL, 0, &i, WEXITED | WNOHANG);
    printf("%d %d\n", r, i.si_pid);
    kill(c, SIGCONT);
    r = waitid(P_PID, c, &i, WCONTINUED);
    printf("%d %d %d\n", r, i.si_code == CLD_CONTINUED, i.si_status);
    r = waitid(P_PID, c, &i, WEXITED | WNOWAIT);
    printf("%d %d %d %d\n", r, i.si_code == CLD_EXITED, i.si_status, i.si_pid == c);
    r = wait4(c, &s, 0, &u);
    printf("%d %d %d\n", r == c, WEXITSTATUS(s), u.ru_maxrss > 0);
    c = fork();
    if (!c) { setpgid(0, 0); for (;;) pause(); }
    setpgid(c, c);
    kill(c, SIGTERM);
    r = waitid(P_PGID, c, &i, WEXITED);
    printf("%d %d %d\n", r, i.si_code == CLD_KILLED, i.si_status);
    signal(SIGCHLD, SIG_IGN);
    if (!fork()) _exit(0);
    r = wait(&s);
    printf("%d %d\n", r, errno == ECHILD);
}
