/* second.c - a second without a syscall, in which step() is come to a million times. `one_byte` is an
 * instruction of one byte, too short for a probe. */
#include <stdio.h>

volatile unsigned long sum;

__attribute__((noinline)) void step(unsigned long i) { sum += i % 7; }

void bare(unsigned long i);
__asm__(".globl bare, one_byte\n.type bare, @function\n.type one_byte, @function\nbare: nop\none_byte: ret\n");

__attribute__((noinline)) void finish(void) { sum ^= 1; }

__attribute__((noinline)) unsigned long loop(unsigned long n)
{
    for (unsigned long i = 0; i < 1000000; i++) {
        for (int k = 0; k < 600; k++) n = n * 6364136223846793005 + 1442695040888963407;
        step(i);
        bare(i);
    }
    finish();
    return n;
}

int main(void)
{
    sum = loop(1) & 1;
    printf("%lu\n", sum);
    return 0;
}
