// /proc/self/mem read and written, and a child's memory
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>
static char text[32] = "before";
int main(void)
{
    char b[32] = "";
    int fd = open("/proc/self/mem", O_RDWR), p[2], s;
    printf("%zd %s\n", pread(fd, b, 6, (long)text), b);
    printf("%zd", pwrite(fd, "after!", 6, (long)text)), printf(" %s\n", text);
    lseek(fd, (long)text, SEEK_SET);
    printf("%zd", write(fd, "again", 5)), printf(" %s\n", text);
    printf("%zd", pwritev(fd, &(struct iovec){"vector", 6}, 1, (long)text)), printf(" %s\n", text);
    lseek(fd, (long)text, SEEK_SET);
    printf("%zd", writev(fd, &(struct iovec){"more", 4}, 1)), printf(" %s\n", text);
    char *ro = mmap(0, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    printf("%zd", pwrite(fd, "forced", 6, (long)ro)), printf(" %s\n", ro);
    pipe(p);
    fflush(stdout);
    pid_t c = fork();
    if (!c) { read(p[0], b, 1); _exit(text[0]); }
    sprintf(b, "/proc/%d/mem", c);
    int o = open(b, O_RDWR);
    printf("%d\n", pwrite(o, "Q", 1, (long)text) == 1);
    write(p[1], "x", 1);
    wait(&s), printf("%c\n", WEXITSTATUS(s));
}
