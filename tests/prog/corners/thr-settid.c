// raw clone of a thread with CHILD_CLEARTID and a futex wait for its end; set_tid_address
#define _GNU_SOURCE
#include <linux/futex.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>
static volatile int tid = -1, x, ptid;
static int f(void *a) { x = syscall(SYS_gettid) == tid; syscall(SYS_exit, 0); return 0; }
int main(void)
{
    char *s = malloc(65536);
    int r = clone(f, s + 65536, CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM |
                  CLONE_PARENT_SETTID | CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID, 0, &ptid, 0, &tid);
    int t;
    while ((t = tid)) syscall(SYS_futex, &tid, FUTEX_WAIT, t, 0, 0, 0);
    printf("%d %d %d\n", r == ptid, x, tid);
    printf("%d\n", syscall(SYS_set_tid_address, &tid) == getpid());
}
