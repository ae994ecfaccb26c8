// varies: string instructions (movsb, stosb, stosq, scasb, cmpsb, lodsb, backwards too) interrupted; rcx, rsi, rdi in the handler
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <ucontext.h>
enum { SIZE = 1 << 20 };
static char a[SIZE + 1], b[SIZE + 1];
static volatile int n;
static long r[70][3];
static void h(int s, siginfo_t *i, void *v)
{
    ucontext_t *u = v;
    if (n < 70) r[n][0] = u->uc_mcontext.gregs[REG_RCX], r[n][1] = u->uc_mcontext.gregs[REG_RSI] - (long)a, r[n][2] = u->uc_mcontext.gregs[REG_RDI] - (long)b;
    n++;
}
int main(void)
{
    struct sigaction sa = {.sa_sigaction = h, .sa_flags = SA_SIGINFO};
    struct itimerval t = {{0, 3000}, {0, 3000}};
    sigaction(SIGALRM, &sa, 0);
    setitimer(ITIMER_REAL, &t, 0);
    for (int k = 0; k < 7; k++)
        for (n = 0; n < 3;) {
            char *s = a, *d = b; long c = SIZE;
            switch (k) {
            case 0: __asm__ volatile("rep movsb" : "+S"(s), "+D"(d), "+c"(c) : : "memory"); break;
            case 1: __asm__ volatile("rep stosb" : "+D"(d), "+c"(c) : "a"(n) : "memory"); break;
            case 2: c /= 8; __asm__ volatile("rep stosq" : "+D"(d), "+c"(c) : "a"(n) : "memory"); break;
            case 3: __asm__ volatile("repne scasb" : "+D"(d), "+c"(c) : "a"(77) : "memory", "cc"); break;
            case 4: __asm__ volatile("cmp %0,%0; repe cmpsb" : "+S"(s), "+D"(d), "+c"(c) : : "memory", "cc"); break;
            case 5: __asm__ volatile("rep lodsb" : "+S"(s), "+c"(c) : : "memory", "rax"); break;
            case 6: s += SIZE - 1, d += SIZE - 1; __asm__ volatile("std; rep movsb; cld" : "+S"(s), "+D"(d), "+c"(c) : : "memory"); break;
            }
            if (n >= 3) for (int j = 0; j < 3; j++) printf("%d %ld %ld %ld\n", k, r[j][0], k == 1 || k == 2 || k == 3 ? 0 : r[j][1], k == 5 ? 0 : r[j][2]);
        }
}
