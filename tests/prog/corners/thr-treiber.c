// a lock-free stack with a tagged head by cmpxchg16b, pushed and popped by four threads
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
struct node { struct node *next; int v; };
static struct { struct node *p; uint64_t tag; } head __attribute__((aligned(16)));
static struct node nodes[400];
static long sum;
static int cas(struct node *op, uint64_t ot, struct node *np)
{
    char ok;
    __asm__ volatile("lock cmpxchg16b %1; setz %0" : "=q"(ok), "+m"(head), "+a"(op), "+d"(ot) : "b"(np), "c"(ot + 1) : "memory");
    return ok;
}
static void push(struct node *n) { uint64_t t; struct node *p; do { t = head.tag; p = head.p; n->next = p; } while (!cas(p, t, n)); }
static struct node *pop(void)
{
    uint64_t t; struct node *p;
    do { t = head.tag; p = head.p; if (!p) return 0; } while (!cas(p, t, p->next));
    return p;
}
static void *f(void *a)
{
    for (int i = 0; i < 20000; i++) { struct node *n = pop(); if (n) { n->v++; push(n); __sync_fetch_and_add(&sum, 1); } }
    return 0;
}
int main(void)
{
    pthread_t t[4];
    long s = 0; int k = 0;
    for (int i = 0; i < 400; i++) push(&nodes[i]);
    for (int i = 0; i < 4; i++) pthread_create(&t[i], 0, f, 0);
    for (int i = 0; i < 4; i++) pthread_join(t[i], 0);
    for (struct node *n; (n = pop());) s += n->v, k++;
    printf("%d %ld %ld\n", k, s, sum);
}
