// a handler interrupted by another, SA_NODEFER, SA_RESETHAND, sa_mask
#include <signal.h>
#include <stdio.h>
static int depth;
static void h(int s)
{
    printf("in %d depth %d\n", s, ++depth);
    if (s == SIGUSR1 && depth == 1) raise(SIGUSR2);
    if (s == SIGALRM && depth < 4) raise(SIGALRM);
    if (s == SIGHUP && depth == 1) { raise(SIGTERM); puts("TERM is masked"); }
    printf("out %d depth %d\n", s, depth--);
}
int main(void)
{
    struct sigaction a = {.sa_handler = h}, old;
    sigaction(SIGUSR1, &a, 0);
    sigaction(SIGUSR2, &a, 0);
    sigaction(SIGTERM, &a, 0);
    sigaddset(&a.sa_mask, SIGTERM);
    sigaction(SIGHUP, &a, 0);
    a.sa_flags = SA_NODEFER;
    sigaction(SIGALRM, &a, 0);
    a.sa_flags = SA_RESETHAND;
    sigaction(SIGINT, &a, 0);
    raise(SIGUSR1);
    raise(SIGALRM);
    raise(SIGHUP);
    raise(SIGINT);
    sigaction(SIGINT, 0, &old);
    printf("%d\n", old.sa_handler == SIG_DFL);
}
