// the same of calls that make a task, change memory, end: clone, mmap, munmap, wait4
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#define HIGH (0x7fl << 40)
int main(void)
{
    int st = 0;
    long k = syscall(HIGH | SYS_fork);
    if (!k) syscall(HIGH | SYS_exit, 5);
    printf("%d\n", syscall(HIGH | SYS_wait4, HIGH | (unsigned)k, &st, HIGH, 0) == k);
    printf("%d\n", WEXITSTATUS(st));
    char *p = (char *)syscall(HIGH | SYS_mmap, 0, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    strcpy(p, "mapped");
    puts(p);
    printf("%ld\n", syscall(HIGH | SYS_munmap, p + 4096, 4096));
    printf("%ld\n", syscall(HIGH | SYS_mprotect, p, 4096, PROT_READ));
    puts(p);
    struct sigaction a = {.sa_handler = SIG_IGN};
    sigaction(SIGUSR1, &a, 0);
    printf("%ld\n", syscall(SYS_kill, HIGH | getpid(), HIGH | SIGUSR1));
    k = syscall(SYS_clone, HIGH | SIGCHLD, 0, 0, 0, 0);
    if (!k) _exit(6);
    printf("%d\n", k < 0 ? -1 : (wait(&st), WEXITSTATUS(st)));
}
