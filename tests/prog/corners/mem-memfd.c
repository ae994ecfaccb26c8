// memfd_create with seals, shared and private mappings, ftruncate
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
int main(void)
{
    char b[32] = "";
    int fd = memfd_create("corner", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    char *p = mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    ftruncate(fd, 8192);
    pwrite(fd, "from write", 10, 0);
    printf("%s\n", p);
    strcpy(p + 4096, "from memory");
    pread(fd, b, 20, 4096);
    printf("%s\n", b);
    char *q = mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    strcpy(q, "alias");
    printf("%s\n", p);
    strcpy(p + 100, "back");
    printf("%s\n", q + 100);
    char *c = mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
    strcpy(c, "copy");
    printf("%s %s\n", p, c + 100);
    munmap(p, 8192), munmap(q, 8192);
    printf("%d\n", fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_WRITE));
    printf("%d", (int)write(fd, "x", 1)), printf(" %d %d\n", errno == EPERM, fcntl(fd, F_GET_SEALS));
}
