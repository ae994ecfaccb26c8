// dup, dup2, dup3, fcntl flags, close_range, CLOEXEC through exec, O_NONBLOCK, pipe2, F_DUPFD
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>
int main(int argc, char **argv)
{
    if (argc > 1) {
        for (int i = 3; i < 60; i++) if (fcntl(i, F_GETFD) >= 0) printf("open %d\n", i);
        return 0;
    }
    int fd = open("f", O_RDWR | O_CREAT | O_CLOEXEC, 0600), p[2];
    char c;
    printf("%d %d %d %d\n", dup(fd), dup2(fd, 20), dup3(fd, 21, O_CLOEXEC), dup3(fd, fd, 0));
    printf("%d %d\n", fcntl(fd, F_DUPFD, 30), fcntl(fd, F_DUPFD_CLOEXEC, 30));
    printf("%d %d %d\n", fcntl(fd, F_GETFD), fcntl(20, F_GETFD), fcntl(fd, F_GETFL) & O_ACCMODE);
    pipe2(p, O_NONBLOCK | O_CLOEXEC);
    printf("%zd", read(p[0], &c, 1)), printf(" %d\n", errno == EAGAIN);
    printf("%d\n", fcntl(p[0], F_SETFL, 0));
    for (int i = 40; i < 50; i++) dup2(fd, i);
    printf("%d\n", close_range(42, 45, 0));
    printf("%d\n", close_range(46, 47, CLOSE_RANGE_CLOEXEC));
    printf("%d %d\n", close(42), errno == EBADF);
    fflush(stdout);
    execl("/proc/self/exe", "x", "again", (char *)0);
}
