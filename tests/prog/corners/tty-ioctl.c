// varies: ioctls of a terminal
#include <errno.h>
#include <fcntl.h>
#include <pty.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
int main(void)
{
    unsigned long requests[] = {TCGETS, TCGETA, 0x802c542a /* TCGETS2 */, TIOCGLCKTRMIOS, TIOCGWINSZ, TIOCGPGRP,
        TIOCGSID, TIOCOUTQ, FIONREAD, TIOCMGET, TIOCGETD, TIOCGSOFTCAR, TIOCGEXCL, TIOCGPTN, TIOCGPTLCK, TIOCGPKT,
        TIOCGDEV, TIOCGICOUNT, TIOCGSERIAL, 0x5603 /* VT_GETSTATE */, 0x4b33 /* KDGKBTYPE */};
    int fd[2];
    openpty(fd, fd + 1, 0, 0, 0);
    for (int i = 0; i < sizeof requests / sizeof *requests; i++)
        for (int k = 0; k < 2; k++) {
            unsigned char b[200];
            memset(b, 0xa5, sizeof b);
            int r = ioctl(fd[k], requests[i], b);
            printf("%lx %d ", requests[i], r < 0 ? -errno : r);
            for (int j = 0; j < 80; j++) printf("%02x", b[j]);
            puts("");
        }
    int peer = ioctl(fd[0], TIOCGPTPEER, O_RDWR | O_NOCTTY);
    write(fd[0], "line\n", 5);
    char line[20] = "";
    printf("%d %zd %s", peer, read(peer, line, 20), line);
}
