// a file is mapped privately before a fork; the child writes to the file, to its copy, truncates; each sees its own
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
int main(void)
{
    int fd = open("f", O_RDWR | O_CREAT, 0600), st;
    char b[8192];
    memset(b, 'a', 8192), write(fd, b, 8192);
    char *p = mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
    p[0] = 'p';
    if (!fork()) {
        p[1] = 'c', pwrite(fd, "FILE", 4, 4096), p[4097] = 'x';
        _exit(p[0] == 'p' && p[4096] == 'F');
    }
    wait(&st);
    printf("%d %c%c %.6s\n", WEXITSTATUS(st), p[0], p[1], p + 4096);
    if (!fork()) { int g = open("f", O_WRONLY); lseek(g, 4100, SEEK_SET); write(g, "MORE", 4); _exit(0); }
    wait(0);
    printf("%.10s\n", p + 4096);
    p[4096] = 'm';
    pwrite(fd, "LATE", 4, 4096);
    printf("%.10s\n", p + 4096);
    madvise(p, 8192, MADV_DONTNEED);
    printf("%c%c %.10s\n", p[0], p[1], p + 4096);
}
