// threads race in waitpid(-1) for the children of all; each child is reaped once; __WNOTHREAD sees only the own
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>
static atomic_int reaped[64], total, sum, echild;
static pthread_barrier_t b;
static void *f(void *a)
{
    int s; pid_t p;
    pthread_barrier_wait(&b);
    while ((p = waitpid(-1, &s, 0)) > 0) reaped[WEXITSTATUS(s)]++, total++, sum += WEXITSTATUS(s);
    echild += errno == ECHILD;
    return 0;
}
static void *own(void *a)
{
    int r = waitpid(-1, 0, __WNOTHREAD);
    printf("%d %d", r, errno == ECHILD);
    pid_t c = fork();
    if (!c) _exit(1);
    printf(" %d\n", waitpid(-1, 0, __WNOTHREAD) == c);
    return 0;
}
int main(void)
{
    pthread_t t[4], o;
    pthread_barrier_init(&b, 0, 5);
    for (int i = 0; i < 4; i++) pthread_create(&t[i], 0, f, 0);
    fflush(stdout);
    for (int i = 0; i < 30; i++) if (!fork()) { for (volatile int k = 0; k < i % 7 * 20000; k++) ; _exit(i); }
    pthread_barrier_wait(&b);
    for (int i = 0; i < 4; i++) pthread_join(t[i], 0);
    int twice = 0;
    for (int i = 0; i < 64; i++) twice += reaped[i] > 1;
    printf("%d %d twice %d echild %d\n", (int)total, (int)sum, twice, (int)echild);
    fflush(stdout);
    pid_t c = fork();
    if (!c) _exit(0);
    pthread_create(&o, 0, own, 0), pthread_join(o, 0);
    printf("%d\n", wait(0) == c);
}
