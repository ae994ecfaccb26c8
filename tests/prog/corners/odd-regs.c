// what a syscall leaves in the registers: rcx and r11 are the kernel's, all others stay
#include <stdio.h>
#include <sys/syscall.h>
int main(void)
{
    for (int i = 0; i < 3; i++) {
        unsigned long rax = SYS_getppid, rcx, r11, rip, rdi = 1, rsi = 2, rdx = 3, flags;
        register unsigned long r10 asm("r10") = 4, r8 asm("r8") = 5, r9 asm("r9") = 6, r11r asm("r11") = 7;
        if (i == 1) rax = 100000;
        asm volatile("std; pushf; pop %[f]; lea 1f(%%rip), %[rip]; mov $77, %%ecx; syscall; 1: pushf; cld; pop %[f2]; "
                     : "+a"(rax), "=c"(rcx), [f] "=&r"(flags), [rip] "=&r"(rip), [f2] "=&r"(rsi), "+D"(rdi), "+d"(rdx),
                       "+r"(r10), "+r"(r8), "+r"(r9), "+r"(r11r) : : "memory", "cc");
        r11 = r11r;
        printf("%d %d %lx %lx %d %lu %lu %lu %lu %lu\n", rcx == rip, r11 == flags, flags & 0xcd5, rsi & 0xcd5,
               i == 1 ? (int)rax : 0, rdi, rdx, r10, r8, r9);
    }
}
