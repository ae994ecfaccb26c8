// varies (inode numbers): calls that meet a page that is not there, after some bytes: those are written, though the call failed
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>
static unsigned char *page;
/* n bytes before the end of the page */
static void *edge(int n) { memset(page, 0xa5, 4096); return page + 4096 - n; }
static void show(const char *what, long r)
{
    unsigned sum = 0;
    int e = r < 0 ? errno : 0;
    for (int i = 0; i < 4096; i++) sum = sum * 31 + page[i];
    printf("%s %ld %d %x\n", what, r, e, sum);
}
int main(void)
{
    int p[2], s[2];
    page = mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    munmap(page + 4096, 4096);
    pipe(p);
    write(p[1], "0123456789", 10), show("read", read(p[0], edge(6), 10));
    socketpair(AF_UNIX, SOCK_DGRAM, 0, s);
    write(s[1], "0123456789", 10), show("recv", recv(s[0], edge(6), 10, 0));
    struct iovec v = {edge(5), 10};
    struct msghdr m = {.msg_iov = &v, .msg_iovlen = 1};
    write(s[1], "0123456789", 10), show("recvmsg", recvmsg(s[0], &m, 0));
    symlink("the-target", "l"), show("readlink", readlink("l", edge(4), 20));
    mkdir("d", 0700), close(open("d/one-name", O_CREAT, 0600)), close(open("d/another-name", O_CREAT, 0600));
    /* the size of the second entry is not counted, but some of it is there */
    int d = open("d", O_DIRECTORY), n = syscall(SYS_getdents64, d, edge(120), 200);
    show("getdents", n > 0);
    struct stat st;
    show("pipe", pipe(edge(4)));
    show("socketpair", socketpair(AF_UNIX, SOCK_STREAM, 0, edge(4)));
    int e = epoll_create1(0), q = msgget(IPC_PRIVATE, 0600);
    epoll_ctl(e, EPOLL_CTL_ADD, eventfd(1, 0), &(struct epoll_event){EPOLLIN, {.u64 = 5}});
    show("epoll_wait", epoll_wait(e, edge(6), 2, 0));
    msgsnd(q, &(struct { long type; char text[9]; }){7, "message"}, 9, 0);
    show("msgrcv", msgrcv(q, edge(11), 9, 0, 0));
    msgctl(q, IPC_RMID, 0);
    show("getsockopt", getsockopt(s[0], SOL_SOCKET, SO_TYPE, edge(2), &(socklen_t){4}));
    show("nowhere", read(p[0], (void *)16, 0));
}
