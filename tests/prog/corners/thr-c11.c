// C11 threads and atomics, and a spin with a pause on a flag another sets after a sleep
#include <stdatomic.h>
#include <stdio.h>
#include <threads.h>
static atomic_int sum, flag;
static mtx_t m;
static once_flag o = ONCE_FLAG_INIT;
static int f(void *a) { for (int i = 0; i < 1000; i++) atomic_fetch_add(&sum, 1); return *(int *)a; }
static int g(void *a) { thrd_sleep(&(struct timespec){0, 5000000}, 0); flag = 1; return 0; }
int main(void)
{
    thrd_t t[4];
    int v[4] = {1, 2, 3, 4}, r, all = 0;
    mtx_init(&m, mtx_timed);
    for (int i = 0; i < 4; i++) thrd_create(&t[i], f, &v[i]);
    for (int i = 0; i < 4; i++) thrd_join(t[i], &r), all = all * 10 + r;
    thrd_create(&t[0], g, 0);
    while (!flag) thrd_yield();
    thrd_join(t[0], 0);
    printf("%d %d %d\n", sum, all, flag);
}
