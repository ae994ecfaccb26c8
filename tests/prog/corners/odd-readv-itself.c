// readv and recvmsg whose data falls onto the very array that says where it goes
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>
int main(void)
{
    static union { struct iovec v[4]; char c[64]; } u;
    static struct { struct iovec v[2]; struct msghdr m; } w;
    char a[17] = "", b[17] = "", data[96];
    int s[2];
    socketpair(AF_UNIX, SOCK_STREAM, 0, s);
    for (int i = 0; i < 96; i++) data[i] = 'a' + i % 26;
    write(s[1], data, 80);
    u.v[0] = (struct iovec){u.c, 64}, u.v[1] = (struct iovec){a, 16};
    printf("%zd\n", readv(s[0], u.v, 2));
    printf("%.64s %s\n", u.c, a);
    write(s[1], data, 48);
    w.v[0] = (struct iovec){w.v, 32}, w.v[1] = (struct iovec){b, 16};
    w.m.msg_iov = w.v, w.m.msg_iovlen = 2;
    printf("%zd\n", recvmsg(s[0], &w.m, 0));
    printf("%.32s %s\n", (char *)w.v, b);
}
