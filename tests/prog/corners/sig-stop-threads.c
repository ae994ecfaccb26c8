// SIGSTOP stops all threads of the process
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>
static int p[2];
static void *f(void *a) { for (;;) { usleep(2000); write(p[1], "x", 1); } }
int main(void)
{
    int s;
    char b[65536];
    pipe(p);
    pid_t c = fork();
    if (!c) {
        pthread_t t;
        for (int i = 0; i < 3; i++) pthread_create(&t, 0, f, 0);
        for (;;) pause();
    }
    for (int i = 0; i < 5; i++) read(p[0], b, 1);
    kill(c, SIGSTOP);
    printf("%d", waitpid(c, &s, WUNTRACED) == c), printf(" %d\n", WIFSTOPPED(s));
    kill(c, SIGCONT);
    printf("%d", waitpid(c, &s, WCONTINUED) == c), printf(" %d\n", WIFCONTINUED(s));
    for (int i = 0; i < 50; i++) read(p[0], b, 1);
    kill(c, SIGTERM);
    printf("%d", waitpid(c, &s, 0) == c), printf(" %d\n", WTERMSIG(s));
}
