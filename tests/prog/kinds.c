/* Memory of each kind, in a program that has much: a loop runs with the same registers over the same
 * small buffer again and again, and which round it is, is counted in memory of that kind alone.
 * Signals come into the loop, and the handler prints the round. Then the same in a child. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PAGE = 4096, MUCH = 40 << 20, SOME = 4 << 20 };
enum { PRIVATE = MAP_PRIVATE | MAP_ANONYMOUS, RW = PROT_READ | PROT_WRITE };

static volatile int hits;
static unsigned long hidden; /* where the counter is, in a form that leads nobody there */
static const char *kind;

static unsigned long *counter(void) { return (unsigned long *)~hidden; }

static void handler(int signo)
{
    (void)signo;
    hits = hits + 1;
    printf("%s %d %lu\n", kind, hits, *counter());
    fflush(stdout);
}

/* One more round; every register is afterwards as it was before. */
__attribute__((noinline)) static void next_round(void)
{
    unsigned long *at = counter();
    __asm__ volatile("incq (%0)\n\txorl %k0, %k0\n\tcmpq %0, %0" : "+r"(at) : : "cc", "memory");
}

__attribute__((noinline)) static void work(volatile int *buffer)
{
    for (int i = 0; i < 300; i++)
        buffer[i & 63] = buffer[i & 63] ^ i;
    for (int i = 0; i < 300; i++) /* and all as it was */
        buffer[i & 63] = buffer[i & 63] ^ i;
}

/* Three signals with the counter in the middle of the memory at p: the first may find a mapping
 * nobody has seen yet. */
__attribute__((noinline)) static void rounds(const char *name, char *p, size_t size)
{
    static volatile int buffer[64];
    hidden = ~(unsigned long)(p + (size / 2 & -PAGE) + 64);
    kind = name;
    hits = 0;
    while (hits < 3) {
        next_round();
        work(buffer);
    }
}

static void fill(char *p, size_t size)
{
    for (size_t at = 0; at < size; at += PAGE)
        p[at] = 1 + (at >> 12);
}

static void all_kinds(void)
{
    char stack[SOME / 2], *p = mmap(NULL, SOME, RW, PRIVATE, -1, 0);
    fill(p, SOME);
    rounds("new", p, SOME);
    p = mremap(p, SOME, MUCH, MREMAP_MAYMOVE);
    rounds("grown", p, SOME); /* the old part */
    char *q = mmap(NULL, SOME + PAGE, PROT_NONE, PRIVATE, -1, 0);
    mremap(p, SOME, SOME, MREMAP_MAYMOVE | MREMAP_FIXED, q);
    rounds("moved", q, SOME);
    mprotect(q, SOME, PROT_READ);
    mprotect(q, SOME, RW);
    rounds("protected", q, SOME);
    madvise(q, SOME, MADV_DONTNEED);
    rounds("emptied", q, SOME);
    munmap(q, SOME);
    mmap(q, SOME, RW, PRIVATE | MAP_FIXED, -1, 0);
    rounds("in its place", q, SOME);
    int fd = open("/dev/zero", O_RDONLY);
    fill(q, SOME);
    if (read(fd, q, SOME) == SOME)
        rounds("filled", q, SOME);
    close(fd);
    fd = open("/proc/self/exe", O_RDONLY);
    p = mmap(NULL, 2 * PAGE, RW, MAP_PRIVATE, fd, 0);
    rounds("of a file", p, 2 * PAGE);
    close(fd);
    p = sbrk(SOME);
    rounds("heap", p, SOME);
    fill(stack, sizeof stack);
    rounds("stack", stack, sizeof stack);
    p = mmap(NULL, 2 * SOME, RW, PRIVATE, -1, 0);
    madvise(p, 2 * SOME, MADV_HUGEPAGE);
    rounds("huge", p, 2 * SOME);
}

int main(void)
{
    struct itimerval every = {{0, 10000}, {0, 10000}};
    int status = 0;
    fill(mmap(NULL, MUCH, RW, PRIVATE, -1, 0), MUCH);
    signal(SIGALRM, handler);
    setitimer(ITIMER_REAL, &every, NULL);
    all_kinds();
    if (fork() == 0) {
        setitimer(ITIMER_REAL, &every, NULL);
        all_kinds();
        return 9;
    }
    setitimer(ITIMER_REAL, &(struct itimerval){0}, NULL);
    wait(&status);
    return WEXITSTATUS(status);
}
