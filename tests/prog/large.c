/* A program with much memory (argv[1], in MB), and instants that differ in nothing but one word far
 * away in it: a loop runs over the same small buffer with the same registers, again and again, and
 * the round is counted in the large memory alone. Signals come into that loop; the handler prints
 * the round. With argv[2], so many more threads do the same, and each prints its rounds when the
 * last signal has come. */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>

enum { PAGE = 4096, SIGNALS = 12, THREADS = 8 };

static volatile int hits;
static char *large;
static size_t size;

/* Thread i's counter. Nobody keeps its address, or what is in it. */
static unsigned long *counter(long i)
{
    return (unsigned long *)(large + (size / (THREADS + 1) * (i + 1) & -PAGE));
}

static void handler(int signo)
{
    (void)signo;
    hits = hits + 1;
    printf("%d %lu\n", hits, *counter(0));
}

/* One more round; every register is afterwards as it was before. */
__attribute__((noinline)) static void next_round(long i)
{
    unsigned long *at = counter(i);
    __asm__ volatile("incq (%0)\n\txorl %k0, %k0\n\tcmpq %0, %0" : "+r"(at) : : "cc", "memory");
}

__attribute__((noinline)) static void work(volatile int *buffer)
{
    for (int i = 0; i < 300; i++)
        buffer[i & 63] = buffer[i & 63] ^ i;
    for (int i = 0; i < 300; i++) /* and all as it was */
        buffer[i & 63] = buffer[i & 63] ^ i;
}

static void *run(void *arg)
{
    static volatile int buffers[THREADS][64];
    long i = (long)arg;
    while (hits < SIGNALS) {
        next_round(i);
        work(buffers[i]);
    }
    return NULL;
}

int main(int argc, char **argv)
{
    struct itimerval every = {{0, 20000}, {0, 20000}};
    pthread_t t[THREADS];
    sigset_t alarm;
    long more = argc > 2 ? atoi(argv[2]) : 0;
    size = atol(argv[1]) << 20;
    large = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (size_t at = 0; at < size; at += PAGE)
        large[at] = at >> 12;
    signal(SIGALRM, handler);
    sigemptyset(&alarm);
    sigaddset(&alarm, SIGALRM);
    pthread_sigmask(SIG_BLOCK, &alarm, NULL); /* the main thread has them all */
    for (long i = 1; i <= more; i++)
        pthread_create(&t[i], NULL, run, (void *)i);
    pthread_sigmask(SIG_UNBLOCK, &alarm, NULL);
    setitimer(ITIMER_REAL, &every, NULL);
    run(NULL);
    for (long i = 1; i <= more; i++) {
        pthread_join(t[i], NULL);
        printf("thread %ld: %lu\n", i, *counter(i));
    }
    return 4;
}
