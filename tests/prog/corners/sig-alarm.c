// alarm interrupts pause; alarm's return value
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>
static void h(int s) { printf("alarm %d\n", s); }
int main(void)
{
    signal(SIGALRM, h);
    printf("%u\n", alarm(100));
    printf("%u\n", alarm(1) > 98);
    printf("%d %d\n", pause(), errno == EINTR);
    ualarm(20000, 0);
    printf("%d\n", usleep(500000));
    printf("%u\n", alarm(0));
}
