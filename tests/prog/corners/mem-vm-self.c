// process_vm_readv of oneself over the arrays it is told by, partly unreadable; from and to a child
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>
int main(void)
{
    static union { struct iovec v[2]; char c[32]; } u;
    static char data[80], tail[40], shared[16] = "as it was";
    char *p = mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (int i = 0; i < 79; i++) data[i] = 'A' + i % 50;
    u.v[0] = (struct iovec){u.c, 32}, u.v[1] = (struct iovec){tail, 30};
    printf("%zd\n", process_vm_readv(getpid(), u.v, 2, &(struct iovec){data, 62}, 1, 0));
    printf("%.32s %s\n", u.c, tail);
    mprotect(p + 4096, 4096, PROT_NONE);
    memcpy(p + 4086, "the page's", 10);
    struct iovec r[2] = {{p + 4086, 20}, {data, 5}};
    printf("%zd\n", process_vm_readv(getpid(), &(struct iovec){tail, 30}, 1, r, 2, 0));
    printf("%.10s\n", tail);
    printf("%zd %d\n", process_vm_readv(getpid(), &(struct iovec){p + 4090, 30}, 1, &(struct iovec){data, 30}, 1, 0), errno);
    printf("%.6s\n", p + 4090);
    int g[2], st;
    char c;
    pipe(g);
    pid_t k = fork();
    if (!k) { read(g[0], &c, 1); _exit(strcmp(shared, "as it is!") ? 1 : 4); }
    printf("%zd\n", process_vm_writev(k, (struct iovec[]){{"as ", 3}, {"it is!", 7}}, 2, &(struct iovec){shared, 16}, 1, 0));
    write(g[1], "x", 1);
    wait(&st);
    printf("%d %s\n", WEXITSTATUS(st), shared);
}
