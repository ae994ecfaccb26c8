// the stat family, access, chmod, chown, utimensat, statfs
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <unistd.h>
int main(void)
{
    struct stat s;
    struct statx x;
    struct statfs f;
    struct statvfs v;
    umask(022);
    int fd = open("f", O_RDWR | O_CREAT, 0666), r;
    write(fd, "12345", 5);
    symlink("f", "l");
    stat("f", &s), printf("%o %ld %d\n", s.st_mode, (long)s.st_size, (int)s.st_nlink);
    lstat("l", &s), printf("%o %ld\n", s.st_mode, (long)s.st_size);
    fstatat(AT_FDCWD, "l", &s, 0), printf("%o\n", s.st_mode);
    statx(AT_FDCWD, "f", 0, STATX_ALL, &x), printf("%o %d\n", x.stx_mode, (int)x.stx_size);
    printf("%d %d %d\n", chmod("f", 0400), access("f", R_OK), faccessat(AT_FDCWD, "none", F_OK, 0));
    struct timespec t[2] = {{100, 5}, {200, 6}};
    printf("%d", utimensat(AT_FDCWD, "f", t, 0));
    stat("f", &s), printf(" %ld %ld %ld\n", (long)s.st_atime, (long)s.st_mtime, s.st_mtim.tv_nsec);
    futimens(fd, (struct timespec[]){{0, UTIME_OMIT}, {7, 0}});
    fstat(fd, &s), printf("%ld %ld\n", (long)s.st_atime, (long)s.st_mtime);
    printf("%d %d %d\n", fchown(fd, 12, 34), lchown("l", 1, 2), fchmodat(AT_FDCWD, "f", 0644, 0));
    fstat(fd, &s), printf("%d %d\n", s.st_uid, s.st_gid);
    printf("%d %d\n", statfs(".", &f), f.f_bsize > 0);
    printf("%d %d\n", statvfs(".", &v), v.f_namemax > 0);
    r = stat("none", &s), printf("%d %s\n", r, strerror(errno));
}
