// nanosleep, clock_nanosleep absolute, usleep, sleep with 0, select as a sleep
#include <errno.h>
#include <stdio.h>
#include <sys/select.h>
#include <time.h>
#include <unistd.h>
static long ms(void) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return t.tv_sec * 1000 + t.tv_nsec / 1000000; }
int main(void)
{
    struct timespec t = {0, 20000000}, bad = {0, 2000000000};
    long a = ms();
    printf("%d\n", nanosleep(&t, 0));
    printf("%d\n", ms() - a >= 19);
    clock_gettime(CLOCK_MONOTONIC, &t);
    t.tv_nsec += 10000000;
    if (t.tv_nsec >= 1000000000) t.tv_nsec -= 1000000000, t.tv_sec++;
    printf("%d\n", clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, 0));
    printf("%d %d\n", nanosleep(&bad, 0), errno == EINVAL);
    printf("%d\n", clock_nanosleep(CLOCK_THREAD_CPUTIME_ID, 0, &t, 0) == EINVAL);
    printf("%d %u\n", usleep(1000), sleep(0));
    printf("%d\n", select(0, 0, 0, 0, &(struct timeval){0, 5000}));
}
