// timerfd: one shot, interval, absolute, gettime, with poll
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>
int main(void)
{
    uint64_t n;
    int t = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    struct itimerspec s = {{0, 0}, {0, 10000000}}, g;
    printf("%d\n", timerfd_settime(t, 0, &s, 0));
    printf("%zd\n", read(t, &n, 8));
    struct pollfd p = {t, POLLIN};
    printf("%d", poll(&p, 1, 2000)), read(t, &n, 8), printf(" %d\n", (int)n);
    s.it_interval.tv_nsec = 5000000;
    timerfd_settime(t, 0, &s, 0);
    int sum = 0;
    while (sum < 5) { poll(&p, 1, -1); read(t, &n, 8); sum += n; }
    timerfd_gettime(t, &g);
    printf("%d %ld\n", sum >= 5, g.it_interval.tv_nsec);
    int r = timerfd_create(CLOCK_REALTIME, 0);
    clock_gettime(CLOCK_REALTIME, &s.it_value);
    s.it_interval.tv_nsec = 0;
    timerfd_settime(r, TFD_TIMER_ABSTIME, &s, &g);
    read(r, &n, 8), printf("%d %ld\n", (int)n, g.it_value.tv_nsec);
}
