// varies: AVX loops (if there are any here) interrupted; the upper halves as the frame has them
#define _GNU_SOURCE
#include <immintrin.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <ucontext.h>
static volatile int n;
static unsigned char hi[6][256];
static void h(int s, siginfo_t *i, void *v) { ucontext_t *u = v; if (n < 6) memcpy(hi[n], (char *)u->uc_mcontext.fpregs + 576, 256); n++; }
__attribute__((target("avx2"))) static void loop(void)
{
    __m256i a = _mm256_set_epi64x(1, 2, 3, 4), b = _mm256_set1_epi32(1664525), c = _mm256_set1_epi32(1013904223);
    while (n < 6) a = _mm256_add_epi32(_mm256_mullo_epi32(a, b), c);
    unsigned o[8];
    _mm256_storeu_si256((__m256i *)o, a);
    for (int i = 0; i < 8; i++) printf("%x ", o[i]);
    puts("");
}
int main(void)
{
    struct sigaction a = {.sa_sigaction = h, .sa_flags = SA_SIGINFO};
    struct itimerval t = {{0, 6000}, {0, 6000}};
    if (!__builtin_cpu_supports("avx2")) return 0;
    sigaction(SIGALRM, &a, 0);
    setitimer(ITIMER_REAL, &t, 0);
    loop();
    for (int k = 0; k < 6; k++) { for (int i = 0; i < 256; i++) printf("%02x", hi[k][i]); puts(""); }
}
