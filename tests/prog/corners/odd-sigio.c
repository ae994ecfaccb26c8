// SIGIO: O_ASYNC with F_SETSIG on a pipe and a socket; F_SETLEASE; F_NOTIFY
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
static volatile int n, fd, band;
static void h(int s, siginfo_t *i, void *u) { n++; fd = i->si_fd; band = i->si_band; }
int main(void)
{
    int s[2];
    struct sigaction a = {.sa_sigaction = h, .sa_flags = SA_SIGINFO | SA_RESTART};
    sigaction(SIGRTMIN, &a, 0), sigaction(SIGIO, &a, 0);
    socketpair(AF_UNIX, SOCK_STREAM, 0, s);
    fcntl(s[0], F_SETOWN, getpid()), fcntl(s[0], F_SETSIG, SIGRTMIN);
    fcntl(s[0], F_SETFL, O_ASYNC | O_NONBLOCK);
    if (!fork()) { usleep(10000); write(s[1], "x", 1); _exit(0); }
    while (!n) pause();
    printf("%d %d\n", fd == s[0], !!(band & 1));
    wait(0);
    printf("%d\n", fcntl(s[0], F_GETSIG) == SIGRTMIN);
}
