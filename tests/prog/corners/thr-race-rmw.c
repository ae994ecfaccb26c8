// varies: unlocked increments of all widths, of doubles, vectors and bit fields by three threads
#include <pthread.h>
#include <stdio.h>
#include <emmintrin.h>
static volatile unsigned char b; static volatile unsigned short w; static volatile unsigned long q;
static volatile double d; static volatile long double ld; static volatile float fl;
static volatile __m128i v;
static struct { unsigned x : 13, y : 19; } volatile bf;
static void *f(void *a)
{
    for (int i = 0; i < 60000; i++) {
        b++, w += 3, q += 5, d += 0.5, ld += 0.25L, fl += 1;
        v = _mm_add_epi32(v, _mm_set_epi32(1, 2, 3, 4));
        bf.x++, bf.y += 3;
    }
    return 0;
}
int main(void)
{
    pthread_t t[3];
    for (long i = 0; i < 3; i++) pthread_create(&t[i], 0, f, 0);
    for (int i = 0; i < 3; i++) pthread_join(t[i], 0);
    int o[4];
    _mm_storeu_si128((__m128i *)o, v);
    printf("%u %u %lu %f %Lf %f %d %d %d %d %u %u\n", b, w, q, d, ld, fl, o[0], o[1], o[2], o[3], bf.x, bf.y);
}
