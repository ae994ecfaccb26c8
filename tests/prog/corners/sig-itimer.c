// the three interval timers, their signals counted
#include <signal.h>
#include <stdio.h>
#include <sys/time.h>
#include <unistd.h>
static volatile int n[65];
static void h(int s) { n[s]++; }
int main(void)
{
    struct { int which, signo; } t[] = {{ITIMER_REAL, SIGALRM}, {ITIMER_VIRTUAL, SIGVTALRM}, {ITIMER_PROF, SIGPROF}};
    for (int i = 0; i < 3; i++) {
        struct itimerval v = {{0, 5000}, {0, 5000}}, off = {0}, was;
        signal(t[i].signo, h);
        setitimer(t[i].which, &v, 0);
        while (n[t[i].signo] < 3) getppid();
        setitimer(t[i].which, &off, &was);
        printf("%d %d %ld\n", t[i].signo, n[t[i].signo] >= 3, (long)was.it_interval.tv_usec / 1000);
    }
}
