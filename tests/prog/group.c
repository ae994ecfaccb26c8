/* Signals to the whole process group, which the program shares with whoever started it: all that can be caught. */
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile int count[NSIG];

static void caught(int signo) { count[signo]++; }

int main(void)
{
    static const int all[] = {SIGUSR1, SIGUSR2, SIGTERM, SIGHUP, SIGALRM, SIGINT, SIGQUIT, SIGPIPE, SIGVTALRM, SIGIO,
                              SIGPROF, SIGABRT, SIGTSTP, SIGWINCH, SIGSYS, SIGFPE};
    const int n = sizeof all / sizeof *all;
    for (int i = 0; i < n; i++)
        signal(all[i], caught);
    if (fork() == 0) {
        for (int i = 0; i < n; i++)
            kill(0, all[i]);
        _exit(0);
    }
    while (wait(NULL) < 0)
        ;
    for (int i = 0; i < n; i++)
        printf("%d: %d\n", all[i], count[all[i]]);
    return 0;
}
