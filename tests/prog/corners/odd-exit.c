// exit codes and orders: atexit, on_exit, quick_exit, destructors, exit in a child, _Exit in a handler
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
static void a(void) { puts("a"); }
static void b(int s, void *p) { printf("b %d\n", s); }
static void q(void) { puts("quick"); fflush(stdout); }
static void h(int s) { _Exit(66); }
__attribute__((destructor)) static void d(void) { puts("destructor"); }
int main(void)
{
    int s;
    atexit(a), on_exit(b, 0), at_quick_exit(q);
    setbuf(stdout, 0);
    for (int i = 0; i < 5; i++) {
        if (!fork())
            switch (i) {
            case 0: exit(300);
            case 1: quick_exit(7);
            case 2: signal(SIGTERM, h), raise(SIGTERM);
            case 3: exit(-1);
            case 4: return 12;
            }
        wait(&s), printf("%d: %d\n", i, WEXITSTATUS(s));
    }
    return 258;
}
