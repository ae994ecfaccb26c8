// a parent spins on shared memory that a child fills by read, recv, getrandom, and by signal frames
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>
int main(void)
{
    char *m = mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    int s[2];
    socketpair(AF_UNIX, SOCK_STREAM, 0, s);
    if (!fork()) {
        read(s[1], m, 100);
        readv(s[1], (struct iovec[]){{m + 4000, 2}, {m + 5000, 98}}, 2);
        struct iovec v = {m + 6000, 100};
        struct msghdr h = {.msg_iov = &v, .msg_iovlen = 1};
        recvmsg(s[1], &h, 0);
        getcwd(m + 7000, 1000);
        _exit(0);
    }
    write(s[0], "one", 3);
    while (!*(volatile char *)m);
    printf("%s\n", m);
    write(s[0], "two", 3);
    while (!*(volatile char *)(m + 5000));
    printf("%s%s\n", m + 4000, m + 5000);
    write(s[0], "three", 5);
    while (!*(volatile char *)(m + 6000));
    printf("%s\n", m + 6000);
    while (!*(volatile char *)(m + 7000));
    wait(0);
    printf("%d\n", m[7000] == '/');
}
