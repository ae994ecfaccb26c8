// varies: a handler prints the xmm, x87 and control registers of floating point loops
#define _GNU_SOURCE
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <ucontext.h>
static volatile int n;
static struct _libc_fpstate st[9];
static void h(int s, siginfo_t *i, void *v) { ucontext_t *u = v; if (n < 9) st[n] = *u->uc_mcontext.fpregs; n++; }
int main(void)
{
    struct sigaction a = {.sa_sigaction = h, .sa_flags = SA_SIGINFO};
    struct itimerval t = {{0, 6000}, {0, 6000}};
    sigaction(SIGALRM, &a, 0);
    setitimer(ITIMER_REAL, &t, 0);
    double d = 0.5; float f = 1; long double l = 1;
    while (n < 3) d = d * 3.7 * (1 - d), f = f * 1.01f > 100 ? 1 : f * 1.01f;
    while (n < 6) l = l * 1.0000001L, l = l > 1e10L ? 1 / l : l;
    while (n < 9) { long double y; __asm__ volatile("fsincos; faddp" : "=t"(y) : "0"(l)); l = y * 0.7L; }
    for (int k = 0; k < 9; k++) {
        printf("%x %x %x %x|", st[k].cwd, st[k].swd, st[k].ftw, st[k].mxcsr);
        for (int j = 0; j < 8; j++) for (int i = 0; i < 4; i++) printf(" %x", st[k]._st[j].significand[i]);
        for (int j = 0; j < 16; j++) for (int i = 0; i < 4; i++) printf(" %x", st[k]._xmm[j].element[i]);
        puts("");
    }
    printf("%.17g %g %.20Lg\n", d, f, l);
}
