// a mapped file is shortened by truncate and by O_TRUNC, and grows again: zeroes where it was something
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
static char *m, *q;
static void fill(int fd) { char b[8192]; memset(b, 'a', 8192); pwrite(fd, b, 8192, 0); q = mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0); }
int main(void)
{
    int fd = open("f", O_RDWR | O_CREAT, 0600);
    fill(fd);
    m = mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    printf("%d %d\n", m[100], q[5000]);
    truncate("f", 50), truncate("f", 8192);
    printf("%d %d %d %d\n", m[49], m[100], m[5000], q[5000]);
    fill(fd);
    printf("%d %d\n", m[100], q[100]);
    close(open("f", O_RDWR | O_TRUNC)), ftruncate(fd, 8192);
    printf("%d %d %d\n", m[0], m[5000], q[100]);
    fill(fd);
    if (!fork()) { close(creat("f", 0600)); truncate("f", 8192); m[200] = 'c'; _exit(0); }
    wait(0);
    printf("%d %d %d %d\n", m[0], m[200], m[5000], q[100]);
    fill(fd);
    close(openat(AT_FDCWD, "f", O_WRONLY | O_TRUNC));
    truncate("f", 4096 + 10), truncate("f", 8192);
    printf("%d %d %d\n", m[0], m[4096], q[7000]);
}
