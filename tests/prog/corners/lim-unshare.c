// unshare, namespaces, setns, sethostname, mount in a child; chroot
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
int main(void)
{
    int s;
    char b[64];
    if (!fork()) {
        int r = unshare(CLONE_NEWUTS | CLONE_NEWNS | CLONE_NEWIPC);
        printf("%d\n", r);
        if (!r) { printf("%d", sethostname("corner", 6)), gethostname(b, 64), printf(" %s\n", b); }
        r = unshare(CLONE_NEWPID);
        printf("%d\n", r);
        fflush(stdout);
        if (!fork()) { printf("pid %d\n", getpid()); fflush(stdout); _exit(4); }
        wait(&s), printf("%d\n", WEXITSTATUS(s));
        mkdir("root", 0700);
        printf("%d %d\n", chroot("root"), chdir("/"));
        printf("%d\n", access("/etc", F_OK));
        fflush(stdout);
        _exit(0);
    }
    wait(&s), printf("%d\n", s);
}
