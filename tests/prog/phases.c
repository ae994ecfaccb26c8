/* Now it makes syscalls, now it computes, for long, so what it did last says little about what it does next. */
#include <stdio.h>
#include <unistd.h>

volatile unsigned long sum, calls;

__attribute__((noinline)) unsigned long compute(unsigned long n)
{
    static unsigned table[256];
    for (unsigned i = 0; i < 150000; i++) {
        n = n * 6364136223846793005 + 1442695040888963407;
        table[n >> 56] += n;
    }
    return table[n >> 56];
}

__attribute__((noinline)) void phase(unsigned long n)
{
    for (int i = 0; i < 10; i++)
        sum += getppid() > 0;
    sum += compute(n) % 3;
    calls++;
}

int main(void)
{
    for (int i = 0; i < 60; i++)
        phase(i);
    printf("%lu\n", sum);
    return 0;
}
