// the death of a session leader hangs up its terminal's foreground group
#define _GNU_SOURCE
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>
static int out;
static void h(int s) { char c = s; write(out, &c, 1); _exit(0); }
int main(void)
{
    int p[2], q[2], m;
    char c = 0;
    pipe(p), pipe(q);
    out = p[1];
    pid_t l = forkpty(&m, 0, 0, 0);
    if (!l) {
        if (!fork()) { signal(SIGHUP, h); write(q[1], "r", 1); for (;;) pause(); }
        read(q[0], &c, 1);
        _exit(0);
    }
    waitpid(l, 0, 0);
    read(p[0], &c, 1);
    printf("%d\n", c);
}
