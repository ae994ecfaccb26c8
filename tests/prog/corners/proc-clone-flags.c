// clone with CLONE_FILES, CLONE_FS, CLONE_PARENT, CLONE_VFORK alone; no exit signal and __WCLONE
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
int main(void)
{
    int st;
    mkdir("d", 0700);
    long k = syscall(SYS_clone, CLONE_FILES | SIGCHLD, 0, 0, 0, 0);
    if (!k) _exit(open("/dev/null", O_RDONLY));
    wait(&st);
    printf("%d\n", fcntl(WEXITSTATUS(st), F_GETFD));
    k = syscall(SYS_clone, CLONE_FS | SIGCHLD, 0, 0, 0, 0);
    if (!k) { umask(0123); _exit(chdir("d")); }
    wait(&st);
    printf("%o %d\n", umask(022), access("../d", F_OK));
    k = syscall(SYS_clone, CLONE_VFORK | SIGCHLD, 0, 0, 0, 0);
    if (!k) { usleep(20000); _exit(4); }
    printf("%d\n", waitpid(k, &st, 0) == k);
    k = syscall(SYS_clone, 0, 0, 0, 0, 0);
    if (!k) _exit(5);
    printf("%d %d\n", wait(&st), errno);
    printf("%d\n", waitpid(k, &st, __WCLONE) == k);
    printf("%d\n", WEXITSTATUS(st));
    if (!fork()) {
        k = syscall(SYS_clone, CLONE_PARENT | SIGCHLD, 0, 0, 0, 0);
        if (!k) { usleep(20000); _exit(8); }
        _exit(wait(0) == -1 && errno == ECHILD);
    }
    int sum = 0;
    wait(&st), sum += WEXITSTATUS(st), wait(&st), sum += WEXITSTATUS(st);
    printf("%d\n", sum);
    printf("%ld %d\n", syscall(SYS_clone, CLONE_THREAD, 0, 0, 0, 0), errno);
    printf("%ld %d\n", syscall(SYS_clone, CLONE_SIGHAND, 0, 0, 0, 0), errno);
}
