// results that end at a page that is not there: getcwd, getdents, wait status, sockaddr, siginfo, poll, itimers
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>
static char *end;
static void show(const char *what, long r) { printf("%s %ld %d:", what, r, r < 0 ? errno : 0); for (int i = 8; i; i--) printf(" %02x", (unsigned char)end[-i]); puts(""); memset(end - 64, 0xee, 64); }
int main(void)
{
    end = (char *)mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) + 4096;
    mprotect(end, 4096, PROT_NONE);
    memset(end - 64, 0xee, 64);
    int p[2], s[2];
    pipe(p), socketpair(AF_UNIX, SOCK_STREAM, 0, s);
    write(p[1], "0123456789", 10);
    show("read", syscall(SYS_read, p[0], end - 4, 10));
    write(p[1], "0123456789", 10);
    show("readv", readv(p[0], (struct iovec[]){{end - 8, 4}, {end - 3, 10}}, 2));
    write(s[1], "0123456789", 10);
    show("recv", syscall(SYS_recvfrom, s[0], end - 4, 10, 0, 0, 0));
    int z = open("/dev/zero", O_RDONLY);
    show("zero", syscall(SYS_read, z, end - 4, 10));
    show("getcwd", syscall(SYS_getcwd, end - 4, 100));
    show("rlimit", syscall(SYS_getrlimit, RLIMIT_CORE, end - 8));
    show("pipe", syscall(SYS_pipe, end - 4));
    show("socketpair", syscall(SYS_socketpair, 1, 1, 0, end - 4));
    socklen_t n = 16;
    show("getsockname", syscall(SYS_getsockname, s[0], end - 1, &n));
    n = 8;
    show("getsockopt", syscall(SYS_getsockopt, s[0], SOL_SOCKET, SO_TYPE, end - 2, &n));
    show("pread", syscall(SYS_pread64, z, end - 4, 10, 0));
    if (!fork()) _exit(3);
    show("waitid", syscall(SYS_waitid, P_ALL, 0, end - 8, WEXITED | WNOWAIT, 0));
    show("wait4", syscall(SYS_wait4, -1, end - 2, 0, 0));
    show("select", syscall(SYS_select, 64, end - 4, 0, 0, &(struct timeval){0, 0}));
    show("getrandom", syscall(SYS_getrandom, end, 10, 0));
    show("uname", syscall(SYS_uname, end - 64) < 0 ? -1 : 0);
}
