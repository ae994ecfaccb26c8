// fork in a process with threads; pthread_atfork; the child makes threads of its own
#include <pthread.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>
static int n;
static void a(void) { printf("prepare\n"), fflush(stdout); }
static void b(void) { n += 1; }
static void c(void) { n += 100; }
static void *idle(void *x) { for (;;) usleep(1000); }
static void *f(void *x) { return (void *)((long)x * 2); }
int main(void)
{
    pthread_t t;
    void *r;
    int s;
    for (int i = 0; i < 3; i++) pthread_create(&t, 0, idle, 0);
    pthread_atfork(a, b, c);
    if (!fork()) {
        pthread_create(&t, 0, f, (void *)21);
        pthread_join(t, &r);
        printf("child %d %ld\n", n, (long)r);
        fflush(stdout);
        _exit(4);
    }
    wait(&s);
    printf("parent %d %d\n", n, WEXITSTATUS(s));
}
