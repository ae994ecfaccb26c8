// mappings of /dev/zero, private and shared, and of what cannot be mapped
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
static void no(const char *path, int flags, int prot, int how)
{
    int fd = open(path, flags);
    errno = 0;
    void *p = mmap(0, 4096, prot, how, fd, 0);
    printf("%s %d %d\n", path, p == MAP_FAILED, p == MAP_FAILED ? errno : 0);
    close(fd);
}
int main(void)
{
    int z = open("/dev/zero", O_RDWR), p[2];
    char *a = mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE, z, 0), *b = mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, z, 4096);
    a[5] = 1, b[5] = 2;
    if (!fork()) { a[5] = 3, b[5] = 4; _exit(0); }
    wait(0);
    printf("%d %d\n", a[5], b[5]);
    char *c = mmap(0, 8192, PROT_READ, MAP_SHARED, z, 0);
    printf("%d\n", c[5]);
    close(open("f", O_CREAT | O_RDWR, 0600));
    no(".", O_RDONLY, PROT_READ, MAP_PRIVATE), no("/proc/self/maps", O_RDONLY, PROT_READ, MAP_PRIVATE);
    no("f", O_PATH, PROT_READ, MAP_PRIVATE), no("f", O_WRONLY, PROT_READ, MAP_PRIVATE);
    no("f", O_RDONLY, PROT_WRITE | PROT_READ, MAP_SHARED), no("f", O_RDONLY, PROT_READ, MAP_SHARED_VALIDATE | 0x80000);
    no("f", O_RDONLY, PROT_READ, 0), no("/dev/null", O_RDWR, PROT_READ, MAP_PRIVATE);
    pipe(p);
    printf("%d\n", mmap(0, 4096, PROT_READ, MAP_PRIVATE, p[0], 0) == MAP_FAILED);
    printf("%d\n", mmap(0, 0, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED);
    printf("%d\n", mmap(0, 4096, PROT_READ, MAP_PRIVATE, z, 1) == MAP_FAILED);
    printf("%d\n", mmap((void *)0x7ffffffff000, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED);
    printf("%d\n", mmap((void *)0x500000001, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED);
    printf("%d\n", mmap(0, 1l << 47, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0) == MAP_FAILED);
}
