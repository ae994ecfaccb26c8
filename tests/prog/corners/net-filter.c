// SO_ATTACH_FILTER, SO_GET_FILTER, which counts instructions and not bytes, SO_LOCK_FILTER
#include <linux/filter.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
int main(void)
{
    struct sock_filter code[] = {{BPF_LD | BPF_W | BPF_LEN, 0, 0, 0}, {BPF_JMP | BPF_JGT | BPF_K, 0, 1, 3},
                                 {BPF_RET | BPF_K, 0, 0, 0}, {BPF_RET | BPF_K, 0, 0, 100}}, got[8] = {{0}};
    struct sock_fprog prog = {4, code};
    int s[2], one = 1;
    char buf[20] = "";
    socketpair(AF_UNIX, SOCK_DGRAM, 0, s);
    printf("%d\n", setsockopt(s[0], SOL_SOCKET, SO_ATTACH_FILTER, &prog, sizeof prog));
    socklen_t n = 8;
    printf("%d %u\n", getsockopt(s[0], SOL_SOCKET, SO_GET_FILTER, got, &n), n);
    for (int i = 0; i < 8; i++) printf("%d %d %d %u\n", got[i].code, got[i].jt, got[i].jf, got[i].k);
    send(s[1], "long one", 8, MSG_DONTWAIT), send(s[1], "ok", 2, MSG_DONTWAIT);
    printf("%zd\n", recv(s[0], buf, sizeof buf, MSG_DONTWAIT));
    puts(buf);
    printf("%d\n", setsockopt(s[0], SOL_SOCKET, SO_LOCK_FILTER, &one, sizeof one));
    printf("%d\n", setsockopt(s[0], SOL_SOCKET, SO_DETACH_FILTER, &one, sizeof one));
}
