// code that writes over itself, across pages, in two mappings of one memory, and is read in by read()
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
typedef int (*fn)(void);
int main(void)
{
    unsigned char mov[] = {0xb8, 1, 0, 0, 0, 0xc3};
    int fd = memfd_create("jit", 0), p[2];
    ftruncate(fd, 8192);
    unsigned char *w = mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0), *x = mmap(0, 8192, PROT_READ | PROT_EXEC, MAP_SHARED, fd, 0);
    int sum = 0;
    for (int i = 0; i < 200; i++) {
        mov[1] = i;
        memcpy(w + 4093, mov, 6);
        sum += ((fn)(x + 4093))();
    }
    printf("%d\n", sum);
    unsigned char *r = mmap(0, 8192, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    pipe(p);
    for (int i = 0; i < 50; i++) {
        mov[2] = i;
        write(p[1], mov, 6), read(p[0], r + 4094, 6);
        sum += ((fn)(r + 4094))();
    }
    printf("%d\n", sum);
    /* movb $9, 1(%rip): over the next instruction's constant */
    unsigned char self[] = {0xc6, 0x05, 1, 0, 0, 0, 9, 0xb8, 1, 0, 0, 0, 0xc3};
    memcpy(r, self, sizeof self);
    printf("%d %d\n", ((fn)r)(), ((fn)r)());
    unsigned char sysc[] = {0xb8, 39, 0, 0, 0, 0x0f, 0x05, 0xc3};
    for (int k = 4085; k < 4096; k++) {
        memcpy(r + k, sysc, 8);
        if (((fn)(r + k))() != getpid()) puts("bad");
    }
    puts("end");
}
