// pipes: O_DIRECT packets, F_SETPIPE_SZ, splice between pipes, vmsplice, tee, FIONREAD, poll at each state
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/uio.h>
#include <unistd.h>
static int state(int fd, int ev) { struct pollfd p = {fd, ev}; poll(&p, 1, 0); return p.revents; }
int main(void)
{
    int p[2], q[2], n;
    char b[100] = "";
    pipe2(p, O_DIRECT | O_NONBLOCK), pipe2(q, O_NONBLOCK);
    write(p[1], "one", 3), write(p[1], "two", 3);
    printf("%zd ", read(p[0], b, 2)), puts(b);
    printf("%zd ", read(p[0], b, 100)), puts(b);
    printf("%zd %d\n", read(p[0], b, 100), errno);
    printf("%d %d\n", fcntl(q[1], F_SETPIPE_SZ, 5000), fcntl(q[0], F_GETPIPE_SZ));
    printf("%x %x\n", state(q[0], POLLIN), state(q[1], POLLOUT));
    struct iovec v[2] = {{"spl", 3}, {"iced", 4}};
    printf("%zd\n", vmsplice(q[1], v, 2, 0));
    printf("%zd\n", tee(q[0], p[1], 5, 0));
    printf("%d %d\n", ioctl(q[0], FIONREAD, &n), n);
    printf("%zd\n", splice(q[0], 0, p[1], 0, 100, SPLICE_F_NONBLOCK));
    memset(b, 0, 100);
    for (int k = 0; k < 3; k++) printf("%zd ", read(p[0], b, 100)), puts(b);
    printf("%zd %d\n", splice(q[0], 0, p[1], 0, 100, SPLICE_F_NONBLOCK), errno);
    printf("%zd %d\n", splice(q[0], 0, q[1], 0, 100, 0), errno);
    close(q[1]);
    printf("%x %zd\n", state(q[0], POLLIN), splice(q[0], 0, p[1], 0, 100, 0));
    close(p[0]);
    printf("%x\n", state(p[1], POLLOUT));
    memset(b, 0, 100);
    pipe(p);
    write(p[1], "vm", 2);
    v[0] = (struct iovec){b, 1}, v[1] = (struct iovec){b + 9, 5};
    printf("%zd %c %c\n", vmsplice(p[0], v, 2, 0), b[0], b[9]);
}
