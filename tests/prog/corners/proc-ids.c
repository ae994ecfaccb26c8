// sessions, groups, user ids
#define _GNU_SOURCE
#include <stdio.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>
#include <grp.h>
int main(void)
{
    gid_t g[64];
    uid_t r, e, s;
    fflush(stdout);
    if (!fork()) {
        printf("%d", setsid() == getpid()), printf(" %d\n", setsid());
        printf("%d %d\n", getpgid(0) == getpid(), getsid(0) == getpid());
        printf("%d %d\n", setgroups(2, (gid_t[]){7, 8}), getgroups(64, g));
        printf("%d %d\n", setresgid(1, 2, 3), setresuid(4, 5, 6));
        getresuid(&r, &e, &s);
        printf("%d %d %d\n", r, e, s);
        getresgid(&r, &e, &s);
        printf("%d %d %d %d\n", r, e, s, setuid(0));
        fflush(stdout);
        _exit(0);
    }
    wait(0);
}
