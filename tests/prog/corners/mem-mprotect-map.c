// protections change piecemeal over private and shared file mappings, by the hundred, then all goes away in one call
#define _GNU_SOURCE
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
static sigjmp_buf j;
static volatile int faults;
static void h(int s, siginfo_t *i, void *u) { faults++; siglongjmp(j, 1); }
int main(void)
{
    enum { N = 256 };
    struct sigaction a = {.sa_sigaction = h, .sa_flags = SA_SIGINFO | SA_NODEFER};
    int fd = memfd_create("m", 0), bus = 0;
    ftruncate(fd, N * 4096);
    sigaction(SIGSEGV, &a, 0), sigaction(SIGBUS, &a, 0);
    char *p = mmap(0, N * 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0), *q = mmap(0, N * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
    for (int i = 0; i < N; i++) mprotect(p + i * 4096, 4096, i % 3 == 0 ? PROT_NONE : i % 3 == 1 ? PROT_READ : PROT_READ | PROT_WRITE), mprotect(q + i * 4096, 4096, i % 2 ? PROT_READ : PROT_READ | PROT_WRITE);
    for (volatile int i = 0; i < N; i++) {
        if (!sigsetjmp(j, 0)) p[i * 4096] = i;
        if (!sigsetjmp(j, 0)) q[i * 4096] = i;
    }
    printf("%d\n", faults);
    mprotect(p, N * 4096, PROT_READ);
    int sum = 0;
    for (int i = 0; i < N; i++) sum += (unsigned char)p[i * 4096];
    printf("%d\n", sum);
    ftruncate(fd, 4096 * 10);
    for (volatile int i = 0; i < 20; i++) if (!sigsetjmp(j, 0)) (void)*(volatile char *)(p + i * 4096); else bus++;
    printf("%d\n", bus);
    printf("%d\n", munmap(p, N * 4096));
}
