// tryjoin, timedjoin, clockjoin; the CPU clock of another thread; names, attributes, stack of another thread
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
static volatile int stop;
static volatile unsigned long n;
static void *f(void *a) { int here; *(int **)a = &here; while (!stop) n++; return (void *)42; }
static struct timespec in(int c, long ns) { struct timespec t; clock_gettime(c, &t); t.tv_nsec += ns; if (t.tv_nsec >= 1000000000) t.tv_sec++, t.tv_nsec -= 1000000000; return t; }
int main(void)
{
    pthread_t t; pthread_attr_t a; void *r, *lo; size_t size, guard; char name[32]; clockid_t c; struct timespec x, y;
    int *volatile where = 0;
    pthread_attr_init(&a), pthread_attr_setstacksize(&a, 200000), pthread_attr_setguardsize(&a, 8192);
    pthread_create(&t, &a, f, (void *)&where);
    while (!where) ;
    printf("%d", pthread_tryjoin_np(t, &r) == EBUSY);
    x = in(CLOCK_REALTIME, 3000000), printf(" %d", pthread_timedjoin_np(t, &r, &x) == ETIMEDOUT);
    x = in(CLOCK_MONOTONIC, 3000000), printf(" %d\n", pthread_clockjoin_np(t, &r, CLOCK_MONOTONIC, &x) == ETIMEDOUT);
    printf("%d", pthread_setname_np(t, "a spinner")), pthread_getname_np(t, name, sizeof name), printf(" %s", name);
    printf(" %d\n", pthread_setname_np(t, "much too long for a name") == ERANGE);
    pthread_getattr_np(t, &a), pthread_attr_getstack(&a, &lo, &size), pthread_attr_getguardsize(&a, &guard);
    printf("%d %d\n", (char *)where > (char *)lo && (char *)where < (char *)lo + size, (int)guard);
    pthread_getcpuclockid(t, &c);
    clock_gettime(c, &x);
    do clock_gettime(c, &y); while (y.tv_sec == x.tv_sec && y.tv_nsec < x.tv_nsec + 1000000);
    stop = 1;
    x = in(CLOCK_REALTIME, 900000000), printf("%d", pthread_timedjoin_np(t, &r, &x)), printf(" %ld\n", (long)r);
}
