// kinds of mmap: anonymous, file private and shared, fixed, stack, populate, noreserve, at an offset
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
int main(void)
{
    int fd = open("f", O_RDWR | O_CREAT | O_TRUNC, 0600);
    char b[32] = "";
    for (int i = 0; i < 3000; i++) write(fd, "0123456789", 10);
    char *p = mmap(0, 30000, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
    char *s = mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 4096);
    printf("%.10s %.10s\n", p, s);
    strcpy(p, "private");
    strcpy(s, "shared");
    pread(fd, b, 10, 0), printf("%.10s\n", b);
    pread(fd, b, 10, 4096), printf("%.10s\n", b);
    char *a = mmap(0, 65536, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE | MAP_NORESERVE, -1, 0);
    char *f = mmap(a + 8192, 4096, PROT_READ, MAP_PRIVATE | MAP_FIXED, fd, 8192);
    printf("%d %.5s %d\n", f == a + 8192, f, a[4096]);
    printf("%d\n", mmap(a, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0) == MAP_FAILED);
    char *l = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
    printf("%d\n", (unsigned long)l < 1ul << 32);
    printf("%d %d\n", munmap(a + 4096, 4096), munmap(p, 30000));
    a[8192 * 3] = 5;
    printf("%d %d\n", a[8192 * 3], msync(s, 8192, MS_SYNC));
}
