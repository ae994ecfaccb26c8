/* Calls that shape memory in unusual ways: attached twice, moved and kept, doubled, with a gap, in another order. */
#define _GNU_SOURCE
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { P = 4096 };
static sigjmp_buf back;

static void fault(int signo) { (void)signo; siglongjmp(back, 1); }

static void look(const char *what, volatile char *p)
{
    if (sigsetjmp(back, 1))
        printf("%s: fault\n", what);
    else
        printf("%s: %d\n", what, *p);
}

static void store(const char *what, volatile char *p)
{
    if (sigsetjmp(back, 1))
        printf("%s: fault\n", what);
    else
        printf("%s: stored %d\n", what, *p = 77);
}

static char *pages(int n, int how) { return mmap(0, n * P, PROT_READ | PROT_WRITE, how | MAP_ANONYMOUS, -1, 0); }

static void detach(void)
{
    int id = shmget(IPC_PRIVATE, 2 * P, 0600);
    char *a = shmat(id, 0, 0), *b = shmat(id, 0, SHM_RDONLY);
    a[0] = 5;
    look("second", b);
    store("second", b);
    shmdt(a);
    look("first, detached", a);
    look("second", b);
    shmdt(b);
    look("second, detached", b);
    shmctl(id, IPC_RMID, 0);
}

static void move(void)
{
    char *p = pages(2, MAP_PRIVATE);
    p[0] = 9;
    char *q = mremap(p, 2 * P, 2 * P, MREMAP_MAYMOVE | MREMAP_DONTUNMAP, 0);
    look("moved", q);
    look("kept", p);
    char *s = pages(1, MAP_SHARED);
    char *twin = mremap(s, 0, P, MREMAP_MAYMOVE);
    s[1] = 8;
    look("twin", twin + 1);
    char *f = pages(3, MAP_SHARED);
    f[0] = 'a', f[P] = 'b', f[2 * P] = 'c';
    printf("%ld\n", syscall(SYS_remap_file_pages, f, P, 0, 2, 0));
    f[0]++;
    printf("%c%c%c\n", f[0], f[P], f[2 * P]);
}

static void gap(void)
{
    char *p = pages(3, MAP_PRIVATE);
    memset(p, 1, 3 * P);
    munmap(p + P, P);
    int result = madvise(p, 3 * P, MADV_DONTNEED);
    printf("%d %d: %d %d\n", result, errno, p[0], p[2 * P]);
    result = mprotect(p, 3 * P, PROT_READ);
    printf("%d %d\n", result, errno);
    store("before the gap", p);
    store("behind it", p + 2 * P);
    result = syscall(SYS_pkey_mprotect, p + 2 * P, P, PROT_READ, -1);
    printf("%d\n", result);
    store("with key -1", p + 2 * P);
}

int main(void)
{
    int fds[2];
    char buf[16] = "";
    struct iovec v = {buf, sizeof buf};
    signal(SIGSEGV, fault);
    detach();
    move();
    gap();
    pipe(fds);
    write(fds[1], "by vmsplice", 11);
    vmsplice(fds[0], &v, 1, 0);
    printf("%s\n", buf);
    return 0;
}
