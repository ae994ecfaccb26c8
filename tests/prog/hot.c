/* Tight loops without a syscall, some tenths of a second long, one for each way a loop can know how far it is:
 * memory, register, string (rep movs), shared (memory), alarm (which ends it), threads (two of them). */
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <unistd.h>

volatile long n, over;
static char from[1 << 16], to[1 << 16];

static void on_alarm(int signo) { (void)signo, over = 1; }

static void *other(void *unused)
{
    for (long i = 0; i < 50000000; i++) n++;
    return unused;
}

int main(int argc, char **argv)
{
    const char *how = argc > 1 ? argv[1] : "";
    volatile long *count = &n;
    pthread_t thread;
    if (!strcmp(how, "shared")) count = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (!strcmp(how, "threads")) pthread_create(&thread, 0, other, 0);
    if (!strcmp(how, "alarm")) {
        signal(SIGALRM, on_alarm);
        setitimer(ITIMER_REAL, &(struct itimerval){.it_value.tv_usec = 300000}, 0);
    }
    getppid();
    if (!strcmp(how, "memory") || !strcmp(how, "shared"))
        while (*count < 100000000) ++*count;
    if (!strcmp(how, "alarm"))
        while (!over) n++;
    if (!strcmp(how, "register")) {
        unsigned long x = 1;
        for (long i = 0; i < 300000000; i++) {
            x = x * 3 + 1;
            __asm__ volatile("" : "+r"(x));
        }
        n = x;
    }
    if (!strcmp(how, "string"))
        for (; n < 60000; n++) {
            char *s = from, *d = to;
            size_t size = sizeof from;
            __asm__ volatile("rep movsb" : "+S"(s), "+D"(d), "+c"(size) : : "memory");
        }
    if (!strcmp(how, "threads")) {
        other(0);
        pthread_join(thread, 0);
    }
    getppid();
    return 0;
}
