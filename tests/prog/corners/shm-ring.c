// producer and consumer over a lock-free ring in shared memory, spinning and sleeping
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
struct ring { atomic_uint head, tail; unsigned item[16]; };
int main(void)
{
    struct ring *r = mmap(0, sizeof *r, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (!fork()) {
        for (unsigned i = 0; i < 500; i++) {
            while (r->head - r->tail == 16) sched_yield();
            r->item[r->head % 16] = i * i;
            r->head++;
        }
        _exit(0);
    }
    unsigned long sum = 0;
    for (unsigned i = 0; i < 500; i++) {
        while (r->head == r->tail) if (i % 3) usleep(100); else sched_yield();
        sum = sum * 31 + r->item[r->tail % 16];
        r->tail++;
    }
    wait(0);
    printf("%lx\n", sum);
}
