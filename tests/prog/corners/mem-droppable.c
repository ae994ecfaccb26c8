// MAP_DROPPABLE, MAP_LOCKED, MAP_HUGETLB if there are any, MAP_NONBLOCK: newer and older flags
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
int main(void)
{
    static const int flags[] = {8 /* MAP_DROPPABLE */, MAP_PRIVATE | MAP_LOCKED, MAP_PRIVATE | MAP_POPULATE | MAP_NONBLOCK,
                                MAP_PRIVATE | 0x4000000, MAP_SHARED | MAP_NORESERVE, MAP_PRIVATE | MAP_DENYWRITE | MAP_EXECUTABLE};
    for (int i = 0; i < 6; i++) {
        char *p = mmap(0, 65536, PROT_READ | PROT_WRITE, flags[i] | MAP_ANONYMOUS, -1, 0);
        if (p == MAP_FAILED) { printf("%d none\n", i == 0 ? 1 : -i); continue; }
        for (int k = 0; k < 65536; k += 4096) p[k] = k / 4096;
        int sum = 0, st;
        if (!fork()) { p[1] = 5; _exit(p[4096 * 7]); }
        wait(&st);
        for (int k = 0; k < 65536; k += 4096) sum += p[k];
        printf("%d %d %d\n", i == 0 ? 1 : sum, i == 0 ? 0 : WEXITSTATUS(st), i ? p[1] : 0);
    }
}
