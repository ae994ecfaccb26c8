// SS_AUTODISARM: in the handler there is no alternate stack, after it there is
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
static char alt[2][65536];
static int depth;
static void h(int s)
{
    stack_t o;
    char here;
    sigaltstack(0, &o);
    printf("%d %d %d %d\n", depth, o.ss_flags, &here > alt[0] && &here < alt[1], &here > alt[1] && &here < alt[2]);
    if (depth++ == 0) {
        stack_t n = {.ss_sp = alt[1], .ss_size = sizeof alt[1], .ss_flags = 1u << 31};
        printf("%d\n", sigaltstack(&n, 0));
        raise(SIGUSR2);
    }
}
int main(void)
{
    stack_t s = {.ss_sp = alt[0], .ss_size = sizeof alt[0], .ss_flags = 1u << 31}, o;
    struct sigaction a = {.sa_handler = h, .sa_flags = SA_ONSTACK};
    printf("%d\n", sigaltstack(&s, 0));
    sigaction(SIGUSR1, &a, 0), sigaction(SIGUSR2, &a, 0);
    raise(SIGUSR1);
    sigaltstack(0, &o);
    printf("%x %d %d\n", o.ss_flags, o.ss_sp == alt[0], o.ss_size == sizeof alt[0]);
}
