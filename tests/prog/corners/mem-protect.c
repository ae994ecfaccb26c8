// mprotect in all ways, code written and executed
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
static sigjmp_buf j;
static void h(int s) { siglongjmp(j, 1); }
int main(void)
{
    unsigned char code[] = {0xb8, 1, 0, 0, 0, 0xc3}; /* mov eax,1; ret */
    signal(SIGSEGV, h);
    unsigned char *p = mmap(0, 12288, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    memcpy(p, code, 6);
    mprotect(p, 4096, PROT_READ | PROT_EXEC);
    printf("%d\n", ((int (*)(void))p)());
    if (!sigsetjmp(j, 1)) p[1] = 2; else puts("not writable");
    mprotect(p, 4096, PROT_READ | PROT_WRITE | PROT_EXEC);
    for (int i = 2; i < 6; i++) { p[1] = i; printf("%d\n", ((int (*)(void))p)()); }
    mprotect(p, 12288, PROT_NONE);
    if (!sigsetjmp(j, 1)) printf("%d\n", p[5000]); else puts("not readable");
    mprotect(p + 4096, 4096, PROT_READ | PROT_WRITE);
    p[5000] = 8;
    if (!sigsetjmp(j, 1)) ((int (*)(void))(p + 4096))(); else puts("not executable");
    printf("%d %d\n", p[5000], mprotect(p + 1, 1, PROT_READ));
}
