// scripts with #!, with an argument, a chain of interpreters, and what cannot be run
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
static void make(const char *name, const char *text, int mode)
{
    FILE *f = fopen(name, "w");
    fputs(text, f);
    fclose(f);
    chmod(name, mode);
}
int main(void)
{
    int s;
    make("a", "#!/bin/sh -e\necho script $0 $1\nfalse\necho no\n", 0755);
    make("b", "#!./a\n", 0755);
    make("c", "echo no interpreter\n", 0755);
    make("d", "#!/none\n", 0755);
    make("e", "x", 0644);
    for (char n[] = "./a"; n[2] <= 'f'; n[2]++) {
        fflush(stdout);
        if (!fork()) { execl(n, n, "arg", (char *)0); printf("%s errno %d\n", n, errno); fflush(stdout); _exit(9); }
        wait(&s);
        printf("%s %d\n", n, WEXITSTATUS(s));
    }
}
