// sendfile, splice, tee, vmsplice, copy_file_range between files and pipes
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/uio.h>
#include <unistd.h>
int main(void)
{
    char b[64] = "";
    int f = open("f", O_RDWR | O_CREAT | O_TRUNC, 0600), g = open("g", O_RDWR | O_CREAT | O_TRUNC, 0600), p[2], q[2];
    pipe(p), pipe(q);
    write(f, "contents of the file", 20);
    off_t o = 3;
    printf("%zd", sendfile(g, f, &o, 10)), printf(" %ld\n", (long)o);
    loff_t i = 0, k = 10;
    printf("%zd", copy_file_range(f, &i, g, &k, 8, 0)), printf(" %ld %ld\n", (long)i, (long)k);
    printf("%zd %s\n", pread(g, b, 63, 0), b);
    i = 0;
    printf("%zd", splice(f, &i, p[1], 0, 12, 0)), printf(" %ld\n", (long)i);
    printf("%zd\n", tee(p[0], q[1], 5, 0));
    memset(b, 0, 64);
    read(q[0], b, 63), printf("%s\n", b);
    i = 30;
    printf("%zd", splice(p[0], 0, g, &i, 6, 0)), printf(" %ld\n", (long)i);
    memset(b, 0, 64);
    read(p[0], b, 63), printf("%s\n", b);
    struct iovec v[2] = {{"vm", 2}, {"splice", 6}};
    printf("%zd\n", vmsplice(p[1], v, 2, 0));
    memset(b, 0, 64);
    read(p[0], b, 63), printf("%s\n", b);
    printf("%d\n", fcntl(p[0], F_SETPIPE_SZ, 8192) >= 8192);
}
