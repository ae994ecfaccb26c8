/* madvise(MADV_FREE), with its arguments in registers that are looked at afterwards. */
#include <stdio.h>
#include <sys/mman.h>
#include <sys/syscall.h>

int main(void)
{
    char *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    long result, advice = MADV_FREE;
    p[0] = 1;
    asm volatile("syscall" : "=a"(result), "+d"(advice) : "a"(SYS_madvise), "D"(p), "S"(4096L) : "rcx", "r11", "memory");
    printf("%ld %ld %d\n", result, advice, p[0]);
    return 0;
}
