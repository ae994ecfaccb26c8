// unix sockets: stream, datagram, abstract, seqpacket, credentials
#define _GNU_SOURCE
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>
static void pair(const char *name, int len, int type)
{
    struct sockaddr_un a = {.sun_family = AF_UNIX}, p;
    char b[32] = "";
    memcpy(a.sun_path, name, len);
    socklen_t l = offsetof(struct sockaddr_un, sun_path) + len, pl = sizeof p;
    int s = socket(AF_UNIX, type, 0), r = bind(s, (void *)&a, l);
    if (type != SOCK_DGRAM) listen(s, 1);
    fflush(stdout);
    if (!fork()) {
        int c = socket(AF_UNIX, type, 0);
        connect(c, (void *)&a, l);
        write(c, "unix message", 12);
        _exit(0);
    }
    int c = type == SOCK_DGRAM ? s : accept(s, (void *)&p, &pl);
    struct ucred u = {0};
    socklen_t ul = sizeof u;
    int n = read(c, b, sizeof b);
    getsockopt(c, SOL_SOCKET, SO_PEERCRED, &u, &ul);
    printf("%d %d %s %d\n", r, n, b, type == SOCK_DGRAM || u.pid > 0);
    wait(0);
    close(c), close(s);
}
int main(void)
{
    char abs[32];
    int n = sprintf(abs, "%ccorner-%d", 0, getpid());
    pair("stream", 7, SOCK_STREAM);
    pair("dgram", 6, SOCK_DGRAM);
    pair("seq", 4, SOCK_SEQPACKET);
    pair(abs, n, SOCK_STREAM);
}
