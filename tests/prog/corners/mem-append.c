// a mapped file is appended to: by pwrite, which does so whatever the place, by RWF_APPEND, by pwritev2 at its own place
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>
int main(void)
{
    int fd = open("f", O_RDWR | O_CREAT | O_APPEND, 0600), g = open("f", O_RDWR);
    write(fd, "beginning ", 10);
    char *m = mmap(0, 4096, PROT_READ, MAP_SHARED, fd, 0), *q = mmap(0, 4096, PROT_READ, MAP_PRIVATE, fd, 0);
    printf("%s%s\n", m, q);
    printf("%zd\n", pwrite(fd, "appended ", 9, 0));
    printf("%s%s\n", m, q);
    printf("%zd\n", pwritev2(g, &(struct iovec){"flagged ", 8}, 1, 0, RWF_APPEND));
    printf("%s%s\n", m, q);
    lseek(g, 3, SEEK_SET);
    printf("%zd\n", pwritev2(g, &(struct iovec){"XYZ", 3}, 1, -1, 0));
    printf("%s%s\n", m, q);
}
