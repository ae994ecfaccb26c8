/* A function called very often, from two places; the last argument of interest is far from either end. */
#include <stdio.h>

static long sum;
__attribute__((noinline)) void visit(long i)
{
    sum += i;
}

__attribute__((noinline)) void finish(long n)
{
    printf("%ld %ld\n", n, sum);
}

int main(void)
{
    for (long i = 0; i < 30000; i++)
        visit(i);
    puts("half"); /* an event in between */
    fflush(stdout);
    for (long i = 0; i < 30000; i++)
        visit(-i);
    finish(30000);
    return 0;
}
