/* minute.c - a long recording to go back in: for a minute (or argv[1] seconds) it computes, makes a dozen
 * syscalls, and computes again; `mark` is called once, a second before the end. With argv[2] it sleeps, besides,
 * that many microseconds each time, as programs do that wait for something. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

volatile unsigned long sum, calls;

__attribute__((noinline)) void mark(void) { calls++; }

__attribute__((noinline)) unsigned long compute(unsigned long n)
{
    static unsigned table[4096];
    for (unsigned i = 0; i < 500000; i++) {
        n = n * 6364136223846793005 + 1442695040888963407;
        table[n >> 52] += n;
    }
    return table[n >> 52];
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

__attribute__((noinline)) void finish(void) { sum ^= calls; }

__attribute__((noinline)) void last_second(double end, int wait)
{
    mark();
    while (now() < end) {
        sum += compute(sum);
        for (int i = 0; i < 10; i++) sum += getppid();
        if (wait) usleep(wait);
    }
}

int main(int argc, char **argv)
{
    double end = now() + (argc > 1 ? atof(argv[1]) : 60);
    int wait = argc > 2 ? atoi(argv[2]) : 0;
    while (now() < end - 1) {
        sum += compute(sum);
        for (int i = 0; i < 10; i++) sum += getppid();
        if (wait) usleep(wait);
    }
    last_second(end, wait);
    finish();
    printf("%lu\n", sum);
    return 0;
}
