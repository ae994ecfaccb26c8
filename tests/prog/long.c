/* Computes for some time without a syscall; n says how far it is. (The loop is long enough for two breakpoints
 * not to be among the bytes that one displaces.) */
#include <stdio.h>
#include <unistd.h>

volatile long n, sum, other[16];

__attribute__((noinline, aligned(64))) void visit(long i) { sum += i & 7; }

__attribute__((aligned(64))) int main(void)
{
    getppid();
    while (n < 20000000) {
        n++;
        other[0] += n, other[1] += n, other[2] += n, other[3] += n, other[4] += n, other[5] += n, other[6] += n;
        other[7] += n, other[8] += n, other[9] += n, other[10] += n, other[11] += n, other[12] += n, other[13] += n;
        if (!(n & 0xffff)) visit(n);
    }
    getppid();
    printf("%ld\n", sum);
    return 0;
}
