// names for anonymous memory, mseal, MADV_POPULATE, MADV_COLD and PAGEOUT, and ends of ranges that are wrong
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>
int main(void)
{
    char *p = mmap(0, 65536, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    prctl(0x53564d41, 0, p, 65536, "mine");
    printf("%d\n", madvise(p, 65536, 23 /* POPULATE_WRITE */));
    p[0] = 1, p[4096] = 2;
    printf("%d %d %d\n", madvise(p, 8192, 20), madvise(p, 8192, 21), p[4096]);
    printf("%d %d\n", madvise(p + 1, 4096, MADV_DONTNEED), errno);
    printf("%d %d\n", madvise(p, 4096, 777), errno);
    munmap(p + 32768, 4096);
    printf("%d %d\n", madvise(p, 65536, MADV_DONTNEED), errno);
    printf("%d %d\n", p[0], p[4096]);
    p[8192] = 3;
    printf("%d %d\n", mprotect(p, 65536, PROT_READ), errno);
    printf("%d\n", p[8192]);
    printf("%d\n", mprotect(p, 8192, PROT_READ | PROT_WRITE));
    p[0] = 4;
    long r = syscall(462, p, 4096, 0); /* mseal */
    printf("%d\n", r == 0 ? munmap(p, 4096) : -1);
    printf("%d\n", r == 0 ? mprotect(p, 4096, PROT_NONE) : -1);
    printf("%d\n", r == 0 ? (int)(mmap(p, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED) : 1);
    printf("%d\n", p[0]);
}
