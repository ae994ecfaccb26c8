// a tree of processes that end in odd order: parents first, middle last, some killed; all orphans come to a subreaper
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
int main(void)
{
    int s, n = 0, sum = 0, killed = 0, p[2];
    char c;
    pipe(p);
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    for (int i = 0; i < 4; i++)
        if (!fork()) {
            for (int j = 0; j < 3; j++)
                if (!fork()) {
                    if (!fork()) { close(p[1]); read(p[0], &c, 1); for (volatile int k = 0; k < j * 30000; k++) ; if (j == 1) raise(SIGKILL); _exit(i * 3 + j); }
                    if (j == 2) { close(p[1]); read(p[0], &c, 1); }
                    _exit(100 + j);
                }
            close(p[1]);
            if (i == 3) while (wait(0) > 0) ;
            _exit(50 + i);
        }
    usleep(30000);
    close(p[1]);
    while (wait(&s) > 0) n++, WIFSIGNALED(s) ? killed++ : (sum += WEXITSTATUS(s));
    printf("%d %d %d %d\n", n, sum, killed, errno == ECHILD);
}
