// guard pages, and madvise of one's own memory by way of a pidfd
#define _GNU_SOURCE
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>
static sigjmp_buf back;
static void handler(int s) { siglongjmp(back, 1); }
static int look(volatile char *p) { return sigsetjmp(back, 1) ? -1 : *p; }
int main(void)
{
    char *p = mmap(0, 5 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    memset(p, 7, 5 * 4096);
    signal(SIGSEGV, handler);
    int r = madvise(p + 4096, 8192, 102); /* MADV_GUARD_INSTALL */
    printf("%d %d %d %d %d\n", r, look(p), look(p + 4096), look(p + 8192), look(p + 3 * 4096));
    r = madvise(p + 4096, 4096, 103); /* MADV_GUARD_REMOVE */
    printf("%d %d %d\n", r, look(p + 4096), look(p + 8192));
    r = madvise(p + 3 * 4096, 4096, 24); /* MADV_DONTNEED_LOCKED */
    printf("%d %d\n", r, look(p + 3 * 4096));
    p[3 * 4096] = 8;
    struct iovec v[2] = {{p, 4096}, {p + 3 * 4096, 8192}};
    r = syscall(SYS_process_madvise, syscall(SYS_pidfd_open, getpid(), 0), v, 2, MADV_DONTNEED, 0);
    printf("%d %d %d %d\n", r, look(p), look(p + 3 * 4096), look(p + 4 * 4096));
}
