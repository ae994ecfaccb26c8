// varies: calls of newer kernels, by number: getxattrat, listxattrat, file_getattr, listmount, statmount, lsm_list_modules
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>
static unsigned char b[8192];
static void show(const char *what, long r)
{
    unsigned sum = 0;
    for (int i = 0; i < sizeof b; i++) sum = sum * 31 + b[i];
    printf("%s %ld %x\n", what, r < 0 ? -errno : r, sum);
    memset(b, 0, sizeof b);
}
int main(void)
{
    close(open("f", O_CREAT | O_RDWR, 0600));
    struct { unsigned long value; unsigned size, flags; } set = {(unsigned long)"value", 5, 0},
                                                          get = {(unsigned long)b, 100, 0};
    show("setxattrat", syscall(463, AT_FDCWD, "f", 0, "user.name", &set, 16));
    show("getxattrat", syscall(464, AT_FDCWD, "f", 0, "user.name", &get, 16));
    show("listxattrat", syscall(465, AT_FDCWD, "f", 0, b, 100));
    show("removexattrat", syscall(466, AT_FDCWD, "f", 0, "user.name"));
    show("file_getattr", syscall(468, AT_FDCWD, "f", b, 24, 0));
    unsigned long query[3] = {24, -1ul, 0}, ids[8];
    long r = syscall(458, query, b, 50, 0);
    memcpy(ids, b, sizeof ids), show("listmount", r);
    query[1] = ids[0], query[2] = 0x3f;
    show("statmount", syscall(457, query, b, sizeof b, 0));
    unsigned size = 1;
    r = syscall(461, b, &size, 0), memcpy(b + 1000, &size, 4), show("lsm_list_modules", r);
    size = 100, show("lsm_list_modules", syscall(461, b, &size, 0));
    show("sysfs", syscall(SYS_sysfs, 2, 1, b));
    show("keyctl", syscall(SYS_keyctl, 31, b, 50, 0, 0));
}
