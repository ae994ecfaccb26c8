// a process queues itself a fault's signal, with its code and address, as crash handlers do to pass it on
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
static siginfo_t info;
static volatile int n;
static void h(int s, siginfo_t *i, void *u)
{
    printf("%d %d %lx\n", s, i->si_code, (long)i->si_addr), fflush(stdout);
    n++;
}
static void again(int s, siginfo_t *i, void *u)
{
    signal(s, SIG_DFL);
    syscall(SYS_rt_tgsigqueueinfo, getpid(), syscall(SYS_gettid), s, i);
}
int main(void)
{
    struct sigaction a = {.sa_sigaction = h, .sa_flags = SA_SIGINFO};
    sigaction(SIGSEGV, &a, 0), sigaction(SIGTRAP, &a, 0), sigaction(SIGFPE, &a, 0);
    for (int k = 0; k < 3; k++) {
        memset(&info, 0, sizeof info);
        info.si_code = k + 1, info.si_addr = (void *)0x1234;
        printf("%ld\n", syscall(SYS_rt_sigqueueinfo, getpid(), k == 0 ? SIGSEGV : k == 1 ? SIGTRAP : SIGFPE, &info));
    }
    printf("%d\n", n), fflush(stdout);
    for (int k = 0; k < 2; k++) {
        int st;
        if (!fork()) {
            a.sa_sigaction = again;
            sigaction(SIGSEGV, &a, 0);
            if (k) { for (volatile int i = 0; i < 1000; i++); again(SIGSEGV, &info, 0); _exit(1); }
            *(volatile int *)16 = 1;
            _exit(2);
        }
        wait(&st);
        printf("%d %d\n", WIFSIGNALED(st) ? WTERMSIG(st) : 0, WEXITSTATUS(st)), fflush(stdout);
    }
}
