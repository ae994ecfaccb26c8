// string instructions over megabytes, which signals interrupt midway; backwards; into a page that is repaired
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
static volatile int n;
static char *to, *from;
enum { N = 8 << 20 };
static void h(int s) { n++; }
static void seg(int s, siginfo_t *i, void *u) { mprotect((void *)((long)i->si_addr & ~4095l), 4096, PROT_READ | PROT_WRITE); n++; }
int main(void)
{
    struct sigaction a = {.sa_sigaction = seg, .sa_flags = SA_SIGINFO};
    to = mmap(0, N, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), from = mmap(0, N, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (int i = 0; i < N; i++) from[i] = i * 31 >> 3;
    signal(SIGALRM, h);
    setitimer(ITIMER_REAL, &(struct itimerval){{0, 1500}, {0, 1500}}, 0);
    int bad = 0;
    for (int k = 0; n < 8 && k < 2000; k++) {
        char *d = to, *s = from;
        long c = N;
        asm volatile("rep movsb" : "+D"(d), "+S"(s), "+c"(c) : : "memory");
        bad += d != to + N || c;
    }
    setitimer(ITIMER_REAL, &(struct itimerval){{0}}, 0);
    printf("%d %d\n", bad, memcmp(to, from, N));
    sigaction(SIGSEGV, &a, 0);
    n = 0;
    mprotect(to + 8192, 12288, PROT_NONE);
    char *d = to + 65535, *s = from + 65535;
    long c = 65536;
    asm volatile("std; rep movsb; cld" : "+D"(d), "+S"(s), "+c"(c) : : "memory");
    printf("%d %d\n", n, memcmp(to, from, 65536));
    c = 1 << 20, d = to;
    asm volatile("repne scasb" : "+D"(d), "+c"(c) : "a"(77) : "memory", "cc");
    printf("%d\n", (int)(d - to));
}
