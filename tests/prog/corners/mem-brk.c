// brk and sbrk, up and down, and malloc beside it, in a thread and in a child
#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <malloc.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
static void *f(void *a) { char *p = sbrk(10000); memset(p, 3, 10000); return p; }
int main(void)
{
    pthread_t t;
    void *r;
    char *a = sbrk(0);
    printf("%d\n", sbrk(100000) == a);
    memset(a, 1, 100000);
    printf("%d %d\n", brk(a + 50000), sbrk(0) == a + 50000);
    printf("%d\n", brk(a + 200000));
    printf("%d %d\n", a[49999], a[150000]);
    pthread_create(&t, 0, f, 0);
    pthread_join(t, &r);
    printf("%d %d\n", r == a + 200000, ((char *)r)[9999]);
    char *b = sbrk(5000);
    b[4999] = 4;
    fflush(stdout);
    if (!fork()) { sbrk(-5000); char *c = sbrk(20000); printf("%d\n", c == b); memset(c, 9, 20000); fflush(stdout); _exit(0); }
    wait(0);
    printf("%d\n", b[4999]);
    char *m = malloc(1000000), *k = malloc(100);
    memset(m, 2, 1000000);
    m = realloc(m, 5000000);
    printf("%d\n", m[999999]);
    free(m), free(k), malloc_trim(0);
}
