// varies: a seqlock: retries of the readers, who never see a torn value
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
static atomic_uint seq;
static volatile long data[8];
static atomic_int stop;
static long retries[2], reads[2], torn;
static void *r(void *a)
{
    long k = (long)a;
    while (!stop) {
        unsigned s; long d[8];
        for (;;) {
            while ((s = seq) & 1) ;
            for (int i = 0; i < 8; i++) d[i] = data[i];
            if (seq == s) break;
            retries[k]++;
        }
        for (int i = 1; i < 8; i++) torn += d[i] != d[0] * (i + 1);
        reads[k]++;
    }
    return 0;
}
int main(void)
{
    pthread_t t[2];
    for (long i = 0; i < 2; i++) pthread_create(&t[i], 0, r, (void *)i);
    for (long n = 0; n < 200000; n++) { seq++; for (int i = 0; i < 8; i++) data[i] = n * (i + 1); seq++; }
    stop = 1;
    for (int i = 0; i < 2; i++) pthread_join(t[i], 0);
    printf("%ld %ld %ld %ld torn %ld\n", reads[0], reads[1], retries[0], retries[1], torn);
}
