// varies: getrandom, /dev/urandom, AT_RANDOM, mkstemp, pointers, pids
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/auxv.h>
#include <sys/random.h>
#include <unistd.h>
int main(void)
{
    unsigned v[4];
    char t[] = "fXXXXXX";
    getrandom(v, sizeof v, 0), printf("%x %x\n", v[0], v[3]);
    getrandom(v, sizeof v, GRND_NONBLOCK), getentropy(v, 8), printf("%x\n", v[0]);
    int fd = open("/dev/urandom", O_RDONLY);
    read(fd, v, sizeof v), printf("%x\n", v[2]);
    printf("%x\n", *(unsigned *)getauxval(AT_RANDOM));
    mkstemp(t), puts(t);
    printf("%p %p %p %d %d\n", (void *)t, (void *)main, malloc(10), getpid(), getppid());
    FILE *f = fopen("/proc/self/stat", "r");
    char b[512];
    fgets(b, sizeof b, f), puts(b);
    f = fopen("/proc/loadavg", "r"), fgets(b, sizeof b, f), puts(b);
}
