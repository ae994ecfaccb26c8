// varies: a work-stealing pool with Chase-Lev deques; how many tasks each stole, and the sum that is always right
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
enum { N = 4, Q = 4096 };
static struct { atomic_long top, bottom; atomic_int t[Q]; } d[N];
static atomic_int left;
static atomic_long sum;
static int stolen[N];
static void push(int k, int v) { long b = d[k].bottom; d[k].t[b % Q] = v; d[k].bottom = b + 1; }
static int take(int k)
{
    long b = d[k].bottom - 1;
    d[k].bottom = b;
    atomic_thread_fence(memory_order_seq_cst);
    long t = d[k].top;
    int v = -1;
    if (t <= b) {
        v = d[k].t[b % Q];
        if (t == b) { if (!atomic_compare_exchange_strong(&d[k].top, &t, t + 1)) v = -1; d[k].bottom = b + 1; }
    } else d[k].bottom = b + 1;
    return v;
}
static int steal(int k)
{
    long t = d[k].top, b = d[k].bottom;
    if (t >= b) return -1;
    int v = d[k].t[t % Q];
    return atomic_compare_exchange_strong(&d[k].top, &t, t + 1) ? v : -1;
}
static void *f(void *a)
{
    int k = (long)a;
    while (left > 0) {
        int v = take(k);
        for (int i = 1; v < 0 && i < N; i++) { v = steal((k + i) % N); stolen[k] += v >= 0; }
        if (v < 0) continue;
        if (v > 1) { left += 2; push(k, v / 2), push(k, v - v / 2); }
        else { for (volatile int i = 0; i < 300; i++) ; sum += v; }
        left--;
    }
    return 0;
}
int main(void)
{
    pthread_t t[N];
    left = 1, push(0, 2000);
    for (long i = 0; i < N; i++) pthread_create(&t[i], 0, f, (void *)i);
    for (int i = 0; i < N; i++) pthread_join(t[i], 0);
    printf("%ld: %d %d %d %d\n", (long)sum, stolen[0], stolen[1], stolen[2], stolen[3]);
}
