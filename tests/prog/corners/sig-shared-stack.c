// the alternate stack is shared memory that is mapped twice, and shared with a child: the frame is seen there
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
static char *a, *b;
static volatile long seen;
static void h(int s, siginfo_t *i, void *u)
{
    long off = (char *)i - a;
    siginfo_t *other = (siginfo_t *)(b + off);
    seen = other->si_value.sival_int;
    other->si_value.sival_int = 5;
    seen += i->si_value.sival_int * 1000;
}
int main(void)
{
    int fd = memfd_create("stack", 0), st;
    ftruncate(fd, 65536);
    a = mmap(0, 65536, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0), b = mmap(0, 65536, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    stack_t s = {.ss_sp = a, .ss_size = 65536};
    struct sigaction c = {.sa_sigaction = h, .sa_flags = SA_SIGINFO | SA_ONSTACK};
    sigaltstack(&s, 0), sigaction(SIGRTMIN, &c, 0);
    sigqueue(getpid(), SIGRTMIN, (union sigval){77});
    printf("%ld\n", seen), fflush(stdout);
    memset(b, 0, 65536);
    if (!fork()) { sigqueue(getpid(), SIGRTMIN, (union sigval){88}); _exit(seen == 5088); }
    wait(&st);
    int n = 0;
    for (int k = 0; k < 65536; k++) n += b[k] != 0;
    printf("%d %d\n", WEXITSTATUS(st), n > 50);
}
