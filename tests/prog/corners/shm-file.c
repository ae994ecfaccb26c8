// two processes map the same file at different times and places; one extends it, one writes with write()
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
int main(void)
{
    int p[2], q[2], fd = open("f", O_RDWR | O_CREAT | O_TRUNC, 0600);
    char c;
    pipe(p), pipe(q);
    ftruncate(fd, 4096);
    char *m = mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    strcpy(m, "from parent");
    fflush(stdout);
    if (!fork()) {
        munmap(m, 8192);
        int g = open("f", O_RDWR);
        ftruncate(g, 8192);
        char *n = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, g, 4096);
        strcpy(n, "from child");
        pwrite(g, "CHILD", 5, 100);
        write(q[1], "x", 1);
        read(p[0], &c, 1);
        printf("child sees %s\n", n + 100);
        fflush(stdout);
        _exit(0);
    }
    read(q[0], &c, 1);
    printf("%s %s %s\n", m, m + 100, m + 4096);
    fflush(stdout);
    strcpy(m + 4196, "parent again");
    write(p[1], "x", 1);
    wait(0);
}
