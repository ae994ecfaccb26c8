// an orphan goes to the subreaper; PR_SET_PDEATHSIG; daemon's double fork with setsid
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
static int n;
static void h(int s) { n = s; }
int main(void)
{
    int p[2], s, v[4] = {0};
    pid_t me = getpid();
    pipe(p);
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    prctl(PR_GET_CHILD_SUBREAPER, v);
    printf("%d\n", v[0]);
    pid_t c = fork();
    if (!c) {
        if (!fork()) {
            signal(SIGUSR1, h);
            prctl(PR_SET_PDEATHSIG, SIGUSR1);
            write(p[1], "r", 1);
            while (!n) usleep(1000);
            v[0] = n, v[1] = getppid() == me, v[2] = setsid() == getpid(), v[3] = getsid(0) == getpgrp();
            write(p[1], v, sizeof v);
            _exit(5);
        }
        char b;
        read(p[0], &b, 1);
        _exit(0);
    }
    waitpid(c, 0, 0);
    read(p[0], v, sizeof v);
    printf("%d %d %d %d\n", v[0], v[1], v[2], v[3]);
    printf("%d", wait(&s) > 0), printf(" %d\n", WEXITSTATUS(s));
}
