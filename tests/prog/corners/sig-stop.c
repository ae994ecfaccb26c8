// job control of a child: stopped, continued, stopped by SIGTSTP, SIGTTIN, killed while stopped
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>
static void show(const char *what, int r, int s)
{
    printf("%s %d stopped %d/%d continued %d signaled %d/%d exited %d/%d\n", what, r > 0, WIFSTOPPED(s),
           WIFSTOPPED(s) ? WSTOPSIG(s) : 0, WIFCONTINUED(s), WIFSIGNALED(s), WIFSIGNALED(s) ? WTERMSIG(s) : 0,
           WIFEXITED(s), WIFEXITED(s) ? WEXITSTATUS(s) : 0);
}
int main(void)
{
    int s, r, list[] = {SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU};
    setbuf(stdout, 0);
    pid_t c = fork();
    if (!c) { setpgid(0, 0); for (;;) pause(); }
    setpgid(c, c);
    for (int i = 0; i < 4; i++) {
        kill(c, list[i]);
        /* an orphaned process group ignores the last three; ours has a parent in the session */
        r = waitpid(c, &s, WUNTRACED), show("stop", r, s);
        show("none", waitpid(c, &s, WUNTRACED | WCONTINUED | WNOHANG) + 0, 0);
        kill(c, SIGCONT);
        r = waitpid(c, &s, WCONTINUED), show("cont", r, s);
    }
    kill(c, SIGSTOP);
    waitpid(c, &s, WUNTRACED);
    kill(c, SIGKILL);
    r = waitpid(c, &s, 0), show("kill", r, s);
}
