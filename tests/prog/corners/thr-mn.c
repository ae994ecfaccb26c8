// M contexts on N threads: contexts move from thread to thread by swapcontext under a lock
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <ucontext.h>
enum { M = 8, N = 3, STEPS = 40 };
static ucontext_t c[M], sched[N];
static char st[M][32768];
static atomic_int lock, busy[M], left = M;
static int at[M], done[M];
static __thread int me;
static int __attribute__((noinline)) who(void) { __asm__ volatile(""); return me; }
static void task(int k)
{
    for (; at[k] < STEPS; at[k]++) { for (volatile int i = 0; i < 2000; i++) ; swapcontext(&c[k], &sched[who()]); }
    done[k] = 1;
    left--;
    for (;;) swapcontext(&c[k], &sched[who()]);
}
static void *f(void *a)
{
    me = (long)a;
    for (int k = me; left; k = (k + 1) % M) {
        if (atomic_exchange(&busy[k], 1)) continue;
        if (!done[k]) swapcontext(&sched[me], &c[k]);
        busy[k] = 0;
    }
    return 0;
}
int main(void)
{
    pthread_t t[N];
    for (int k = 0; k < M; k++) {
        getcontext(&c[k]);
        c[k].uc_stack.ss_sp = st[k], c[k].uc_stack.ss_size = sizeof st[k];
        makecontext(&c[k], (void (*)(void))task, 1, k);
    }
    for (long i = 0; i < N; i++) pthread_create(&t[i], 0, f, (void *)i);
    for (int i = 0; i < N; i++) pthread_join(t[i], 0);
    for (int k = 0; k < M; k++) printf("%d ", at[k]);
    puts("");
}
