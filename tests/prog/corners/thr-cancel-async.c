// asynchronous cancellation into loops: empty, counting, string, floating point; cleanup handlers nest, TLS destructors run
#include <pthread.h>
#include <stdio.h>
#include <string.h>
static volatile int ready;
static pthread_key_t key;
static int order[16], n;
static char a[1 << 16], b[1 << 16];
static void clean(void *x) { order[n++] = (long)x; }
static void gone(void *x) { order[n++] = 100 + (long)x; }
static void *f(void *x)
{
    volatile double d = 1;
    volatile unsigned c = 0;
    pthread_setspecific(key, x);
    pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, 0);
    pthread_cleanup_push(clean, (void *)1);
    pthread_cleanup_push(clean, (void *)2);
    ready = 1;
    switch ((long)x) {
    case 1: for (;;) ;
    case 2: for (;;) c++;
    case 3: for (;;) memcpy(a, b, sizeof a);
    case 4: for (;;) d = d * 1.0000001 + 1e-9;
    }
    pthread_cleanup_pop(0);
    pthread_cleanup_pop(0);
    return 0;
}
int main(void)
{
    pthread_t t;
    void *r;
    pthread_key_create(&key, gone);
    for (long i = 1; i <= 4; i++) {
        ready = n = 0;
        pthread_create(&t, 0, f, (void *)i);
        while (!ready) ;
        pthread_cancel(t);
        pthread_join(t, &r);
        printf("%ld: %d:", i, r == PTHREAD_CANCELED);
        for (int k = 0; k < n; k++) printf(" %d", order[k]);
        puts("");
    }
}
