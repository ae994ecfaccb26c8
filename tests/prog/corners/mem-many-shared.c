/* Shared memory made and thrown away, and processes that have some, more often than one may have descriptors. */
#define _GNU_SOURCE
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    long sum = 0;
    int *kept = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    for (int i = 0; i < 1500; i++) {
        int *p = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        if (p == MAP_FAILED)
            return 1;
        p[1024] = i;
        kept[i % 1000] += i;
        sum += p[1024] + p[0];
        munmap(p, 8192);
    }
    for (int i = 0; i < 1200; i++) {
        if (fork() == 0) {
            kept[1] = i;
            _exit(0);
        }
        wait(NULL);
    }
    unsigned char resident[64];
    char *fresh = mmap(NULL, sizeof resident << 12, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    int pages = 0;
    fresh[5 << 12] = 1;
    mincore(fresh, sizeof resident << 12, resident);
    for (unsigned i = 0; i < sizeof resident; i++)
        pages += resident[i] & 1;
    printf("%d\n", pages);
    printf("%ld %d %d\n", sum, kept[1], kept[499]);
    return 0;
}
