// siglongjmp out of handlers, many times, restoring the mask
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
static sigjmp_buf j;
static void h(int s) { siglongjmp(j, s); }
int main(void)
{
    sigset_t m;
    signal(SIGUSR1, h);
    signal(SIGSEGV, h);
    for (volatile int i = 0; i < 5; i++) {
        int s = sigsetjmp(j, 1);
        if (s) { printf("%d %d\n", i, s); continue; }
        if (i & 1) raise(SIGUSR1); else *(volatile int *)8 = 1;
    }
    sigprocmask(0, 0, &m);
    printf("%d\n", sigismember(&m, SIGUSR1));
}
