// one memfd mapped twice in a row: a ring buffer whose end runs into its beginning
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
int main(void)
{
    int fd = memfd_create("ring", 0);
    ftruncate(fd, 4096);
    char *r = mmap(0, 8192, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    mmap(r, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd, 0);
    mmap(r + 4096, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd, 0);
    unsigned at = 4000;
    for (int i = 0; i < 20; i++) {
        int n = sprintf(r + at, "item number %d;", i);
        at = (at + n) % 4096;
    }
    printf("%.96s|%.50s\n", r + 4000, r);
}
