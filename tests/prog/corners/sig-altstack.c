// stack overflow handled on the alternate stack
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
static sigjmp_buf back;
static char *low, *high;
static void h(int s)
{
    char here;
    printf("%d %d\n", s, &here >= low && &here < high);
    siglongjmp(back, 1);
}
static int deep(int n) { volatile char b[4096]; b[0] = n; return deep(n + 1) + b[0]; }
int main(void)
{
    stack_t st = {.ss_size = 65536, .ss_sp = low = malloc(65536)}, old;
    high = low + 65536;
    sigaltstack(&st, 0);
    struct sigaction a = {.sa_handler = h, .sa_flags = SA_ONSTACK};
    sigaction(SIGSEGV, &a, 0);
    for (int i = 0; i < 2; i++)
        if (!sigsetjmp(back, 1))
            printf("%d\n", deep(0));
    sigaltstack(0, &old);
    printf("%d %zu\n", old.ss_flags, old.ss_size);
}
