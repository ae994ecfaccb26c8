// fork: memory is copied, pids, exit statuses
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>
static int x = 1;
int main(void)
{
    int s;
    setbuf(stdout, 0);
    for (int i = 0; i < 5; i++) {
        pid_t c = fork();
        if (!c) { x += i; printf("child %d x %d\n", i, x); _exit(x); }
        printf("%d", waitpid(c, &s, 0) == c), printf(" %d\n", WEXITSTATUS(s));
    }
    printf("%d\n", x);
    return 7;
}
