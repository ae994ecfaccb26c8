// varies: what a recorder may refuse: io_uring, rseq, userfaultfd, ptrace, pkeys, perf events, bpf
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
int main(void)
{
    char b[256];
    memset(b, 0, 256);
    long n[] = {SYS_io_uring_setup, SYS_userfaultfd, SYS_pkey_alloc, SYS_perf_event_open, SYS_io_setup, 449, 450, 451, 452, 500};
    for (int i = 0; i < 10; i++) { errno = 0; long r = syscall(n[i], 0, 0, 0, 0, 0); printf("%ld %ld %d\n", n[i], r < 0 ? r : 0, errno); }
    fflush(stdout);
    pid_t c = fork();
    if (!c) { long r = ptrace(PTRACE_TRACEME, 0, 0, 0); printf("%ld %d\n", r, errno); fflush(stdout); _exit(3); }
    int s;
    waitpid(c, &s, 0), printf("%x\n", s);
    if (WIFSTOPPED(s)) ptrace(PTRACE_CONT, c, 0, 0), waitpid(c, &s, 0);
}
