// in a pid namespace of its own a process knows its threads and children by other numbers than those outside do
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>
static volatile int n;
static char text[16] = "old";
static void h(int s) { n++; }
static void *th(void *x) { raise(SIGUSR1); pthread_kill(pthread_self(), SIGUSR1); return 0; }
static int child(void)
{
    int p[2], st;
    char c;
    pthread_t t;
    signal(SIGUSR1, h);
    raise(SIGUSR1);
    pthread_create(&t, 0, th, 0), pthread_join(t, 0);
    pipe(p);
    pid_t k = fork();
    if (!k) { raise(SIGUSR1); read(p[0], &c, 1); _exit(strcmp(text, "new") || n != 4); }
    process_vm_writev(k, &(struct iovec){"new", 4}, 1, &(struct iovec){text, 4}, 1, 0);
    write(p[1], "x", 1);
    wait(&st);
    cpu_set_t s;
    CPU_ZERO(&s);
    CPU_SET(0, &s);
    int a = sched_setaffinity(getpid(), sizeof s, &s), b = sched_getaffinity(getpid(), sizeof s, &s);
    dprintf(1, "%d %d %d %d %d\n", n, st, a, b, CPU_COUNT(&s));
    return 6;
}
int main(void)
{
    int st;
    if (unshare(CLONE_NEWPID)) return 1;
    if (!fork()) _exit(child());
    wait(&st);
    printf("%d\n", WEXITSTATUS(st));
}
