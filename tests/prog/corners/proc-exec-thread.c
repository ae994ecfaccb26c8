// a thread that execs while others run: they are gone, the process id stays
#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
static char pid[32];
static void *f(void *a)
{
    if (a) { usleep(10000); execl("/proc/self/exe", "again", pid, (char *)0); }
    for (;;) usleep(1000);
}
int main(int argc, char **argv)
{
    pthread_t t;
    if (argc > 1) { printf("%d %d\n", atoi(argv[1]) == getpid(), gettid() == getpid()); return 3; }
    sprintf(pid, "%d", getpid());
    for (long i = 0; i < 4; i++) pthread_create(&t, 0, f, (void *)(long)(i == 2));
    pause();
}
