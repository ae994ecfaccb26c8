// FUTEX_WAKE_OP with each operation and comparison; the word it changes is watched by a spinning thread
#define _GNU_SOURCE
#include <linux/futex.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>
static volatile unsigned a, b;
static volatile int stop;
static unsigned changes;
static void *spin(void *x) { unsigned last = 0; while (!stop) { unsigned v = b; changes += v != last; last = v; } return 0; }
static void *wait_(void *x) { return (void *)syscall(SYS_futex, x, FUTEX_WAIT_PRIVATE, 0, 0, 0, 0); }
int main(void)
{
    pthread_t t, w;
    static const unsigned ops[] = {FUTEX_OP_SET, FUTEX_OP_ADD, FUTEX_OP_OR, FUTEX_OP_ANDN, FUTEX_OP_XOR, FUTEX_OP_ADD | FUTEX_OP_OPARG_SHIFT};
    pthread_create(&t, 0, spin, 0);
    for (unsigned c = 0; c < 6; c++)
        for (unsigned o = 0; o < 6; o++) {
            long r = syscall(SYS_futex, &a, FUTEX_WAKE_OP_PRIVATE, 1, 1L, &b, FUTEX_OP(ops[o], 3 + o, c, 3));
            printf("%u%u %ld %u\n", c, o, r, b);
        }
    unsigned was = b;
    pthread_create(&w, 0, wait_, (void *)&a);
    usleep(20000);
    printf("%ld\n", syscall(SYS_futex, &a, FUTEX_WAKE_OP_PRIVATE, 1, 1L, &b, FUTEX_OP(FUTEX_OP_ADD, 1, FUTEX_OP_CMP_EQ, 0)));
    pthread_join(w, 0);
    stop = 1;
    pthread_join(t, 0);
    printf("%d %d\n", b - was, changes > 0);
}
