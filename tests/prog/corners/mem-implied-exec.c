// the personality READ_IMPLIES_EXEC: whatever can be read can be executed
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <unistd.h>
int main(void)
{
    char code[] = "\xb8\x2a\0\0\0\xc3";
    printf("%d\n", personality(READ_IMPLIES_EXEC) >= 0);
    char *p = mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    memcpy(p, code, 6);
    printf("%d\n", ((int (*)(void))p)());
    code[1] = 43;
    mprotect(p, 4096, PROT_READ | PROT_WRITE), memcpy(p, code, 6), mprotect(p, 4096, PROT_READ);
    printf("%d\n", ((int (*)(void))p)());
    char *s = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    memcpy(s, code, 6);
    printf("%d\n", ((int (*)(void))s)());
    char *b = sbrk(4096 * 64);
    memcpy(b + 4096 * 62, code, 6);
    printf("%d\n", ((int (*)(void))(b + 4096 * 62))());
    printf("%x\n", personality(0xffffffff) & READ_IMPLIES_EXEC);
}
