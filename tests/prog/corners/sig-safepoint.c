// safepoints as a JVM has them: threads poll a page, which is taken away; they fault, park, and go on
#define _GNU_SOURCE
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/mman.h>
static volatile char *page;
static sem_t parked, go;
static atomic_int stop, polls;
static void seg(int s, siginfo_t *i, void *u)
{
    if (i->si_addr != page) _Exit(98);
    sem_post(&parked);
    while (sem_wait(&go) != 0) ;
}
static void *run(void *a)
{
    unsigned long n = 0;
    while (!stop) { for (int i = 0; i < 100; i++) n = n * 5 + 1; *page; }
    return (void *)(n & 0);
}
int main(void)
{
    struct sigaction a = {.sa_sigaction = seg, .sa_flags = SA_SIGINFO};
    pthread_t t[3];
    page = mmap(0, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    sem_init(&parked, 0, 0), sem_init(&go, 0, 0);
    sigaction(SIGSEGV, &a, 0);
    for (int i = 0; i < 3; i++) pthread_create(&t[i], 0, run, 0);
    for (int r = 0; r < 10; r++) {
        mprotect((void *)page, 4096, PROT_NONE);
        for (int i = 0; i < 3; i++) sem_wait(&parked);
        mprotect((void *)page, 4096, PROT_READ);
        for (int i = 0; i < 3; i++) sem_post(&go);
    }
    stop = 1;
    for (int i = 0; i < 3; i++) pthread_join(t[i], 0);
    puts("ten stops");
}
