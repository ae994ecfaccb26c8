/* The kernel's own library: that it is there, and that its clocks go on. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <link.h>
#include <sched.h>
#include <stdio.h>
#include <sys/auxv.h>
#include <sys/time.h>
#include <time.h>

static int each(struct dl_phdr_info *info, size_t size, void *count)
{
    (void)size;
    ++*(int *)count;
    printf("%s %d\n", info->dlpi_name, info->dlpi_phnum);
    return 0;
}

int main(void)
{
    int objects = 0;
    struct timespec a, b;
    struct timeval v;
    Dl_info info = {0};
    dl_iterate_phdr(each, &objects);
    printf("%d objects, vDSO: %d\n", objects, getauxval(AT_SYSINFO_EHDR) != 0);
    int found = dladdr((void *)getauxval(AT_SYSINFO_EHDR), &info);
    printf("%d %s\n", found, info.dli_fname);
    clock_gettime(CLOCK_REALTIME, &a);
    gettimeofday(&v, 0);
    clock_gettime(CLOCK_REALTIME, &b);
    /* time(2) tells the second of the last tick, up to 10 ms behind the clocks: on any machine, recorded or not */
    printf("%d %d %d\n", a.tv_sec <= v.tv_sec, v.tv_sec <= b.tv_sec, time(0) >= b.tv_sec - 1);
    clock_getres(CLOCK_REALTIME, &a);
    printf("%ld %d\n", (long)a.tv_nsec, sched_getcpu() >= 0);
    return 0;
}
