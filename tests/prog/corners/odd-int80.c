// refused in part: syscalls of the 32-bit kind, and of x32, from a 64-bit program
#include <errno.h>
#include <stdio.h>
#include <unistd.h>
int main(void)
{
    int r;
    asm volatile("int $0x80" : "=a"(r) : "a"(20) : "memory", "r8", "r9", "r10", "r11"); /* getpid */
    printf("%d\n", r == getpid());
    asm volatile("int $0x80" : "=a"(r) : "a"(4), "b"(1), "c"(0x1000), "d"(3) : "memory", "r8", "r9", "r10", "r11"); /* write */
    printf("%d\n", r);
    printf("%ld %d\n", syscall(0x40000000 | 39) == getpid(), errno == ENOSYS);
    printf("%ld\n", syscall(-1));
    printf("%ld %d\n", syscall(9999), errno == ENOSYS);
}
