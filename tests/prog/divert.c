/* Functions for gdb to call: they change memory, allocate, print, compute, wait, and crash. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int calls;
pthread_mutex_t held = PTHREAD_MUTEX_INITIALIZER;

double half(double v) { return v / 2; }

int twice(int n)
{
    calls++;
    return 2 * n;
}

char *copy(const char *s)
{
    char *p = malloc(400000);
    strcpy(p, s);
    printf("copied %s\n", p);
    fflush(stdout);
    return p;
}

int crash(void) { return *(volatile int *)8; }
int leave(void) { exit(9); }
int wait_for_ever(void) { return pthread_mutex_lock(&held); }
int touch_the_world(void) { return unlink("divert.witness"); }

int main(void)
{
    pthread_mutex_lock(&held);
    twice(4);
    free(copy("main"));
    printf("%d calls, %.1f\n", calls, half(calls));
    return calls > 1 ? crash() + leave() + wait_for_ever() + touch_the_world() : 0;
}
