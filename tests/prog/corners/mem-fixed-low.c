// memory at fixed places, all over the lower 2 GB
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
int main(void)
{
    for (unsigned long at = 0x20000000; at < 0x80000000ul; at += 0x1000000) {
        char *p = mmap((void *)at, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
        if (p != (char *)at) continue; /* recorded: one of them cannot be had */
        p[0] = at >> 24, p[5000] = 1;
    }
    int sum = 0;
    for (unsigned long at = 0x20000000; at < 0x80000000ul; at += 0x1000000) if (at != 0x70000000) sum += *(unsigned char *)at + ((char *)at)[5000];
    printf("%d\n", sum);
    if (!fork()) { *(char *)0x71000000 = 9; _exit(*(char *)0x71000000); }
    int st;
    wait(&st);
    printf("%d\n", WEXITSTATUS(st));
    char *p = mmap((void *)0x60000000, 0x8000000, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_NORESERVE, -1, 0);
    for (unsigned long i = 0; i < 0x8000000; i += 0x800000) sum += p[i], p[i] = 1;
    printf("%d\n", sum);
    munmap(p, 0x18000000);
    if (!fork()) _exit(7);
    wait(&st);
    printf("%d\n", WEXITSTATUS(st));
}
