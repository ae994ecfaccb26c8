// bare futexes between processes: ping-pong with WAIT and WAKE, BITSET, and a time-out; shared keys by address
#define _GNU_SOURCE
#include <errno.h>
#include <linux/futex.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
static long fx(volatile int *u, int op, int v, const struct timespec *t, int m) { return syscall(SYS_futex, u, op, v, t, 0, m); }
int main(void)
{
    volatile int *p = mmap(0, 4096, 3, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    struct timespec t;
    if (!fork()) {
        for (int i = 0; i < 200; i++) {
            while (p[0] != 2 * i + 1) fx(p, FUTEX_WAIT, 2 * i, 0, 0);
            p[0]++;
            fx(p, FUTEX_WAKE, 1, 0, 0);
        }
        while (!p[5]) fx(p + 4, FUTEX_WAIT_BITSET, 0, 0, 2), p[5]++;
        _exit(0);
    }
    for (int i = 0; i < 200; i++) {
        p[0]++;
        fx(p, FUTEX_WAKE, 1, 0, 0);
        while (p[0] != 2 * i + 2) fx(p, FUTEX_WAIT, 2 * i + 1, 0, 0);
    }
    printf("%d\n", p[0]);
    long w;
    int no = 0;
    while (!(w = fx(p + 4, FUTEX_WAKE_BITSET, 9, 0, 2))) no += fx(p + 4, FUTEX_WAKE_BITSET, 9, 0, 4);
    wait(0);
    printf("%ld %d %d\n", w, no, p[5]);
    clock_gettime(CLOCK_MONOTONIC, &t), t.tv_nsec = 999999999, t.tv_sec -= 2;
    w = fx(p, FUTEX_WAIT_BITSET, p[0], &t, -1), printf("%ld %d\n", w, errno == ETIMEDOUT);
    clock_gettime(CLOCK_REALTIME, &t); if ((t.tv_nsec += 2000000) >= 1000000000) t.tv_sec++, t.tv_nsec -= 1000000000;
    w = fx(p, FUTEX_WAIT_BITSET | FUTEX_CLOCK_REALTIME, p[0], &t, -1), printf("%ld %d\n", w, errno == ETIMEDOUT);
}
