// varies: ioctls of files, whose numbers do not tell what they write
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/fiemap.h>
#include <linux/fs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
static unsigned char b[4096];
static void show(const char *what, long r)
{
    unsigned sum = 0;
    for (int i = 0; i < 4096; i++) sum = sum * 31 + b[i];
    printf("%s %ld %x\n", what, r < 0 ? -errno : r, sum);
    memset(b, 0, sizeof b);
}
int main(void)
{
    int fd = open("f", O_RDWR | O_CREAT | O_TRUNC, 0600);
    for (int i = 0; i < 8; i++) pwrite(fd, "data", 4, i * 100000);
    fsync(fd);
    show("FIGETBSZ", ioctl(fd, FIGETBSZ, b));
    show("FIBMAP", ioctl(fd, FIBMAP, b));
    show("FIOQSIZE", ioctl(fd, FIOQSIZE, b));
    show("FIONREAD", ioctl(fd, FIONREAD, b));
    show("FS_IOC_GETFLAGS", ioctl(fd, FS_IOC_GETFLAGS, b));
    show("FS_IOC_FSGETXATTR", ioctl(fd, FS_IOC_FSGETXATTR, b));
    struct fiemap *m = (void *)b;
    m->fm_length = -1ull, m->fm_extent_count = 20;
    show("FIEMAP", ioctl(fd, FS_IOC_FIEMAP, m));
    struct file_dedupe_range *d = (void *)b;
    d->src_length = 4096, d->dest_count = 1, d->info[0].dest_fd = fd, d->info[0].dest_offset = 8192;
    show("FIDEDUPERANGE", ioctl(fd, FIDEDUPERANGE, d));
    int p = open("/proc/self/pagemap", O_RDONLY), maps = open("/proc/self/maps", O_RDONLY);
    static unsigned long regions[32];
    unsigned long scan[12] = {96, 0, (unsigned long)b & ~4095ul, ((unsigned long)b & ~4095ul) + 4096, 0,
                              (unsigned long)regions, 8, 0, 0, 0, 0xff, 0xff};
    int r = ioctl(p, 0xc0606610, scan); /* PAGEMAP_SCAN */
    memcpy(b, regions, sizeof regions), memcpy(b + 1000, scan, sizeof scan), show("PAGEMAP_SCAN", r);
    static char name[300];
    unsigned long query[13] = {104, 0, (unsigned long)b, [10] = sizeof name, [11] = (unsigned long)name};
    r = ioctl(maps, 0xc0686611, query); /* PROCMAP_QUERY */
    memcpy(b, name, sizeof name), memcpy(b + 1000, query, sizeof query), show("PROCMAP_QUERY", r);
}
