// coroutines by hand-written stack switching in asm, in two threads, with a generator each
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
struct co { void *sp; void *caller; long value; int done; char *stack; };
void co_switch(void **save, void *to);
__asm__("co_switch: push %rbx; push %rbp; push %r12; push %r13; push %r14; push %r15; mov %rsp,(%rdi); mov %rsi,%rsp;"
        "pop %r15; pop %r14; pop %r13; pop %r12; pop %rbp; pop %rbx; ret");
static __thread struct co *now;
static void yield_(long v) { struct co *c = now; c->value = v; co_switch(&c->sp, c->caller); }
static void body(void) { struct co *c = now; long a = 0, b = 1; for (int i = 0; i < 1000; i++) { yield_(a); long t = (a + b) % 1000003; a = b, b = t; } c->done = 1; yield_(-1); abort(); }
static struct co *make(void)
{
    struct co *c = calloc(1, sizeof *c);
    c->stack = malloc(65536);
    void **sp = (void **)(((long)c->stack + 65536) & -16);
    *--sp = 0, *--sp = body;
    for (int i = 0; i < 6; i++) *--sp = 0;
    c->sp = sp;
    return c;
}
static long resume(struct co *c) { struct co *o = now; now = c; co_switch(&c->caller, c->sp); now = o; return c->value; }
static void *f(void *a)
{
    struct co *c[3];
    long sum = 0;
    for (int i = 0; i < 3; i++) c[i] = make();
    for (int alive = 3; alive;) { alive = 0; for (int i = 0; i < 3; i++) if (!c[i]->done) { long v = resume(c[i]); sum += v * (i + 1); alive++; } }
    return (void *)sum;
}
int main(void)
{
    pthread_t t[2];
    void *r;
    for (int i = 0; i < 2; i++) pthread_create(&t[i], 0, f, 0);
    for (int i = 0; i < 2; i++) pthread_join(t[i], &r), printf("%ld\n", (long)r);
}
