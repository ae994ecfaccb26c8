// getrlimit, setrlimit, prlimit, priorities, EMFILE, EFBIG with SIGXFSZ, SIGXCPU, stack limit
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
int main(void)
{
    struct rlimit l = {10, 20}, o;
    int n, s;
    printf("%d\n", setrlimit(RLIMIT_NOFILE, &l));
    while ((n = open("/dev/null", O_RDONLY)) >= 0) ;
    printf("%d\n", errno == EMFILE);
    l.rlim_cur = 15;
    printf("%d", prlimit(0, RLIMIT_NOFILE, &l, &o)), printf(" %ld %ld\n", (long)o.rlim_cur, (long)o.rlim_max);
    fflush(stdout);
    if (!fork()) {
        l = (struct rlimit){100, 100};
        setrlimit(RLIMIT_FSIZE, &l);
        int fd = open("f", O_CREAT | O_WRONLY, 0600);
        char b[200] = "";
        n = write(fd, b, 200), printf("%d\n", n);
        fflush(stdout);
        write(fd, b, 200);
        _exit(0);
    }
    wait(&s), printf("%d\n", WTERMSIG(s) == SIGXFSZ);
    fflush(stdout);
    if (!fork()) { l = (struct rlimit){1, 2}; setrlimit(RLIMIT_CPU, &l); for (;;) getppid(); }
    wait(&s), printf("%d\n", WTERMSIG(s) == SIGXCPU);
    printf("%d %d\n", getpriority(PRIO_PROCESS, 0), setpriority(PRIO_PROCESS, 0, 5));
    printf("%d %d\n", getpriority(PRIO_PROCESS, 0), nice(2));
}
