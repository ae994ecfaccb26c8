// signalfd
#include <signal.h>
#include <stdio.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <poll.h>
#include <unistd.h>
int main(void)
{
    sigset_t s;
    struct signalfd_siginfo i;
    sigemptyset(&s);
    sigaddset(&s, SIGUSR1);
    sigaddset(&s, SIGCHLD);
    sigprocmask(SIG_BLOCK, &s, 0);
    int fd = signalfd(-1, &s, SFD_CLOEXEC | SFD_NONBLOCK);
    printf("%zd\n", read(fd, &i, sizeof i));
    sigqueue(getpid(), SIGUSR1, (union sigval){.sival_int = 5});
    read(fd, &i, sizeof i);
    printf("%u %d %d\n", i.ssi_signo, i.ssi_int, i.ssi_pid == getpid());
    pid_t c = fork();
    if (!c) { usleep(20000); _exit(9); }
    struct pollfd p = {.fd = fd, .events = POLLIN};
    printf("%d\n", poll(&p, 1, -1));
    read(fd, &i, sizeof i);
    printf("%u %d %d %d\n", i.ssi_signo, i.ssi_status, i.ssi_code, i.ssi_pid == c);
    wait(0);
}
