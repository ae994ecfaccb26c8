// linkat, symlinkat, unlinkat with flags; hard links counted; a link to itself; names that are too long
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
int main(void)
{
    struct stat s;
    char name[300], b[100] = "";
    int fd = open("a", O_RDWR | O_CREAT, 0600);
    mkdir("d", 0700);
    int d = open("d", O_RDONLY | O_DIRECTORY);
    printf("%d %d\n", linkat(AT_FDCWD, "a", d, "b", 0), linkat(fd, "", d, "c", AT_EMPTY_PATH));
    fstat(fd, &s);
    printf("%d\n", (int)s.st_nlink);
    printf("%d %zd %s\n", symlinkat("../a", d, "s"), readlinkat(d, "s", b, 100), b);
    printf("%zd\n", readlinkat(d, "s", b, 2));
    printf("%d %d\n", linkat(d, "s", d, "s2", 0), linkat(d, "s", d, "s3", AT_SYMLINK_FOLLOW));
    fstat(fd, &s);
    printf("%d\n", (int)s.st_nlink);
    printf("%d %d\n", unlinkat(AT_FDCWD, "d", 0), errno);
    printf("%d %d\n", unlinkat(AT_FDCWD, "d", AT_REMOVEDIR), errno);
    memset(name, 'n', 299), name[299] = 0;
    printf("%d %d\n", mkdir(name, 0700), errno);
    printf("%d %d\n", link("d", "e"), errno);
    for (const char **n = (const char *[]){"b", "c", "s", "s2", "s3", 0}; *n; n++) printf("%d ", unlinkat(d, *n, 0));
    printf("%d\n", rmdir("d"));
    printf("%zd %d\n", getxattr("a", "user.none", b, 100) * 0, openat(d, "x", O_CREAT | O_RDWR, 0600) < 0);
    printf("%d %d\n", getcwd(b, 3) == 0, errno);
}
