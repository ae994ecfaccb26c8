// SIGSEGV handler repairs with mprotect, and the write is tried again
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
static char *p;
static int faults;
static void h(int s, siginfo_t *i, void *u)
{
    faults++;
    printf("fault at page %ld code %d\n", ((char *)i->si_addr - p) / 4096, i->si_code);
    mprotect((void *)((long)i->si_addr & -4096), 4096, PROT_READ | PROT_WRITE);
}
int main(void)
{
    struct sigaction a = {.sa_sigaction = h, .sa_flags = SA_SIGINFO};
    sigaction(SIGSEGV, &a, 0);
    p = mmap(0, 40960, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (int i = 0; i < 10; i++) p[i * 4096 + i] = i;
    int sum = 0;
    for (int i = 0; i < 10; i++) sum += p[i * 4096 + i];
    printf("%d %d\n", faults, sum);
}
