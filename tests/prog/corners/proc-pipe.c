// a pipeline of processes, EPIPE, SIGPIPE, half-closed ends
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>
int main(void)
{
    int a[2], b[2], s, r;
    char c, line[100];
    pipe(a), pipe(b);
    if (!fork()) { close(a[0]); for (int i = 0; i < 1000; i++) write(a[1], "abcdefghij", 10); _exit(0); }
    if (!fork()) {
        close(a[1]), close(b[0]);
        while (read(a[0], &c, 1) == 1) if (c == 'e') write(b[1], "E", 1);
        _exit(0);
    }
    close(a[0]), close(a[1]), close(b[1]);
    int n = 0;
    while (read(b[0], line, 7) > 0) n++;
    printf("%d\n", n >= 1000 / 7);
    while (wait(&s) > 0) ;
    pipe(a);
    close(a[0]);
    signal(SIGPIPE, SIG_IGN);
    r = write(a[1], "x", 1);
    printf("%d %d\n", r, errno == EPIPE);
    signal(SIGPIPE, SIG_DFL);
    fflush(stdout);
    if (!fork()) { write(a[1], "x", 1); _exit(1); }
    wait(&s);
    printf("%d\n", WTERMSIG(s));
}
