// varies: ioctls about network interfaces, and times of packets
#include <errno.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
static unsigned sum(void *p, int n) { unsigned s = 0; for (unsigned char *b = p; n--; b++) s = s * 31 + *b; return s; }
int main(void)
{
    int s = socket(AF_INET, SOCK_DGRAM, 0), r;
    for (int q = SIOCGIFNAME; q < 0x8990; q++) {
        struct ifreq i;
        if (q != SIOCGIFNAME && q != SIOCGIFFLAGS && q != SIOCGIFADDR && q != SIOCGIFNETMASK && q != SIOCGIFMTU &&
            q != SIOCGIFHWADDR && q != SIOCGIFINDEX && q != SIOCGIFTXQLEN && q != SIOCGIFMAP)
            continue;
        memset(&i, 0, sizeof i), strcpy(i.ifr_name, "lo");
        if (q == SIOCGIFNAME) i.ifr_ifindex = 1;
        r = ioctl(s, q, &i), printf("%x %d %x\n", q, r < 0 ? errno : 0, sum(&i, sizeof i));
    }
    char list[400] = "";
    struct ifconf c = {.ifc_len = sizeof list, .ifc_buf = list};
    r = ioctl(s, SIOCGIFCONF, &c), printf("conf %d %d %x\n", r, c.ifc_len, sum(list, sizeof list));
    unsigned answer[64] = {0x0a}; /* ETHTOOL_GLINK */
    struct ifreq e = {"lo", .ifr_data = (void *)answer};
    r = ioctl(s, SIOCETHTOOL, &e), printf("ethtool %d %x\n", r < 0 ? errno : 0, sum(answer, sizeof answer));
    struct sockaddr_in a = {AF_INET, 0, {htonl(INADDR_LOOPBACK)}};
    socklen_t n = sizeof a;
    bind(s, (void *)&a, n), getsockname(s, (void *)&a, &n);
    long stamp[2] = {1, 2};
    ioctl(s, SIOCGSTAMP, stamp);
    sendto(s, "x", 1, 0, (void *)&a, n), recv(s, &r, 1, 0);
    r = ioctl(s, SIOCGSTAMPNS, stamp), printf("stamp %d %x\n", r, sum(stamp, sizeof stamp));
    r = ioctl(s, SIOCGPGRP, answer), printf("%d %d\n", r, answer[0]);
}
