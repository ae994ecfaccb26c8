// a tile of the AMX unit, where there is one: the process must ask for it; held across signals into a loop
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>
static volatile int hits;
static void h(int s) { hits++; }
static unsigned char config[64] __attribute__((aligned(64)));
static char a[1024], b[1024];
__attribute__((target("amx-tile"))) int main(void)
{
    struct itimerval v = {{0, 3000}, {0, 3000}};
    int bad = 0;
    if (syscall(SYS_arch_prctl, 0x1023, 18)) return puts("none") < 0;
    config[0] = 1;   /* palette */
    config[16] = 64; /* bytes a row */
    config[48] = 16; /* rows */
    for (int i = 0; i < 1024; i++) a[i] = i * 7;
    asm volatile("ldtilecfg (%0)" :: "r"(config));
    signal(SIGALRM, h);
    setitimer(ITIMER_REAL, &v, 0);
    while (hits < 3) {
        asm volatile("tileloadd (%0,%2,1), %%tmm0; mov $200000, %%rcx; 1: dec %%rcx; jnz 1b; tilestored %%tmm0, (%1,%2,1)"
                     :: "r"(a), "r"(b), "r"(64L) : "rcx", "memory", "cc");
        bad += memcmp(a, b, 1024) != 0;
    }
    asm volatile("tilerelease");
    printf("%d\n", bad);
}
