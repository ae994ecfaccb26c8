// varies: one process counts in shared memory with no register changing, an alarm says how far it came; the parent watches
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>
static volatile unsigned long *p;
static volatile int hits;
static void h(int s) { printf("%lu\n", *p); if (++hits == 5) p[1] = 1; }
int main(void)
{
    p = mmap(0, 4096, 3, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    setbuf(stdout, 0);
    if (!fork()) {
        struct itimerval t = {{0, 7000}, {0, 7000}};
        signal(SIGALRM, h);
        setitimer(ITIMER_REAL, &t, 0);
        while (!p[1]) ++*p;
        printf("end %lu\n", *p);
        _exit(0);
    }
    while (!p[1]) ;
    wait(0);
    printf("%lu\n", *p);
}
