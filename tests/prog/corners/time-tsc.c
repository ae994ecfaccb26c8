// varies: rdtsc, rdtscp, cpuid, rdpid
#include <cpuid.h>
#include <stdio.h>
#include <x86intrin.h>
int main(void)
{
    unsigned a, b, c, d, aux;
    unsigned long long x = __rdtsc(), y = __rdtscp(&aux);
    printf("%llu %llu %d\n", x, y - x, y > x);
    for (unsigned l = 0; l < 8; l++) { __cpuid_count(l, 0, a, b, c, d); printf("%u: %x %x %x %x\n", l, a, b, c, d); }
    __cpuid(1, a, b, c, d);
    printf("%d %d\n", __builtin_cpu_supports("avx2"), __builtin_cpu_supports("sse4.2"));
}
