// varies: a linked list and a string that four threads change without a lock
#include <pthread.h>
#include <stdio.h>
#include <string.h>
struct n { struct n *next; int v; };
static struct n pool[4][20000], *volatile head;
static volatile char s[64];
static void *f(void *a)
{
    long k = (long)a;
    for (int i = 0; i < 20000; i++) {
        struct n *x = &pool[k][i];
        x->v = k * 100000 + i;
        x->next = head;
        head = x;
        s[(i * 7 + k) % 63] = 'a' + (s[i % 63] + k) % 26;
    }
    return 0;
}
int main(void)
{
    pthread_t t[4];
    unsigned long len = 0, h = 0;
    for (long i = 0; i < 4; i++) pthread_create(&t[i], 0, f, (void *)i);
    for (int i = 0; i < 4; i++) pthread_join(t[i], 0);
    for (struct n *x = head; x && len < 100000; x = x->next) len++, h = h * 33 + x->v;
    printf("%lu %lx %s\n", len, h, (char *)s);
}
