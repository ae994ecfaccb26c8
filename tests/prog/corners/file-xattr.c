// extended attributes
#include <errno.h>
#include <stdio.h>
#include <unistd.h>
#include <fcntl.h>
#include <sys/xattr.h>
int main(void)
{
    char b[100] = "", l[200];
    int fd = open("f", O_CREAT | O_RDWR, 0600);
    int r = setxattr("f", "user.one", "value1", 6, XATTR_CREATE);
    printf("%d %d\n", r, r ? errno : 0);
    printf("%d\n", fsetxattr(fd, "user.two", "22", 2, 0));
    printf("%zd %zd\n", getxattr("f", "user.one", 0, 0), getxattr("f", "user.one", b, 100));
    printf("%s\n", b);
    printf("%zd\n", listxattr("f", l, sizeof l) > 0);
    printf("%zd\n", flistxattr(fd, 0, 0) > 0);
    printf("%d\n", removexattr("f", "user.one"));
    printf("%zd", lgetxattr("f", "user.one", b, 100)), printf(" %d\n", errno == ENODATA);
}
