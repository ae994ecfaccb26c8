/* Every common way a signal comes in: a timer between syscalls, EINTR, raise, a fault that is repaired,
 * nested, masked and pending, siginfo, an alternate stack, a wait for one. Prints what it saw. */
#define _GNU_SOURCE
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile int hits, depth;
static sigjmp_buf back;
static char *page;

static void count(int s) { (void)s; hits++; }
static void nest(int s) { if (depth++ < 3) raise(s); }
static void repair(int s, siginfo_t *i, void *u)
{
    (void)s, (void)u;
    mprotect((void *)((size_t)i->si_addr & ~4095ul), 4096, PROT_READ | PROT_WRITE);
}
static void jump(int s) { siglongjmp(back, s); }
static void info(int s, siginfo_t *i, void *u)
{
    (void)u;
    printf("signal %d code %d value %d on altstack %d\n", s, i->si_code, i->si_value.sival_int,
           (char *)&s > page && (char *)&s < page + 65536);
}
static void handle(int s, void (*f)(int), int flags)
{
    struct sigaction a = {.sa_handler = f, .sa_flags = flags};
    sigaction(s, &a, NULL);
}

int main(void)
{
    struct itimerval on = {{0, 2000}, {0, 2000}}, off = {{0, 0}, {0, 0}};
    handle(SIGALRM, count, 0);
    setitimer(ITIMER_REAL, &on, NULL);
    while (hits < 20) getppid();
    int interrupted = 0;
    while (interrupted < 3) interrupted += pause() == -1 && errno == EINTR;
    setitimer(ITIMER_REAL, &off, NULL);
    printf("timer hit, %d pauses interrupted\n", interrupted);

    handle(SIGUSR1, nest, SA_NODEFER);
    raise(SIGUSR1);
    printf("nested %d deep\n", depth);

    page = mmap(NULL, 65536, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    struct sigaction fix = {.sa_sigaction = repair, .sa_flags = SA_SIGINFO};
    sigaction(SIGSEGV, &fix, NULL);
    strcpy(page + 4096, "repaired");
    puts(page + 4096);

    handle(SIGFPE, jump, 0);
    if (sigsetjmp(back, 1) == 0) printf("%d\n", 1 / (hits - hits));
    else puts("division by zero");

    mprotect(page, 65536, PROT_READ | PROT_WRITE);
    stack_t alt = {.ss_sp = page, .ss_size = 65536};
    sigaltstack(&alt, NULL);
    struct sigaction with = {.sa_sigaction = info, .sa_flags = SA_SIGINFO | SA_ONSTACK};
    sigaction(SIGUSR2, &with, NULL);
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR2);
    sigprocmask(SIG_BLOCK, &set, NULL);
    sigqueue(getpid(), SIGUSR2, (union sigval){.sival_int = 42});
    sigset_t pending;
    sigpending(&pending);
    printf("pending %d\n", sigismember(&pending, SIGUSR2));
    sigprocmask(SIG_UNBLOCK, &set, NULL);

    sigaddset(&set, SIGRTMIN + 1);
    sigprocmask(SIG_BLOCK, &set, NULL);
    sigqueue(getpid(), SIGRTMIN + 1, (union sigval){.sival_int = 7});
    siginfo_t si;
    printf("waited for %d\n", sigwaitinfo(&set, &si) == SIGRTMIN + 1 ? si.si_value.sival_int : -1);

    signal(SIGPIPE, SIG_IGN);
    int p[2];
    if (pipe(p) == 0) close(p[0]);
    printf("%s\n", write(p[1], "x", 1) < 0 ? strerror(errno) : "written");

    handle(SIGCHLD, count, SA_RESTART);
    hits = 0;
    int status;
    pid_t child = fork();
    if (child == 0) { signal(SIGTERM, SIG_DFL); raise(SIGTERM); }
    while (waitpid(child, &status, 0) < 0) ;
    printf("child died of %d, %d SIGCHLD\n", WTERMSIG(status), hits);
    fflush(stdout);
    signal(SIGSEGV, SIG_DFL);
    *(volatile int *)8 = 1;
}
