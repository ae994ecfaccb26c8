// a shared read-only mapping sees what write puts into the file, and what another process does
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
int main(void)
{
    int fd = open("f", O_RDWR | O_CREAT | O_TRUNC, 0600);
    ftruncate(fd, 4096);
    char *p = mmap(0, 4096, PROT_READ, MAP_SHARED, fd, 0);
    write(fd, "first", 5);
    printf("%s\n", p);
    fflush(stdout);
    if (!fork()) { pwrite(fd, "child", 5, 0); _exit(0); }
    wait(0);
    printf("%s\n", p);
    FILE *f = fopen("f", "r+");
    fputs("stdio", f);
    fclose(f);
    printf("%s\n", p);
    ftruncate(fd, 2);
    ftruncate(fd, 4096);
    printf("%s\n", p);
}
