/* A file changes while it is mapped, privately or shared: by write, by growing and shrinking, by mremap. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { P = 4096 };

static void written(int fd)
{
    char *p = mmap(0, 4 * P, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
    printf("%c %c\n", p[0], p[P]);
    pwrite(fd, "zz", 2, 10);
    printf("written: %c\n", p[10]);
    p[P] = 'q';
    pwrite(fd, "yy", 2, P);
    printf("own: %c%c\n", p[P], p[P + 1]);
    ftruncate(fd, 4 * P);
    printf("longer: %d\n", p[3 * P]);
    pwrite(fd, "ext", 3, 3 * P);
    printf("%.3s\n", p + 3 * P);
    ftruncate(fd, P);
    ftruncate(fd, 2 * P);
    printf("shorter: %d %d\n", p[P], p[P + 1]);
    fflush(stdout);
    if (fork() == 0)
        _exit(pwrite(fd, "child", 5, 20) != 5);
    wait(NULL);
    printf("%.5s\n", p + 20);
    munmap(p, 4 * P);
}

static void moved(int fd, int how)
{
    char *p = mmap(0, P, PROT_READ, how, fd, 0);
    printf("%c\n", p[0]);
    p = mremap(p, P, 2 * P, MREMAP_MAYMOVE);
    printf("grown: %c %c\n", p[0], p[P]);
    char *q = mmap(0, 3 * P, PROT_READ | PROT_WRITE, how, fd, P);
    q[0] = 'Q';
    printf("%c %c\n", p[P], q[0]);
    munmap(q, 3 * P);
    munmap(p, 2 * P);
    int in = open("file", O_RDONLY), out = open("file", O_WRONLY);
    p = mmap(0, 2 * P, PROT_READ, how, in, 0);
    write(out, "www", 3);
    printf("%.4s\n", p);
    lseek(out, P, SEEK_SET);
    write(out, "xxx", 3);
    printf("%.4s\n", p + P);
}

int main(void)
{
    char page[P];
    int fd = open("file", O_RDWR | O_CREAT | O_TRUNC, 0600);
    for (int i = 0; i < 2; i++) {
        memset(page, 'a' + i, P);
        write(fd, page, P);
    }
    written(fd);
    pwrite(fd, page, P, P);
    moved(fd, MAP_SHARED);
    moved(fd, MAP_PRIVATE);
    return 0;
}
