// POSIX message queues with priorities, time-out, notification by signal
#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
static volatile int hits;
static void h(int s) { hits++; }
int main(void)
{
    char name[32], b[128];
    struct mq_attr a = {.mq_maxmsg = 4, .mq_msgsize = 64}, g;
    unsigned pri;
    sprintf(name, "/corner-%d", getpid());
    mqd_t q = mq_open(name, O_CREAT | O_EXCL | O_RDWR, 0600, &a);
    if (q < 0) { printf("none\n"); return 0; }
    if (!fork()) { mq_send(q, "low", 4, 1), mq_send(q, "high", 5, 9), mq_send(q, "mid", 4, 5); _exit(0); }
    wait(0);
    mq_getattr(q, &g), printf("%ld %ld %ld\n", g.mq_curmsgs, g.mq_maxmsg, g.mq_msgsize);
    for (int i = 0; i < 3; i++) { int n = mq_receive(q, b, sizeof b, &pri); printf("%d %s %u\n", n, b, pri); }
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    int n = mq_timedreceive(q, b, sizeof b, &pri, &t);
    printf("%d %d\n", n, errno == ETIMEDOUT);
    struct sigevent e = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1};
    signal(SIGUSR1, h);
    printf("%d\n", mq_notify(q, &e));
    mq_send(q, "x", 1, 0);
    while (!hits) usleep(1000);
    printf("%d %d\n", hits, mq_unlink(name));
}
