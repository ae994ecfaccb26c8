// posix_spawn with file actions and attributes, system, popen
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
extern char **environ;
int main(void)
{
    posix_spawn_file_actions_t f;
    posix_spawnattr_t a;
    pid_t c;
    int s;
    sigset_t all;
    char *argv[] = {"sh", "-c", "echo in file; echo err >&2; exit 4", 0}, line[64];
    posix_spawn_file_actions_init(&f);
    posix_spawn_file_actions_addopen(&f, 1, "out", O_CREAT | O_TRUNC | O_WRONLY, 0600);
    posix_spawn_file_actions_adddup2(&f, 1, 2);
    posix_spawnattr_init(&a);
    sigfillset(&all);
    posix_spawnattr_setsigdefault(&a, &all);
    posix_spawnattr_setpgroup(&a, 0);
    posix_spawnattr_setflags(&a, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
    printf("%d\n", posix_spawnp(&c, "sh", &f, &a, argv, environ));
    waitpid(c, &s, 0);
    printf("%d\n", WEXITSTATUS(s));
    FILE *o = fopen("out", "r");
    while (fgets(line, sizeof line, o)) fputs(line, stdout);
    printf("%d\n", posix_spawn(&c, "/none", 0, 0, argv, environ));
    fflush(stdout);
    printf("%d\n", WEXITSTATUS(system("echo system; exit 6")));
    o = popen("echo popen; cat < out", "r");
    while (fgets(line, sizeof line, o)) fputs(line, stdout);
    printf("%d\n", pclose(o));
    o = popen("tr a-z A-Z", "w");
    fflush(stdout);
    fputs("upper\n", o);
    pclose(o);
}
