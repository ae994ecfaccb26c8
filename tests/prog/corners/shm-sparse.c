/* Much shared memory of which little is used, by two processes that take turns. */
#define _GNU_SOURCE
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SIZE = 200 << 20, TURNS = 200 };

int main(void)
{
    int there[2], back[2];
    char byte = 0;
    char *p = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    long sum = 0;
    pipe(there);
    pipe(back);
    if (fork() == 0) {
        for (int i = 0; i < TURNS && read(there[0], &byte, 1) == 1; i++) {
            p[(i * 7919L << 12) % SIZE] += i;
            write(back[1], "", 1);
        }
        _exit(0);
    }
    for (int i = 0; i < TURNS; i++) {
        p[(i * 104729L << 12) % SIZE]++;
        write(there[1], "", 1);
        read(back[0], &byte, 1);
        sum += p[(i * 7919L << 12) % SIZE];
    }
    wait(NULL);
    madvise(p, SIZE, MADV_REMOVE);
    for (long i = 0; i < SIZE; i += 4096 * 97)
        sum += p[i];
    printf("%ld\n", sum);
    return 0;
}
