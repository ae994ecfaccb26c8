// a handler whose frame does not fit on the alternate stack: SIGSEGV instead, which a handler may have, or which kills
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
static void h(int s) { _exit(s == SIGSEGV ? 7 : 8); }
static void child(int segv)
{
    stack_t small = {.ss_sp = mmap(0, 65536, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), .ss_size = 65536};
    struct sigaction a = {.sa_handler = h, .sa_flags = SA_ONSTACK}, b = {.sa_handler = h};
    sigaltstack(&small, 0);
    sigaction(SIGUSR1, &a, 0);
    if (segv) sigaction(SIGSEGV, &b, 0);
    raise(SIGUSR1);
    _exit(9);
}
int main(void)
{
    for (int segv = 0; segv < 2; segv++) {
        int st;
        if (fork() == 0) child(segv);
        wait(&st);
        printf("%d %d\n", WIFSIGNALED(st) ? WTERMSIG(st) : 0, WEXITSTATUS(st));
    }
}
