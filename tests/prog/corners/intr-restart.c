// sleeps that go on after SIGSTOP and SIGCONT, and after ignored signals: nanosleep, poll, futex, select, wait
#include <poll.h>
#include <signal.h>
#include <semaphore.h>
#include <stdio.h>
#include <sys/select.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
int main(void)
{
    setbuf(stdout, 0);
    for (int i = 0; i < 5; i++) {
        int s;
        pid_t c = fork();
        if (!c) {
            struct timespec t = {0, 150000000};
            sem_t m;
            int r = -9;
            signal(SIGUSR1, SIG_IGN);
            switch (i) {
            case 0: r = nanosleep(&t, &t); break;
            case 1: r = poll(0, 0, 150); break;
            case 2: r = select(0, 0, 0, 0, &(struct timeval){0, 150000}); break;
            case 3: r = clock_nanosleep(CLOCK_MONOTONIC, 0, &t, 0); break;
            case 4: if (!fork()) { usleep(150000); _exit(0); } r = wait(0) > 0; break;
            }
            printf("%d: %d\n", i, r);
            _exit(0);
        }
        usleep(40000);
        kill(c, SIGUSR1);
        kill(c, SIGWINCH);
        kill(c, SIGSTOP);
        waitpid(c, &s, WUNTRACED);
        usleep(10000);
        kill(c, SIGCONT);
        while (waitpid(c, &s, 0) < 0) ;
        printf("%d\n", WIFEXITED(s));
    }
}
