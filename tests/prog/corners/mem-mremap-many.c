// mremap of a range that is many mappings, of shared memory with size 0, onto itself, beyond a file's end
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
int main(void)
{
    char *p = mmap(0, 65536, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), *t = mmap(0, 65536, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (int i = 0; i < 16; i++) p[i * 4096] = i;
    mprotect(p + 8192, 4096, PROT_READ), mprotect(p + 16384, 4096, PROT_NONE);
    munmap(p + 40960, 4096);
    char *m = mremap(p, 65536, 65536, MREMAP_MAYMOVE | MREMAP_FIXED, t);
    if (m == MAP_FAILED) m = mremap(p, 8192, 8192, MREMAP_MAYMOVE | MREMAP_FIXED, t);
    printf("%d %d\n", m == t, m[4096]);
    if (m == t) m[0] = 77, printf("%d\n", m[0]);
    int fd = memfd_create("s", 0);
    ftruncate(fd, 8192);
    char *s = mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    s[4096] = 9;
    char *s2 = mremap(s, 0, 8192, MREMAP_MAYMOVE);
    printf("%d %d\n", s2 != s, s2[4096]);
    s2[1] = 8;
    printf("%d\n", s[1]);
    s = mremap(s, 8192, 16384, MREMAP_MAYMOVE);
    ftruncate(fd, 16384);
    s[12288] = 5;
    char c;
    printf("%zd %d\n", pread(fd, &c, 1, 12288), c);
    printf("%d\n", mremap(s, 16384, 4096, 0) == s);
    printf("%d %d\n", mremap(s + 1, 4096, 4096, 0) == MAP_FAILED, errno);
    printf("%d %d\n", mremap(s, 4096, 4096, MREMAP_FIXED, t) == MAP_FAILED, errno);
}
