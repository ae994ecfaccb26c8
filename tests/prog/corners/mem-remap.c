// mremap: grow in place, move, shrink, FIXED, DONTUNMAP
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
int main(void)
{
    int f = PROT_READ | PROT_WRITE, m = MAP_PRIVATE | MAP_ANONYMOUS;
    char *p = mmap(0, 16384, f, m, -1, 0);
    strcpy(p, "hello"), strcpy(p + 12288, "end");
    char *q = mremap(p, 16384, 1 << 20, MREMAP_MAYMOVE);
    printf("%s %s %d\n", q, q + 12288, q[500000]);
    q[500000] = 'x';
    q = mremap(q, 1 << 20, 8192, 0);
    printf("%s\n", q);
    char *t = mmap(0, 65536, f, m, -1, 0);
    strcpy(t + 8192, "target");
    q = mremap(q, 8192, 8192, MREMAP_MAYMOVE | MREMAP_FIXED, t + 8192);
    printf("%d %s\n", q == t + 8192, q);
    char *d = mremap(t, 8192 * 2, 8192 * 2, MREMAP_MAYMOVE | MREMAP_DONTUNMAP);
    printf("%d", d != MAP_FAILED), printf(" %d\n", d == MAP_FAILED ? errno : 0);
    if (d != MAP_FAILED) printf("%s [%s]\n", d + 8192, t + 8192);
    p = mmap(0, 4096 * 3, f, m, -1, 0);
    munmap(p + 8192, 4096);
    p[4096] = 7;
    p = mremap(p, 8192, 12288, 0);
    printf("%d\n", p != MAP_FAILED);
    printf("%d", mremap((void *)4096, 4096, 8192, MREMAP_MAYMOVE) == MAP_FAILED), printf(" %d\n", errno);
}
