// a mapped file is written to by sendfile, splice, copy_file_range, pwritev2, O_DIRECT, and by another name
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/uio.h>
#include <unistd.h>
int main(void)
{
    int fd = open("f", O_RDWR | O_CREAT, 0600), in = open("g", O_RDWR | O_CREAT, 0600), p[2];
    ftruncate(fd, 65536);
    write(in, "from the other file", 19);
    char *m = mmap(0, 65536, PROT_READ, MAP_SHARED, fd, 0), *q = mmap(0, 65536, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
    off_t at = 0, to = 300;
    lseek(fd, 100, SEEK_SET);
    printf("%zd\n", sendfile(fd, in, &at, 19));
    printf("%.19s %.19s\n", m + 100, q + 100);
    at = 5;
    printf("%zd\n", copy_file_range(in, &at, fd, &to, 9, 0));
    printf("%.9s %.9s\n", m + 300, q + 300);
    pipe(p);
    write(p[1], "spliced", 7);
    to = 5000;
    printf("%zd\n", splice(p[0], 0, fd, &to, 7, 0));
    printf("%s %s\n", m + 5000, q + 5000);
    struct iovec v[2] = {{"pw", 2}, {"ritev2", 6}};
    printf("%zd\n", pwritev2(fd, v, 2, 6000, RWF_DSYNC));
    printf("%s %s\n", m + 6000, q + 6000);
    char *big = aligned_alloc(4096, 4096);
    memset(big, 'd', 4096);
    int other = open("/proc/self/fd/3", O_RDWR);
    printf("%zd\n", pwrite(other, big, 4096, 8192));
    printf("%c %c\n", m[8192], q[12287]);
    int dir = open("f", O_RDWR | O_DIRECT);
    if (dir < 0 || pwrite(dir, big, 4096, 16384) != 4096) pwrite(fd, big, 4096, 16384);
    printf("%c %c\n", m[16384], q[20479]);
    lseek(fd, 0, SEEK_END);
    truncate("f", 100), truncate("f", 65536);
    printf("%d %d\n", m[100], q[5000]);
}
