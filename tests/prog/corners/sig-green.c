// varies: green threads: SIGALRM preempts, the handler swaps contexts; who ran and how far each came
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <ucontext.h>
static ucontext_t main_, c[4];
static char st[4][65536];
static volatile int cur, left = 4, done[4], sw;
static volatile unsigned long n[4];
static char log_[400];
static void next(void)
{
    int k = cur;
    do k = (k + 1) % 4; while (done[k] && k != cur);
    int old = cur;
    cur = k;
    if (sw < 399) log_[sw++] = '0' + k;
    if (k != old) swapcontext(&c[old], &c[k]);
}
static void h(int s) { next(); }
static void f(int k)
{
    sigset_t a; sigemptyset(&a), sigaddset(&a, SIGALRM), sigprocmask(SIG_UNBLOCK, &a, 0);
    while (n[k] < 4000000ul * (k + 1)) n[k]++;
    sigprocmask(SIG_BLOCK, &a, 0);
    done[k] = 1;
    if (--left) next();
    setcontext(&main_);
}
int main(void)
{
    struct itimerval t = {{0, 2000}, {0, 2000}};
    struct sigaction a = {.sa_handler = h, .sa_flags = SA_RESTART};
    sigset_t b; sigemptyset(&b), sigaddset(&b, SIGALRM), sigprocmask(SIG_BLOCK, &b, 0);
    for (int k = 0; k < 4; k++) {
        getcontext(&c[k]);
        c[k].uc_stack.ss_sp = st[k], c[k].uc_stack.ss_size = sizeof st[k];
        makecontext(&c[k], (void (*)(void))f, 1, k);
    }
    sigaction(SIGALRM, &a, 0);
    setitimer(ITIMER_REAL, &t, 0);
    volatile int once = 0;
    getcontext(&main_);
    if (!once++) setcontext(&c[0]);
    printf("%s\n%d\n", log_, left);
}
