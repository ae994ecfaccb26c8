// mknod, mkfifo, opening both ends, poll on a fifo; /dev files
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
int main(void)
{
    char b[16] = "";
    printf("%d %d\n", mkfifo("p", 0600), mknod("q", S_IFIFO | 0600, 0));
    printf("%d %d\n", open("p", O_WRONLY | O_NONBLOCK), errno == ENXIO);
    fflush(stdout);
    if (!fork()) { int w = open("p", O_WRONLY); write(w, "hello", 5); usleep(20000); write(w, "again", 5); _exit(0); }
    int r = open("p", O_RDONLY);
    struct pollfd f = {r, POLLIN};
    for (;;) {
        int n = poll(&f, 1, -1), k = read(r, b, 5);
        printf("%d %d %s\n", n, k, b);
        if (k <= 0) break;
    }
    printf("%x\n", f.revents);
    wait(0);
    int z = open("/dev/zero", O_RDONLY), n = open("/dev/null", O_RDWR), u = open("/dev/full", O_WRONLY);
    printf("%zd %zd %zd\n", read(z, b, 5), write(n, b, 5), write(u, b, 5));
    printf("%d\n", b[0]);
}
