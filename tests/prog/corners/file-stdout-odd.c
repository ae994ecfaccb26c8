// writes to the standard output that end at a page that is not there, of nothing, of many parts, with a bad part
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>
int main(void)
{
    char *p = mmap(0, 12288, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    mprotect(p + 8192, 4096, PROT_NONE);
    memset(p, 'p', 8192);
    memcpy(p + 8192 - 6, "abcde\n", 6);
    dprintf(1, "%zd\n", write(1, p + 8192 - 6, 100));
    dprintf(1, "%zd %d\n", write(1, p + 8192, 100), errno);
    dprintf(1, "%zd\n", write(1, p, 0));
    struct iovec v[4] = {{"one ", 4}, {0, 0}, {"two\n", 4}, {p + 8192 - 6, 20}};
    dprintf(1, "%zd\n", writev(1, v, 3));
    dprintf(1, "%zd\n", writev(1, v, 4));
    v[1] = (struct iovec){(void *)8, 5};
    dprintf(1, "%zd\n", writev(1, v, 3));
    dprintf(1, "%zd %d\n", writev(1, v + 1, 2), errno);
    dprintf(1, "%zd %d\n", writev(1, v, -1), errno);
    struct iovec many[1024];
    for (int i = 0; i < 1024; i++) many[i] = (struct iovec){i % 64 == 63 ? "\n" : "+", 1};
    dprintf(1, "%zd\n", writev(1, many, 1024));
    dprintf(1, "%zd\n", pwritev2(1, many, 64, -1, RWF_APPEND));
    dprintf(1, "%zd\n", write(1, "past", 4) * 0 + write(1, "\n", 1));
}
