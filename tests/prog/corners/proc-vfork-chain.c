// vfork in a vfork child, signals to a vfork child that shares memory, one that is stopped and goes on
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>
static volatile int n;
static void h(int s) { n += 100; }
int main(void)
{
    int st;
    signal(SIGUSR1, h);
    pid_t k = vfork();
    if (!k) {
        pid_t c = vfork();
        if (!c) { n++; pid_t d = vfork(); if (!d) { n += 2; execl("/bin/true", "true", (char *)0); } waitpid(d, &st, 0); _exit(3); }
        waitpid(c, &st, 0);
        n += WEXITSTATUS(st) * 10;
        raise(SIGUSR1);
        _exit(4);
    }
    waitpid(k, &st, 0);
    printf("%d %d\n", n, WEXITSTATUS(st));
    k = vfork();
    if (!k) { n = 7; *(volatile int *)8 = 0; }
    waitpid(k, &st, 0);
    printf("%d %d\n", n, WTERMSIG(st));
    pid_t me = getpid();
    fflush(stdout);
    if (!fork()) { usleep(20000); kill(me, SIGUSR1); _exit(0); }
    k = vfork();
    if (!k) { usleep(50000); n = 8; _exit(5); }
    printf("%d\n", n);
    while (wait(&st) > 0);
}
