// a fault in a thread: handled on its own alternate stack; then one that kills all
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
static __thread sigjmp_buf j;
static void h(int s) { siglongjmp(j, 1); }
static int deep(int n) { volatile char b[2000]; b[0] = n; return deep(n + 1) + b[0]; }
static void *f(void *a)
{
    stack_t st = {.ss_sp = malloc(32768), .ss_size = 32768};
    sigaltstack(&st, 0);
    if (!sigsetjmp(j, 1)) deep(0);
    return (void *)7;
}
static void *g(void *a) { *(volatile int *)0 = 1; return 0; }
int main(void)
{
    pthread_t t[3];
    void *r;
    struct sigaction a = {.sa_handler = h, .sa_flags = SA_ONSTACK};
    sigaction(SIGSEGV, &a, 0);
    for (int i = 0; i < 3; i++) pthread_create(&t[i], 0, f, 0);
    for (int i = 0; i < 3; i++) pthread_join(t[i], &r), printf("%ld\n", (long)r);
    fflush(stdout);
    signal(SIGSEGV, SIG_DFL);
    pthread_create(&t[0], 0, g, 0);
    for (;;) pause();
}
