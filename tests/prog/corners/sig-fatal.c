// children die of each signal that kills; the core flag
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
int main(void)
{
    setbuf(stdout, 0);
    struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
    for (int i = 1; i < 65; i++) {
        int s;
        if (i == SIGSTOP || i == SIGTSTP || i == SIGTTIN || i == SIGTTOU || i == 32 || i == 33) continue;
        pid_t c = fork();
        if (!c) { signal(i, SIG_DFL); if (i & 1) raise(i); else kill(getpid(), i); _exit(0); }
        waitpid(c, &s, 0);
        printf("%d: %d %d %d\n", i, WIFSIGNALED(s), s & 127, WCOREDUMP(s));
    }
}
