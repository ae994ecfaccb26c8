// vfork in a thread: the others go on, and see what the child writes; a signal to the sleeping parent
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>
static volatile int word, other, sig;
static void h(int s) { sig++; }
static void *th(void *x)
{
    pid_t k = vfork();
    if (!k) { word = 1; while (other < 1000); word = 2; execl("/bin/sh", "sh", "-c", "exit 3", (char *)0); _exit(9); }
    int st;
    waitpid(k, &st, 0);
    return (void *)(long)WEXITSTATUS(st);
}
int main(void)
{
    pthread_t t;
    void *r;
    signal(SIGUSR1, h);
    pthread_create(&t, 0, th, 0);
    while (word < 1) usleep(100);
    pthread_kill(t, SIGUSR1);
    while (other < 1000) { other++; if (other % 100 == 0) usleep(10); }
    while (word < 2) usleep(100);
    pthread_join(t, &r);
    printf("%d %d %ld %d\n", word, other, (long)r, sig);
}
