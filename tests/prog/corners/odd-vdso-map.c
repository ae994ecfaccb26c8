// varies (refused while recorded): the kernel's own library is unmapped and mapped again elsewhere, as by a restorer of checkpoints
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>
int main(void)
{
    char line[600];
    unsigned long a[8], b[8], at = 0x600000000ul;
    int n = 0;
    FILE *f = fopen("/proc/self/maps", "r");
    while (fgets(line, sizeof line, f) && n < 8)
        if (strstr(line, "[v") && !strstr(line, "[vsyscall]")) sscanf(line, "%lx-%lx", a + n, b + n), n++;
    while (n--) munmap((void *)a[n], b[n] - a[n]);
    long size = syscall(SYS_arch_prctl, 0x2003 /* ARCH_MAP_VDSO_64 */, at);
    printf("%d\n", size > 0);
    f = fopen("/proc/self/maps", "r");
    while (fgets(line, sizeof line, f))
        if (strstr(line, "[vdso]")) sscanf(line, "%lx", &at), printf("%d\n", !memcmp((char *)at, "\177ELF", 4));
}
