// varies: one string instruction alone, of 40 ms and more, interrupted in the middle by an alarm that shortens it
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <ucontext.h>
static volatile int n;
static volatile long left[20];
static void h(int s, siginfo_t *i, void *v) { ucontext_t *u = v; if (n < 20) left[n++] = u->uc_mcontext.gregs[REG_RCX]; }
int main(void)
{
    enum { M = 64 << 20 };
    char *p = mmap(0, M, 3, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), *d = p;
    struct sigaction sa = {.sa_sigaction = h, .sa_flags = SA_SIGINFO};
    struct itimerval t = {{0, 0}, {0, 5000}};
    sigaction(SIGALRM, &sa, 0);
    setitimer(ITIMER_REAL, &t, 0);
    long c = M;
    __asm__ volatile("rep stosb" : "+D"(d), "+c"(c) : "a"(5) : "memory");
    setitimer(ITIMER_REAL, &t, 0);
    c = M, d = p;
    __asm__ volatile("repe scasb" : "+D"(d), "+c"(c) : "a"(5) : "memory", "cc");
    setitimer(ITIMER_REAL, &t, 0);
    c = M / 2, d = p; char *s = p + M / 2;
    __asm__ volatile("repe cmpsb" : "+D"(d), "+S"(s), "+c"(c) : : "memory", "cc");
    for (int i = 0; i < n; i++) printf("%ld\n", left[i]);
}
