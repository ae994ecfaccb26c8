/* Which processors: all of them at first, then a chosen one; a child and a thread inherit; what cannot be is refused. */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void tell(const char *who)
{
    cpu_set_t c;
    int n = sched_getaffinity(0, sizeof c, &c);
    printf("%s: %d, of %d", who, n, CPU_COUNT(&c));
    for (int i = 0; i < CPU_SETSIZE; i++)
        if (CPU_ISSET(i, &c))
            printf(" %d", i);
    if (CPU_COUNT(&c) == 1)
        printf(", on it: %d", CPU_ISSET(sched_getcpu(), &c) != 0);
    printf("\n");
    fflush(stdout);
}

static void *thread(void *arg) { tell("thread"); return arg; }

int main(void)
{
    cpu_set_t all, one, none;
    pthread_t t;
    CPU_ZERO(&none);
    sched_getaffinity(0, sizeof all, &all);
    tell("first");
    for (int i = 0; i < CPU_SETSIZE; i++)
        if (CPU_ISSET(i, &all)) {
            CPU_ZERO(&one);
            CPU_SET(i, &one);
            printf("%d\n", sched_setaffinity(0, sizeof one, &one));
            tell("main");
            pthread_create(&t, NULL, thread, NULL);
            pthread_join(t, NULL);
            if (fork() == 0) {
                tell("child");
                _exit(sched_setaffinity(getppid(), sizeof all, &all));
            }
            wait(NULL);
            tell("again");
        }
    int result = sched_setaffinity(0, sizeof none, &none);
    printf("%d %s\n", result, strerror(errno));
    result = sched_setaffinity(0, sizeof none, (void *)8);
    printf("%d %s\n", result, strerror(errno));
    result = sched_getaffinity(0, 1, &none);
    printf("%d %s\n", result, strerror(errno));
    return 0;
}
