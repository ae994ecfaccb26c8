// inotify: create, modify, move, delete
#include <stdio.h>
#include <fcntl.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>
int main(void)
{
    char b[4096] __attribute__((aligned(8)));
    int in = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    mkdir("d", 0700);
    int w = inotify_add_watch(in, "d", IN_ALL_EVENTS);
    int fd = open("d/a", O_CREAT | O_WRONLY, 0600);
    write(fd, "x", 1);
    close(fd);
    rename("d/a", "d/b");
    unlink("d/b");
    ssize_t n = read(in, b, sizeof b);
    for (char *p = b; p < b + n; ) {
        struct inotify_event *e = (void *)p;
        printf("%d %x %d %s\n", e->wd == w, e->mask, !!e->cookie, e->len ? e->name : "");
        p += sizeof *e + e->len;
    }
    printf("%d %zd\n", inotify_rm_watch(in, w), read(in, b, sizeof b));
}
