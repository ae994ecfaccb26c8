// no environment, an argument vector that is empty, arguments of odd bytes, a long one, AT_EXECFN, AT_RANDOM there
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/wait.h>
#include <unistd.h>
extern char **environ;
int main(int argc, char **argv)
{
    if (!environ[0] || getenv("AGAIN")) {
        unsigned sum = 0;
        for (int i = 0; i < argc; i++) for (char *p = argv[i]; *p; p++) sum = sum * 31 + (unsigned char)*p;
        int n = 0;
        while (environ[n]) n++;
        printf("%d %u %d %s %d\n", argc, sum, n, strrchr((char *)getauxval(AT_EXECFN), '/'), getauxval(AT_RANDOM) != 0);
        return argc;
    }
    char *big = malloc(100001), *odd[] = {"", "\1\2\377", "a b\tc\n", "=", 0}, *empty[] = {0}, *one[] = {"AGAIN=", 0};
    memset(big, 'x', 100000), big[100000] = 0;
    char *many[3002] = {0}, *a[] = {"x", big, 0};
    for (int i = 0; i < 3000; i++) many[i] = i % 3 ? "AGAIN=1" : "";
    for (int k = 0; k < 5; k++) {
        int st;
        if (!fork()) {
            if (k == 0) execve("/proc/self/exe", odd, empty);
            if (k == 1) execve("/proc/self/exe", empty, one);
            if (k == 2) execve("/proc/self/exe", a, empty);
            if (k == 3) execve("/proc/self/exe", odd, many);
            if (k == 4) execve("/proc/self/exe", 0, one);
            _exit(99);
        }
        wait(&st);
        printf("%d\n", WEXITSTATUS(st)), fflush(stdout);
    }
}
