// a blocked SIGSEGV that faults kills, and so does an ignored one
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>
int main(void)
{
    sigset_t m;
    int s;
    sigemptyset(&m);
    sigaddset(&m, SIGSEGV);
    for (int i = 0; i < 2; i++) {
        if (!fork()) {
            if (i) sigprocmask(SIG_BLOCK, &m, 0); else signal(SIGSEGV, SIG_IGN);
            *(volatile int *)16 = 1;
            _exit(0);
        }
        wait(&s);
        printf("%d\n", WTERMSIG(s));
    }
    kill(getpid(), SIGKILL);
}
