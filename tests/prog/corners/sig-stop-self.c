// a child stops itself; works on after SIGCONT with and without a handler for it
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>
static void h(int s) { printf("continued by %d\n", s); }
int main(void)
{
    int s;
    setbuf(stdout, 0);
    for (int i = 0; i < 2; i++) {
        pid_t c = fork();
        if (!c) {
            if (i) signal(SIGCONT, h);
            puts("before");
            raise(SIGSTOP);
            puts("after");
            kill(getpid(), SIGTSTP);
            puts("end");
            _exit(i + 5);
        }
        while (waitpid(c, &s, WUNTRACED) == c && WIFSTOPPED(s)) {
            printf("stopped by %d\n", WSTOPSIG(s));
            kill(c, SIGCONT);
        }
        printf("%d\n", WEXITSTATUS(s));
    }
}
