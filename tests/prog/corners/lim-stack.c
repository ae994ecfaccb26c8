/* The limit of the stack, lowered and raised while the program runs: how deep a recursion comes. */
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

static sigjmp_buf back;
static char spare[1 << 16];
static volatile int deep;

static void overflowed(int signo) { (void)signo; siglongjmp(back, 1); }

static int dig(int n)
{
    volatile char page[4096];
    page[0] = n;
    deep = n;
    return dig(n + 1) + page[0];
}

static void try(long kilobytes)
{
    struct rlimit limit = {kilobytes << 10, 0};
    struct rlimit old;
    getrlimit(RLIMIT_STACK, &old);
    limit.rlim_max = old.rlim_max;
    printf("%ld KB: %s\n", kilobytes, setrlimit(RLIMIT_STACK, &limit) ? "refused" : "set");
    if (!sigsetjmp(back, 1))
        dig(0);
    printf("deep: %d\n", deep / 16);
}

int main(void)
{
    stack_t s = {.ss_sp = spare, .ss_size = sizeof spare};
    sigaltstack(&s, NULL);
    sigaction(SIGSEGV, &(struct sigaction){.sa_handler = overflowed, .sa_flags = SA_ONSTACK}, NULL);
    try(1024);
    try(512);
    try(4096);
    try(16384);
    return 0;
}
