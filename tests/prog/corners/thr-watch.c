/* varies: a thread sleeps in a syscall till the clock wakes it, another one watches the buffer that it will fill */
#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

static int timer, epoll;
static pid_t child;
static volatile uint64_t expired;
static struct pollfd polled;
static struct epoll_event event;
static fd_set set;
static int status = -1;

static void *read_it(void *unused) { return (void *)read(timer, (void *)&expired, 8); }
static void *poll_it(void *unused) { return (void *)(long)poll(&polled, 1, -1); }
static void *epoll_it(void *unused) { return (void *)(long)epoll_wait(epoll, &event, 1, -1); }
static void *select_it(void *unused)
{
    struct timeval t = {0, 30000};
    FD_ZERO(&set);
    FD_SET(epoll, &set); /* nothing comes: it is cleared */
    return (void *)(long)select(epoll + 1, NULL, NULL, &set, &t);
}
static void *wait_it(void *unused) { return (void *)(long)wait4(child, &status, 0, NULL); }

/* Passes over `word` until it is another than it was. */
static void watch(const char *what, void *(*sleeper)(void *), volatile int *word, int was)
{
    struct itimerspec in = {{0, 0}, {0, 30000000}};
    pthread_t thread;
    void *result;
    unsigned long n = 0;
    timerfd_settime(timer, 0, &in, NULL);
    pthread_create(&thread, NULL, sleeper, NULL);
    while (*word == was)
        n++;
    pthread_join(thread, &result);
    printf("%s: %ld, %x after %lu passes\n", what, (long)result, *word, n);
}

int main(void)
{
    timer = timerfd_create(CLOCK_MONOTONIC, 0);
    epoll = epoll_create1(0);
    event.events = EPOLLIN;
    epoll_ctl(epoll, EPOLL_CTL_ADD, timer, &event);
    watch("read", read_it, (volatile int *)&expired, 0);
    polled = (struct pollfd){.fd = timer, .events = POLLIN};
    watch("poll", poll_it, (volatile int *)&polled.fd + 1, POLLIN);
    event.events = 0;
    watch("epoll", epoll_it, (volatile int *)&event.events, 0);
    if (!(child = fork())) {
        usleep(30000);
        _exit(5);
    }
    watch("wait4", wait_it, &status, -1);
    FD_SET(epoll, &set);
    watch("select", select_it, (volatile int *)&set, *(int *)&set);
    return 0;
}
