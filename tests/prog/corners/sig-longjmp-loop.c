// varies: siglongjmp out of a handler, from loops that would never end; what each had counted
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <sys/time.h>
static sigjmp_buf j;
static volatile unsigned long c;
static void h(int s) { siglongjmp(j, 1); }
int main(void)
{
    struct itimerval t = {{0, 0}, {0, 4000}};
    volatile int k = 0;
    signal(SIGALRM, h);
    sigsetjmp(j, 1);
    if (k) printf("%d %lu\n", k, c);
    if (++k > 12) return 0;
    c = 0;
    setitimer(ITIMER_REAL, &t, 0);
    switch (k % 4) {
    case 0: for (;;) c++;
    case 1: for (;;) ;
    case 2: for (;;) c = c * 3 + 1;
    case 3: for (;;) for (volatile int i = 0; i < 100; i++) c += i;
    }
}
