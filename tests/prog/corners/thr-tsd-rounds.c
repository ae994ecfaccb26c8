// thread-specific data: destructors that set their key again, for PTHREAD_DESTRUCTOR_ITERATIONS rounds; keys deleted and made again; __thread with C11 tss
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <threads.h>
static pthread_key_t k[3];
static tss_t ts;
static int calls[4];
static void d0(void *x) { calls[0]++; pthread_setspecific(k[0], x); }
static void d1(void *x) { calls[1]++; if (calls[1] < 3) pthread_setspecific(k[1], x); else free(x); }
static void d3(void *x) { calls[3] += *(int *)x; }
static int f(void *a)
{
    static _Thread_local int mine = 5;
    mine += *(int *)a;
    pthread_setspecific(k[0], &mine);
    pthread_setspecific(k[1], malloc(10));
    tss_set(ts, &mine);
    return mine;
}
int main(void)
{
    thrd_t t;
    int r, x = 3;
    pthread_key_create(&k[0], d0), pthread_key_create(&k[1], d1), tss_create(&ts, d3);
    thrd_create(&t, f, &x), thrd_join(t, &r);
    printf("%d: %d %d %d %d\n", r, calls[0] == PTHREAD_DESTRUCTOR_ITERATIONS, calls[1], calls[2], calls[3]);
    pthread_key_delete(k[0]);
    pthread_key_create(&k[2], 0);
    printf("%d %d\n", k[2] == k[0], pthread_getspecific(k[2]) == 0);
    int n = 0;
    pthread_key_t kk;
    while (pthread_key_create(&kk, 0) == 0) n++;
    printf("%d\n", n > 900);
}
