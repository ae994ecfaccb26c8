// an MCS queue lock: each waiter spins on a node of its own stack
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
struct node { struct node *_Atomic next; atomic_int locked; };
static struct node *_Atomic tail;
static long sum;
static void lock(struct node *n)
{
    n->next = 0, n->locked = 1;
    struct node *p = atomic_exchange(&tail, n);
    if (p) { p->next = n; while (n->locked) __builtin_ia32_pause(); }
}
static void unlock(struct node *n)
{
    struct node *me = n;
    if (!n->next) {
        if (atomic_compare_exchange_strong(&tail, &me, 0)) return;
        while (!n->next) ;
    }
    n->next->locked = 0;
}
static void *f(void *a)
{
    for (int i = 0; i < 3000; i++) { struct node n; lock(&n); long s = sum; for (volatile int k = 0; k < 20; k++) ; sum = s + (long)a; unlock(&n); }
    return 0;
}
int main(void)
{
    pthread_t t[4];
    for (long i = 0; i < 4; i++) pthread_create(&t[i], 0, f, (void *)(i + 1));
    for (int i = 0; i < 4; i++) pthread_join(t[i], 0);
    printf("%ld\n", sum);
}
