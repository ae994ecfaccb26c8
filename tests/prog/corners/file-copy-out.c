// sendfile, splice, tee and vmsplice to the standard output
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>
int main(void)
{
    int f = open("f", O_RDWR | O_CREAT | O_TRUNC, 0600), p[2];
    setbuf(stdout, 0);
    pipe(p);
    write(f, "contents of the file\n", 21);
    off_t o = 9;
    int r = sendfile(1, f, &o, 100);
    printf("%d\n", r);
    lseek(f, 0, SEEK_SET);
    r = sendfile(1, f, 0, 8);
    printf("\n%d\n", r);
    write(p[1], "through a pipe\n", 15);
    r = splice(p[0], 0, 1, 0, 15, 0);
    printf("%d\n", r);
    struct iovec v = {"vmsplice\n", 9};
    r = vmsplice(1, &v, 1, 0);
    printf("%d\n", r > 0);
    loff_t i = 0;
    r = copy_file_range(f, &i, 1, 0, 5, 0);
    printf("%d\n", r > 0);
    dprintf(1, "dprintf %d\n", 5);
    dup2(1, 7);
    write(7, "dup\n", 4);
    int n = open("/dev/stdout", O_WRONLY | O_APPEND);
    write(n, "opened\n", 7);
}
