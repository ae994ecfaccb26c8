// fifty children at once, reaped as they end; fork in a thread, in a signal handler
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>
static pid_t from_handler;
static void h(int s) { if (!(from_handler = fork())) _exit(9); }
static void *f(void *a)
{
    int s;
    pid_t c = fork();
    if (!c) _exit(5);
    waitpid(c, &s, 0);
    return (void *)(long)WEXITSTATUS(s);
}
int main(void)
{
    int s, sum = 0, n = 0;
    pthread_t t[4];
    void *r;
    for (int i = 0; i < 50; i++) if (!fork()) { if (i % 3) usleep(i * 100); _exit(i); }
    while (wait(&s) > 0) n++, sum += WEXITSTATUS(s);
    printf("%d %d\n", n, sum);
    for (int i = 0; i < 4; i++) pthread_create(&t[i], 0, f, 0);
    for (int i = 0; i < 4; i++) pthread_join(t[i], &r), printf("%ld\n", (long)r);
    signal(SIGUSR1, h);
    raise(SIGUSR1);
    waitpid(from_handler, &s, 0), printf("%d\n", WEXITSTATUS(s));
}
