// syscall numbers, descriptors and commands are 32 bits wide: what stands above them is ignored
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>
#define HIGH (0x12345678l << 32)
int main(void)
{
    struct utsname u = {{0}};
    char name[16] = "", buf[8] = "";
    int p[2];
    struct flock l = {.l_type = F_WRLCK};
    printf("%ld %d\n", syscall(HIGH | SYS_uname, &u), !strcmp(u.sysname, "Linux"));
    prctl(PR_SET_NAME, "high");
    printf("%ld %s\n", syscall(SYS_prctl, HIGH | PR_GET_NAME, name), name);
    pipe(p);
    write(p[1], "abc", 3);
    printf("%ld %s\n", syscall(SYS_read, HIGH | p[0], buf, 3), buf);
    int fd = open("f", O_RDWR | O_CREAT, 0600);
    printf("%ld %d\n", syscall(SYS_fcntl, HIGH | fd, HIGH | F_GETLK, &l), l.l_type == F_UNLCK);
    fflush(stdout);
    syscall(SYS_write, HIGH | 1, "out\n", 4);
    syscall(HIGH | SYS_write, 1, "all\n", 4);
    printf("%ld\n", syscall(HIGH | SYS_getpid) == getpid());
    fflush(stdout);
    syscall(HIGH | SYS_exit_group, HIGH | 9);
}
