// a pseudo terminal: openpty, termios, window size, line discipline, job control ioctls
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
int main(void)
{
    int m = posix_openpt(O_RDWR | O_NOCTTY), n;
    struct termios t;
    struct winsize w = {24, 80, 0, 0}, g;
    char b[64] = "";
    printf("%d %d %d\n", grantpt(m), unlockpt(m), ptsname(m) != 0);
    int s = open(ptsname(m), O_RDWR | O_NOCTTY);
    printf("%d %d\n", isatty(s), isatty(0));
    tcgetattr(s, &t), printf("%d %d\n", !!(t.c_lflag & ICANON), !!(t.c_lflag & ECHO));
    write(m, "line\n", 5);
    n = read(s, b, sizeof b), printf("%d %.4s\n", n, b);
    n = read(m, b, sizeof b), printf("%d %.4s\n", n, b);
    cfmakeraw(&t), printf("%d\n", tcsetattr(s, TCSANOW, &t));
    write(m, "raw", 3);
    poll(&(struct pollfd){s, POLLIN}, 1, 1000);
    ioctl(s, FIONREAD, &n), printf("%d\n", n);
    n = read(s, b, sizeof b), printf("%d %.3s\n", n, b);
    printf("%d", ioctl(m, TIOCSWINSZ, &w)), ioctl(s, TIOCGWINSZ, &g), printf(" %d %d\n", g.ws_row, g.ws_col);
    printf("%d %d\n", tcdrain(s), tcflush(s, TCIOFLUSH));
    printf("%d %d %d\n", ioctl(s, FIOCLEX), fcntl(s, F_GETFD), ioctl(s, FIONCLEX));
    printf("%d\n", (int)cfgetospeed(&t) > 0);
    close(s);
    fflush(stdout);
    int st;
    pid_t c = forkpty(&m, 0, 0, &w);
    if (!c) { printf("child %d %d\n", tcgetpgrp(0) == getpid(), getsid(0) == getpid()); fflush(stdout); pause(); }
    n = read(m, b, sizeof b), b[n > 0 ? n : 0] = 0, printf("%s", b);
    write(m, "\003", 1);
    waitpid(c, &st, 0), printf("%d\n", WTERMSIG(st));
    printf("%d\n", open("/dev/tty", O_RDWR) < 2000);
}
