// big arguments and environments, empty argv[0], many arguments
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
extern char **environ;
int main(int argc, char **argv)
{
    if (argc > 5) {
        size_t n = 0;
        for (int i = 0; i < argc; i++) n += strlen(argv[i]);
        printf("%d %zu %zu %s\n", argc, n, strlen(getenv("BIG")), argv[argc - 1]);
        return 0;
    }
    static char *a[2002], big[100000];
    memset(big, 'x', sizeof big - 1), memcpy(big, "BIG=", 4);
    a[0] = "";
    for (int i = 1; i < 2001; i++) a[i] = "argument";
    char *e[] = {big, 0};
    fflush(stdout);
    execve("/proc/self/exe", a, e);
    return 1;
}
