// readv, writev, pread, preadv2, lseek with SEEK_DATA, truncate, fallocate, append, O_TMPFILE, direct
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>
int main(void)
{
    char a[8] = "", b[8] = "", c[32] = "";
    int fd = open("f", O_RDWR | O_CREAT | O_TRUNC, 0600);
    struct iovec w[3] = {{"one", 3}, {"two2", 4}, {"three", 5}}, r[2] = {{a, 5}, {b, 7}};
    printf("%zd\n", writev(fd, w, 3));
    lseek(fd, 0, SEEK_SET);
    printf("%zd", readv(fd, r, 2)), printf(" %s %.7s\n", a, b);
    printf("%zd", pread(fd, c, 4, 3)), printf(" %s\n", c);
    printf("%zd\n", pwritev(fd, w, 2, 20000));
    printf("%zd", preadv(fd, r, 2, 20000)), printf(" %s\n", a);
    printf("%zd", preadv2(fd, r, 1, 3, 0)), printf(" %.5s\n", a);
    printf("%zd\n", pwritev2(fd, w, 1, 100, RWF_APPEND) >= 0);
    printf("%d\n", lseek(fd, 5000, SEEK_DATA) >= 5000);
    ftruncate(fd, 5), truncate("f", 3);
    struct stat s;
    fstat(fd, &s), printf("%ld %ld\n", (long)s.st_size, (long)lseek(fd, 0, SEEK_END));
    printf("%d", posix_fallocate(fd, 0, 9000)), fstat(fd, &s), printf(" %ld\n", (long)s.st_size);
    printf("%d\n", fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 4096) <= 0);
    int t = open(".", O_TMPFILE | O_RDWR, 0600);
    if (t >= 0) { write(t, "tmp", 3); pread(t, c, 3, 0); c[3] = 0; }
    printf("%s\n", c);
    int ap = open("f", O_WRONLY | O_APPEND);
    write(ap, "xyz", 3), pread(fd, c, 3, 9000), printf("%s\n", c);
    printf("%d", (int)read(ap, c, 1)), printf(" %d\n", errno == EBADF);
    printf("%d %d\n", posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED), fdatasync(fd) + fsync(fd) + syncfs(fd));
    printf("%zd\n", readahead(fd, 0, 4096));
}
