// flock, fcntl locks, OFD locks, between processes
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>
int main(void)
{
    int fd = open("f", O_RDWR | O_CREAT, 0600), p[2], s;
    char c;
    struct flock l = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 10, .l_len = 5}, g;
    pipe(p);
    printf("%d\n", fcntl(fd, F_SETLK, &l));
    fflush(stdout);
    if (!fork()) {
        g = l;
        fcntl(fd, F_GETLK, &g);
        int r = fcntl(fd, F_SETLK, &l);
        printf("%d %d %d %d\n", g.l_type, g.l_pid == getppid(), r, errno == EAGAIN);
        write(p[1], "x", 1);
        printf("%d\n", fcntl(fd, F_SETLKW, &l));
        fflush(stdout);
        _exit(0);
    }
    read(p[0], &c, 1);
    usleep(20000);
    l.l_type = F_UNLCK;
    fcntl(fd, F_SETLK, &l);
    wait(&s);
    printf("%d\n", flock(fd, LOCK_EX));
    int o = open("f", O_RDWR);
    printf("%d %d\n", flock(o, LOCK_EX | LOCK_NB), errno == EWOULDBLOCK);
    l.l_type = F_WRLCK, l.l_pid = 0;
    printf("%d\n", fcntl(fd, F_OFD_SETLK, &l));
    printf("%d\n", fcntl(o, F_OFD_SETLK, &l));
    printf("%d\n", lockf(o, F_TEST, 1) <= 0);
}
