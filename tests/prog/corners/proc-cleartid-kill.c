// a child that shares the memory is killed: CLONE_CHILD_CLEARTID zeroes and wakes
#define _GNU_SOURCE
#include <linux/futex.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
static volatile int word;
static int child(void *x) { for (;;) pause(); }
int main(void)
{
    static char stack[65536] __attribute__((aligned(16)));
    pid_t p = clone(child, stack + sizeof stack, CLONE_VM | CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID | SIGCHLD, 0,
                    &word, 0, &word);
    int st;
    printf("%d\n", word == p);
    usleep(10000);
    kill(p, SIGKILL);
    while (word) syscall(SYS_futex, &word, FUTEX_WAIT, p, 0, 0, 0);
    waitpid(p, &st, 0);
    printf("%d %d\n", word, WTERMSIG(st));
}
