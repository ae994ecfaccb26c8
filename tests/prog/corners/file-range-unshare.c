// close_range with UNSHARE and CLOEXEC, dup3's errors, F_DUPFD_CLOEXEC at the limit, descriptors through exec
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
int main(int argc, char **argv)
{
    if (argc > 1) { for (int i = 3; i < 40; i++) if (fcntl(i, F_GETFD) >= 0) printf("%d ", i); puts("open"); return 0; }
    for (int i = 10; i < 20; i++) dup2(0, i);
    printf("%ld\n", syscall(SYS_close_range, 12, 14, 0));
    printf("%ld\n", syscall(SYS_close_range, 16, 17, 4 /* CLOEXEC */));
    printf("%ld %d\n", syscall(SYS_close_range, 5, 4, 0), errno);
    printf("%d %d\n", dup3(0, 0, 0), errno);
    printf("%d %d\n", dup3(0, 5000000, 0), errno);
    printf("%d %d\n", dup2(99, 5), errno);
    printf("%d\n", dup2(10, 10));
    printf("%d %d\n", fcntl(0, F_DUPFD_CLOEXEC, 30), fcntl(30, F_GETFD));
    struct rlimit r = {35, 35};
    setrlimit(RLIMIT_NOFILE, &r);
    printf("%d %d\n", fcntl(0, F_DUPFD, 35), errno);
    printf("%d %d\n", fcntl(0, F_DUPFD, 34), fcntl(0, F_DUPFD, 34));
    fflush(stdout);
    if (!fork()) { syscall(SYS_close_range, 18, 100, 2); _exit(fcntl(18, F_GETFD) < 0); }
    wait(0);
    execl("/proc/self/exe", "x", "again", (char *)0);
}
