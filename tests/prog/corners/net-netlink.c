// netlink: the link of lo; ioctls of interfaces
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>
int main(void)
{
    int s = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE), lo = 0;
    struct { struct nlmsghdr h; struct rtgenmsg g; } q = {{sizeof q, RTM_GETLINK, NLM_F_REQUEST | NLM_F_DUMP, 1, 0}, {AF_UNSPEC}};
    char b[16384];
    send(s, &q, sizeof q, 0);
    for (int done = 0; !done; ) {
        int n = recv(s, b, sizeof b, 0);
        for (struct nlmsghdr *h = (void *)b; NLMSG_OK(h, n); h = NLMSG_NEXT(h, n)) {
            if (h->nlmsg_type == NLMSG_DONE) done = 1;
            else if (h->nlmsg_type == RTM_NEWLINK) lo += ((struct ifinfomsg *)NLMSG_DATA(h))->ifi_index == 1;
        }
    }
    printf("%d\n", lo);
    int u = socket(AF_INET, SOCK_DGRAM, 0);
    struct ifreq r = {0};
    strcpy(r.ifr_name, "lo");
    printf("%d", ioctl(u, SIOCGIFINDEX, &r)), printf(" %d\n", r.ifr_ifindex);
    printf("%d", ioctl(u, SIOCGIFFLAGS, &r)), printf(" %d\n", !!(r.ifr_flags & IFF_LOOPBACK));
    struct ifconf c = {.ifc_len = sizeof b, .ifc_buf = b};
    printf("%d", ioctl(u, SIOCGIFCONF, &c)), printf(" %d\n", c.ifc_len >= 0);
    printf("%u %s\n", if_nametoindex("lo"), if_indextoname(1, b));
}
