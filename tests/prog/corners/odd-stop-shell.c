// job control as a shell does it: process group, stop, foreground, continue, kill of the group
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>
int main(void)
{
    int s;
    pid_t a = fork();
    if (!a) { setpgid(0, 0); execlp("sh", "sh", "-c", "sleep 100 | sleep 100; exit 3", (char *)0); }
    setpgid(a, a);
    usleep(100000);
    kill(-a, SIGSTOP);
    printf("%d", waitpid(a, &s, WUNTRACED) == a), printf(" %d\n", WIFSTOPPED(s));
    kill(-a, SIGCONT);
    printf("%d", waitpid(a, &s, WCONTINUED) == a), printf(" %d\n", WIFCONTINUED(s));
    kill(-a, SIGTERM);
    printf("%d", waitpid(a, &s, 0) == a), printf(" %d\n", WTERMSIG(s));
}
