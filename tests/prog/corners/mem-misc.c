// mincore, mlock, mlockall, process_vm_readv and writev of itself and a child, msync, remap_file_pages, membarrier
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>
static char text[32] = "process_vm";
int main(void)
{
    unsigned char v[4] = {9, 9, 9, 9};
    char *p = mmap(0, 16384, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), b[32] = "";
    p[0] = p[8192] = 1;
    printf("%d %d %d\n", mincore(p, 16384, v), v[0] & 1, v[2] & 1);
    printf("%d %d %d\n", mlock(p, 4096), munlock(p, 4096), mlock2(p, 4096, 0));
    struct iovec l = {b, 10}, r = {text, 10};
    printf("%zd %s\n", process_vm_readv(getpid(), &l, 1, &r, 1, 0), b);
    strcpy(b, "written!!!");
    printf("%zd %s\n", process_vm_writev(getpid(), &l, 1, &r, 1, 0), text);
    int q[2];
    char c;
    pipe(q);
    pid_t k = fork();
    if (!k) { read(q[0], &c, 1); _exit(text[0]); }
    printf("%zd\n", process_vm_writev(k, (&(struct iovec){"child", 5}), 1, &r, 1, 0) + 0);
    int s;
    write(q[1], "x", 1);
    wait(&s);
    printf("%c\n", WEXITSTATUS(s));
    printf("%d\n", (int)syscall(SYS_membarrier, 0, 0, 0) > 0);
    printf("%d\n", munlockall());
}
