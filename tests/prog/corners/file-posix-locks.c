// POSIX locks: split and joined, lost at the first close of the file, not inherited; deadlock found; mapped file kept locked
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
static int fd;
static int lock(int cmd, int type, int at, int len) { struct flock l = {.l_type = type, .l_start = at, .l_len = len}; return fcntl(fd, cmd, &l) ? -errno : l.l_type; }
static int held(int at)
{
    int st;
    if (!fork()) _exit(lock(F_GETLK, F_WRLCK, at, 1));
    wait(&st);
    return (signed char)WEXITSTATUS(st);
}
int main(void)
{
    fd = open("f", O_CREAT | O_RDWR, 0600);
    ftruncate(fd, 8192);
    lock(F_SETLK, F_WRLCK, 0, 100);
    lock(F_SETLK, F_UNLCK, 40, 20);
    lock(F_SETLK, F_RDLCK, 80, 0);
    printf("%d %d %d %d\n", held(10), held(50), held(70), held(5000));
    char *p = mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0), *q = mmap(0, 8192, PROT_READ, MAP_PRIVATE, fd, 0);
    p[0] = 1, munmap(q, 8192);
    printf("%d\n", held(10));
    int st, g[2];
    char c;
    pipe(g);
    if (!fork()) { /* a deadlock */
        lock(F_SETLK, F_WRLCK, 200 - 150, 10);
        write(g[1], "x", 1);
        int r = lock(F_SETLKW, F_WRLCK, 0, 1);
        _exit(r == -EDEADLK ? 35 : 1);
    }
    read(g[0], &c, 1);
    usleep(20000);
    int r = lock(F_SETLKW, F_WRLCK, 50, 1);
    printf("%d\n", r == -EDEADLK || r == F_WRLCK);
    lock(F_SETLK, F_UNLCK, 0, 0);
    wait(&st);
    printf("%d\n", WEXITSTATUS(st) == (r == -EDEADLK ? 1 : 35));
    lock(F_SETLK, F_WRLCK, 0, 10);
    close(dup(fd));
    printf("%d\n", held(5));
    printf("%d %d\n", lock(F_SETLK, 77, 0, 1), lock(F_SETLK, F_WRLCK, -1, 1));
}
