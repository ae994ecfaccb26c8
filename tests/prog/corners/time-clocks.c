// varies: every clock, and that they move
#include <stdio.h>
#include <sys/time.h>
#include <sys/times.h>
#include <time.h>
#include <unistd.h>
int main(void)
{
    struct timespec t, r;
    for (int c = 0; c < 12; c++) {
        int g = clock_gettime(c, &t), k = clock_getres(c, &r);
        printf("%d: %d %ld.%09ld %d %ld\n", c, g, (long)t.tv_sec, t.tv_nsec, k, r.tv_nsec);
    }
    struct timeval v;
    struct tms m;
    gettimeofday(&v, 0);
    printf("%ld %ld %ld %ld\n", (long)v.tv_sec, (long)v.tv_usec, (long)time(0), (long)times(&m));
    struct tm *l = localtime(&v.tv_sec);
    printf("%s%s %ld %ld\n", asctime(l), ctime(&v.tv_sec), (long)clock(), mktime(l));
    clockid_t id;
    clock_getcpuclockid(0, &id);
    clock_gettime(id, &t), printf("%ld\n", t.tv_nsec);
    timespec_get(&t, TIME_UTC), printf("%ld\n", t.tv_nsec);
}
