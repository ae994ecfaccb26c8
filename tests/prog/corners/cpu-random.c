/* varies: what the processor draws by lot, in registers of all sizes, and which processor it is */
#include <cpuid.h>
#include <stdio.h>

int main(void)
{
    unsigned a, b = 0, c = 0, d;
    unsigned long long wide = 0, high = 0, kept = 0x1111222233334444, number;
    unsigned char ok = 0;
    __get_cpuid(1, &a, &b, &c, &d);
    if (c & bit_RDRND)
        for (int i = 0; i < 3; i++) {
            __asm__ volatile("rdrand %0; setc %1" : "=r"(wide), "=r"(ok) : : "cc");
            printf("%llx %d ", wide, ok);
            __asm__ volatile("rdrand %%r11; mov %%r11, %0" : "=r"(high) : : "r11", "cc");
            __asm__ volatile("rdrand %k0" : "=r"(wide) : : "cc");
            __asm__ volatile("rdrand %w0" : "+r"(kept) : : "cc");
            printf("%llx %llx %llx\n", high, wide, kept);
        }
    if (__get_cpuid_count(7, 0, &a, &b, &c, &d) && b & bit_RDSEED) {
        __asm__ volatile("rdseed %0; setc %1" : "=r"(wide), "=r"(ok) : : "cc");
        printf("%llx %d\n", wide, ok);
    }
    if (c & 1 << 22) { /* RDPID */
        __asm__ volatile("rdpid %0" : "=r"(number));
        printf("%llu\n", number);
    }
    return 0;
}
