// O_PATH, O_TMPFILE with linkat, O_DIRECTORY, O_NOFOLLOW, O_EXCL, O_NOATIME, O_CLOEXEC: flags and errors
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>
int main(void)
{
    struct stat s;
    char path[64], b[4] = "";
    int fd = open(".", O_TMPFILE | O_RDWR, 0600);
    write(fd, "tmp", 3);
    sprintf(path, "/proc/self/fd/%d", fd);
    printf("%d\n", linkat(AT_FDCWD, path, AT_FDCWD, "named", AT_SYMLINK_FOLLOW));
    int p = open("named", O_PATH);
    printf("%zd %d\n", read(p, b, 3), errno);
    printf("%d %d\n", fstat(p, &s), (int)s.st_size);
    sprintf(path, "/proc/self/fd/%d", p);
    int r = open(path, O_RDONLY);
    printf("%zd %s\n", read(r, b, 3), b);
    symlink("named", "link");
    printf("%d %d\n", open("link", O_NOFOLLOW), errno);
    p = open("link", O_PATH | O_NOFOLLOW);
    printf("%d %zd\n", p >= 0, readlinkat(p, "", path, 10));
    printf("%d %d\n", open("named", O_DIRECTORY), errno);
    printf("%d %d\n", open("named", O_CREAT | O_EXCL, 0600), errno);
    printf("%d %d\n", open("named/x", O_RDONLY), errno);
    printf("%d %d\n", open("nowhere", O_RDONLY), errno);
    printf("%d %d\n", open((char *)8, O_RDONLY), errno);
    printf("%d %d\n", open("", O_RDONLY), errno);
    printf("%d %o\n", fcntl(r, F_GETFL) & O_ACCMODE, umask(077));
    symlink("loop", "loop");
    printf("%d %d\n", open("loop", O_RDONLY), errno);
}
