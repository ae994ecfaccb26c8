// a handler that is not there, or not executable: the fault of fetching it; one whose stack is taken away
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <unistd.h>
static char alt[65536], *gone;
static void seg(int s, siginfo_t *i, void *u) { _exit((long)i->si_addr == 0x5000 ? 3 : i->si_addr == gone ? 4 : (char *)i->si_addr >= gone && (char *)i->si_addr < gone + 65536 ? 6 : 5); }
static void cut(int s) { munmap(gone, 65536); }
int main(void)
{
    for (int k = 0; k < 5; k++) {
        int st;
        if (!fork()) {
            struct sigaction a = {.sa_handler = (void (*)(int))0x5000}, b = {.sa_sigaction = seg, .sa_flags = SA_SIGINFO | SA_ONSTACK};
            stack_t s = {.ss_sp = alt, .ss_size = sizeof alt};
            gone = mmap(0, 65536, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
            if (k >= 1) sigaltstack(&s, 0), sigaction(SIGSEGV, &b, 0);
            if (k == 2) a.sa_handler = (void (*)(int))gone;
            if (k == 3) { s.ss_sp = gone, s.ss_size = 65536; sigaltstack(&s, 0); a.sa_handler = cut, a.sa_flags = SA_ONSTACK; b.sa_flags = SA_SIGINFO; sigaction(SIGSEGV, &b, 0); }
            if (k == 4) { a.sa_handler = SIG_DFL; sigaction(SIGSEGV, &a, 0); a.sa_handler = (void (*)(int))0x8000000000000000ul; }
            sigaction(SIGUSR1, &a, 0);
            raise(SIGUSR1);
            _exit(9);
        }
        wait(&st);
        printf("%d %d\n", WIFSIGNALED(st) ? WTERMSIG(st) : 0, WEXITSTATUS(st));
    }
}
