// a poll that a signal ends has emptied revents all the same
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>
static void h(int s) {}
int main(void)
{
    int p[2], r;
    pipe(p);
    signal(SIGALRM, h);
    for (int i = 0; i < 2; i++) {
        struct pollfd f = {p[0], POLLIN, 77};
        ualarm(20000, 0);
        r = i ? ppoll(&f, 1, 0, 0) : poll(&f, 1, -1);
        printf("%d %d %d\n", r, errno == EINTR, f.revents);
    }
}
