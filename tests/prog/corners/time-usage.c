// varies: getrusage, times, sysinfo, uname, sysconf, getcpu, load, memory use
#define _GNU_SOURCE
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <sys/auxv.h>
#include <unistd.h>
int main(void)
{
    struct rusage u;
    struct sysinfo s;
    struct utsname n;
    double l[3];
    unsigned cpu, node;
    volatile int x = 0;
    for (int i = 0; i < 3000000; i++) x += i;
    for (int w = -1; w < 2; w++) getrusage(w, &u), printf("%ld %ld %ld\n", (long)u.ru_utime.tv_usec, u.ru_maxrss, u.ru_nvcsw);
    sysinfo(&s), printf("%ld %lu %d\n", s.uptime, s.freeram, s.procs);
    uname(&n), printf("%s %s %s\n", n.sysname, n.release, n.machine);
    printf("%ld %ld %ld\n", sysconf(_SC_NPROCESSORS_ONLN), sysconf(_SC_PAGESIZE), sysconf(_SC_AVPHYS_PAGES));
    getcpu(&cpu, &node), printf("%u %u %d\n", cpu, node, sched_getcpu());
    printf("%d %d\n", getloadavg(l, 3), get_nprocs());
    printf("%lx %lx %s\n", getauxval(AT_HWCAP), getauxval(AT_PAGESZ), (char *)getauxval(AT_EXECFN));
}
