// madvise: DONTNEED gives zeroes, or the file's bytes back; FREE, WILLNEED, DONTFORK, WIPEONFORK
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
int main(void)
{
    char *p = mmap(0, 40960, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    memset(p, 1, 40960);
    printf("%d %d %d %d\n", madvise(p, 8192, MADV_DONTNEED), p[0], p[8191], p[8192]);
    printf("%d %d\n", madvise(p, 40960, MADV_WILLNEED), madvise(p + 1, 1, MADV_DONTNEED));
    printf("%d %d\n", madvise(p, 40960, MADV_HUGEPAGE) <= 0, madvise(p, 4096, 12345));
    int fd = open("f", O_RDWR | O_CREAT | O_TRUNC, 0600);
    write(fd, "file contents", 13);
    char *f = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
    strcpy(f, "changed");
    printf("%s\n", f);
    madvise(f, 4096, MADV_DONTNEED);
    printf("%s\n", f);
    memset(p, 6, 40960);
    printf("%d\n", madvise(p, 4096, MADV_WIPEONFORK));
    printf("%d\n", madvise(p + 4096, 4096, MADV_DONTFORK));
    fflush(stdout);
    if (!fork()) { printf("%d %d\n", p[0], p[8192]); fflush(stdout); p[4096] = 1; _exit(0); }
    int s;
    wait(&s);
    printf("%d %d\n", WIFSIGNALED(s), p[0]);
    printf("%d %d\n", madvise(p, 8192, MADV_POPULATE_WRITE), madvise(p + 8192, 8192, MADV_COLD));
}
