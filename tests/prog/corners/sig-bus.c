// SIGBUS beyond the end of a truncated file
#define _GNU_SOURCE
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>
static sigjmp_buf j;
static char *p;
static void h(int s, siginfo_t *i, void *u)
{
    printf("%d %d %ld\n", s, i->si_code, (char *)i->si_addr - p);
    siglongjmp(j, 1);
}
int main(void)
{
    struct sigaction a = {.sa_sigaction = h, .sa_flags = SA_SIGINFO};
    sigaction(SIGBUS, &a, 0);
    int fd = memfd_create("x", 0);
    ftruncate(fd, 8192);
    p = mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    p[5000] = 1;
    ftruncate(fd, 4096);
    p[100] = 2;
    if (!sigsetjmp(j, 1)) p[5000] = 3;
    if (!sigsetjmp(j, 1)) printf("%d\n", p[8000]);
    puts("end");
}
