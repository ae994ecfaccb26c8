// sendmmsg, recvmmsg
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
int main(void)
{
    int s[2];
    char in[4][16] = {""};
    struct iovec o[3] = {{"one", 3}, {"three", 5}, {"eleventh", 8}}, v[4];
    struct mmsghdr a[3] = {0}, b[4] = {0};
    socketpair(AF_UNIX, SOCK_DGRAM, 0, s);
    for (int i = 0; i < 3; i++) a[i].msg_hdr.msg_iov = &o[i], a[i].msg_hdr.msg_iovlen = 1;
    for (int i = 0; i < 4; i++) v[i] = (struct iovec){in[i], 16}, b[i].msg_hdr.msg_iov = &v[i], b[i].msg_hdr.msg_iovlen = 1;
    printf("%d", sendmmsg(s[0], a, 3, 0));
    for (int i = 0; i < 3; i++) printf(" %d", a[i].msg_len);
    struct timespec t = {1, 0};
    printf("\n%d", recvmmsg(s[1], b, 4, MSG_DONTWAIT, &t));
    for (int i = 0; i < 3; i++) printf(" %d %s", b[i].msg_len, in[i]);
    puts("");
}
