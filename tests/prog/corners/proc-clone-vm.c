// clone with CLONE_VM and no thread: shared memory, an own pid, its exit signal
#define _GNU_SOURCE
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
static volatile int x, pid;
static int f(void *a) { x += (long)a; pid = getpid(); return 11; }
int main(void)
{
    char *stack = malloc(65536);
    int s;
    int flags[] = {CLONE_VM | SIGCHLD, CLONE_VM | CLONE_FILES | CLONE_FS | SIGCHLD, SIGCHLD, CLONE_VM | CLONE_SIGHAND | SIGCHLD,
                   CLONE_VM | CLONE_VFORK | SIGCHLD, CLONE_PARENT_SETTID | SIGCHLD, CLONE_VM | 0};
    for (int i = 0; i < 7; i++) {
        int tid = 0;
        pid_t c = clone(f, stack + 65536, flags[i], (void *)(long)(i + 1), &tid);
        int r = waitpid(c, &s, __WALL);
        printf("%d: %d %d x %d same pid %d tid %d\n", i, r == c, WEXITSTATUS(s), x, pid == c, tid == c);
    }
}
