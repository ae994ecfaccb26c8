// read is interrupted without SA_RESTART, and goes on with it
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>
static volatile int hits;
static void h(int s) { (void)s; hits++; }
static void once(int flags)
{
    int p[2];
    char c = 0;
    struct sigaction a = {.sa_handler = h, .sa_flags = flags};
    sigaction(SIGUSR1, &a, 0);
    pipe(p);
    hits = 0;
    pid_t pid = getpid(), child = fork();
    if (!child) {
        usleep(30000);
        kill(pid, SIGUSR1);
        usleep(30000);
        write(p[1], "x", 1);
        _exit(0);
    }
    int n = read(p[0], &c, 1);
    printf("%d %d %d %d\n", n, n < 0 ? errno == EINTR : 0, c, hits);
    while (wait(0) < 0 && errno == EINTR) ;
    close(p[0]), close(p[1]);
}
int main(void) { setbuf(stdout, 0); once(0); once(SA_RESTART); }
