// pthread_once: ten threads at once, a slow initialiser, one that is cancelled in the middle and taken over
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>
static pthread_once_t a = PTHREAD_ONCE_INIT, b = PTHREAD_ONCE_INIT;
static int inits, tries;
static volatile int in;
static atomic_int seen;
static void init(void) { for (volatile int i = 0; i < 3000000; i++) ; inits++; }
static void stuck(void) { tries++; in = 1; if (tries == 1) for (;;) pause(); }
static void *f(void *x) { pthread_once(&a, init); seen += inits; return 0; }
static void *g(void *x) { pthread_once(&b, stuck); return x; }
int main(void)
{
    pthread_t t[10];
    void *r;
    for (int i = 0; i < 10; i++) pthread_create(&t[i], 0, f, 0);
    for (int i = 0; i < 10; i++) pthread_join(t[i], 0);
    printf("%d %d\n", inits, (int)seen);
    pthread_create(&t[0], 0, g, (void *)1);
    while (!in) ;
    pthread_create(&t[1], 0, g, (void *)2);
    usleep(3000);
    pthread_cancel(t[0]);
    pthread_join(t[0], &r), printf("%d", r == PTHREAD_CANCELED);
    pthread_join(t[1], &r), printf(" %ld %d\n", (long)r, tries);
}
