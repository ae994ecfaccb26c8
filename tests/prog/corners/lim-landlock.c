// landlock: a child that may read only below one directory
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
int main(void)
{
    uint64_t handled = 4 | 2; /* READ_FILE, WRITE_FILE */
    struct { uint64_t allowed; int fd; } __attribute__((packed)) rule = {4 | 2};
    int st;
    mkdir("in", 0700);
    close(open("in/a", O_CREAT | O_RDWR, 0600)), close(open("out", O_CREAT | O_RDWR, 0600));
    truncate("in/a", 4096);
    if (!fork()) {
        int set = syscall(444, &handled, 8, 0);
        if (set < 0) _exit(13);
        rule.fd = open("in", O_PATH);
        prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
        if (syscall(445, set, 1, &rule, 0) || syscall(446, set, 0)) _exit(99);
        int fd = open("in/a", O_RDWR);
        char *p = mmap(0, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0);
        char *q = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
        q[0] = 1;
        _exit(open("out", O_RDONLY) < 0 && p[100] == 0 && q[0] == 1 ? errno : 0);
    }
    wait(&st);
    printf("%d\n", WEXITSTATUS(st));
}
