// MAP_GROWSDOWN, and a deep stack
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
static int deep(int n) { char b[1000]; memset(b, n, 1000); return n ? deep(n - 1) + b[500] % 2 : 0; }
int main(void)
{
    char *p = mmap(0, 65536, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    munmap(p, 65536);
    p = mmap(p + 61440, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_GROWSDOWN | MAP_FIXED, -1, 0);
    p[0] = 1;
    for (int i = 1; i < 5; i++) p[-4096 * i] = i;
    printf("%d %d\n", p[-4096], p[-4096 * 4]);
    printf("%d\n", deep(5000));
}
