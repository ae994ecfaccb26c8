// eventfd: counter, semaphore mode, non-blocking, between threads and processes
#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <sys/wait.h>
#include <unistd.h>
static int e;
static void *f(void *a) { uint64_t v; read(e, &v, 8); return (void *)v; }
int main(void)
{
    uint64_t v = 5;
    void *r;
    pthread_t t;
    e = eventfd(3, 0);
    write(e, &v, 8);
    read(e, &v, 8), printf("%d\n", (int)v);
    pthread_create(&t, 0, f, 0);
    usleep(20000);
    v = 77, write(e, &v, 8);
    pthread_join(t, &r), printf("%ld\n", (long)r);
    int s = eventfd(3, EFD_SEMAPHORE | EFD_NONBLOCK);
    for (int i = 0; i < 4; i++) { int n = read(s, &v, 8); printf("%d %d\n", n, n < 0 ? errno == EAGAIN : (int)v); }
    if (!fork()) { eventfd_write(e, 1234); _exit(0); }
    eventfd_t ev;
    eventfd_read(e, &ev), printf("%d\n", (int)ev);
    wait(0);
}
