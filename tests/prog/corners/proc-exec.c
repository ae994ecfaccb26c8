// a chain of execs of itself, environment and arguments, fexecve, execveat
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>
extern char **environ;
int main(int argc, char **argv)
{
    char n[8], *next[] = {"self", n, 0}, *env[] = {"A=b", n, 0};
    int at = argc > 1 ? atoi(argv[1]) : 0;
    printf("%d %s %s\n", at, argc > 1 ? argv[0] : "", getenv("A") ? getenv("A") : "none");
    fflush(stdout);
    sprintf(n, "%d", at + 1);
    if (at == 0) execv("/proc/self/exe", next);
    if (at == 1) execve("/proc/self/exe", next, env);
    int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    if (at == 2) fexecve(fd, next, env);
    if (at == 3) syscall(SYS_execveat, fd, "", next, environ, AT_EMPTY_PATH);
    if (at == 4) syscall(SYS_execveat, open("/bin", O_PATH), "sh", (char *[]){"sh", "-c", "echo shell $A; exit 9", 0}, environ, 0);
    return 1;
}
