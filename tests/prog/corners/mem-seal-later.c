// a memfd that was mapped, shared with a child and unmapped again can be sealed against writing
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
int main(void)
{
    int fd = memfd_create("m", MFD_ALLOW_SEALING);
    ftruncate(fd, 16384);
    char *p = mmap(0, 16384, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    printf("%d\n", fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE));
    if (!fork()) { p[1] = 2; _exit(0); }
    wait(0);
    printf("%d\n", p[1]);
    munmap(p, 16384);
    printf("%d %x\n", fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK), fcntl(fd, F_GET_SEALS));
    p = mmap(0, 16384, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    printf("%d\n", p == MAP_FAILED);
    p = mmap(0, 16384, PROT_READ, MAP_SHARED, fd, 0);
    printf("%d %d\n", p == MAP_FAILED, p == MAP_FAILED ? 0 : p[1]);
    p = mmap(0, 16384, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
    p[1]++;
    printf("%d %zd\n", p[1], pwrite(fd, "x", 1, 0));
}
