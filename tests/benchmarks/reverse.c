/* reverse.c - a program to go back in: calls, memory, a loop; some 140,000 instructions after
 * `begin`, which is what gdb's own `record full` can keep (200,000). */
#include <stdio.h>

volatile unsigned long sum, calls;

__attribute__((noinline)) void begin(void) { calls = 0; }

__attribute__((noinline)) unsigned long step(unsigned long i)
{
    calls++;
    return i * 2654435761u % 97;
}

__attribute__((noinline)) void finish(void) { sum ^= calls; }

int main(void)
{
    begin();
    for (unsigned long i = 0; i < 5000; i++)
        sum += step(i);
    finish();
    printf("%lu\n", sum);
    return 0;
}
