/* The vsyscall page, by which programs of old ask the kernel for the time (varies). Not all machines have it. */
#define _GNU_SOURCE
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>

int main(void)
{
    long (*ask_time)(struct timeval *, struct timezone *) = (void *)0xffffffffff600000;
    long (*ask_seconds)(time_t *) = (void *)0xffffffffff600400;
    long (*ask_cpu)(unsigned *, unsigned *, void *) = (void *)0xffffffffff600800;
    struct timeval tv = {0}, again = {0};
    struct timezone zone;
    time_t t = 0;
    unsigned cpu = 99, node = 99;
    char line[256];
    int there = 0;
    FILE *maps = fopen("/proc/self/maps", "r");
    while (fgets(line, sizeof line, maps)) there |= strstr(line, "[vsyscall]") != 0;
    if (!there) return 0;
    printf("%ld", ask_time(&tv, &zone));
    printf(" %ld", ask_time(0, 0));
    printf(" %d\n", ask_seconds(&t) == t);
    printf("%ld", ask_cpu(&cpu, &node, 0));
    printf(" %d %d\n", cpu < 99, node < 99);
    for (long last = 0, n = 0; n < 5; n++) {
        ask_time(&again, 0);
        printf("%ld.%06ld %ld\n", again.tv_sec, again.tv_usec, ask_seconds(0));
        long now = again.tv_sec * 1000000 + again.tv_usec;
        printf("%d %d\n", now >= last, now - tv.tv_sec * 1000000 - tv.tv_usec < 100000000);
        last = now;
    }
    return 0;
}
