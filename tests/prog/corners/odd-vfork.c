// a vfork child that is killed, a parent that is stopped meanwhile; nested vfork
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>
int main(void)
{
    int s;
    pid_t c = vfork();
    if (!c) { kill(getpid(), SIGKILL); _exit(0); }
    waitpid(c, &s, 0), printf("%d\n", WTERMSIG(s));
    c = vfork();
    if (!c) { pid_t d = vfork(); if (!d) _exit(4); waitpid(d, &s, 0); _exit(WEXITSTATUS(s) + 1); }
    waitpid(c, &s, 0), printf("%d\n", WEXITSTATUS(s));
    fflush(stdout);
    c = vfork();
    if (!c) { execlp("sh", "sh", "-c", "kill -9 $$", (char *)0); _exit(1); }
    waitpid(c, &s, 0), printf("%d\n", WTERMSIG(s));
}
