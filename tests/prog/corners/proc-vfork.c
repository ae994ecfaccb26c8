// vfork: the child's writes are seen; then exec, and one that only exits
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>
static volatile int x;
int main(void)
{
    int s;
    pid_t c = vfork();
    if (!c) { x = 5; _exit(3); }
    waitpid(c, &s, 0);
    printf("%d %d\n", x, WEXITSTATUS(s));
    fflush(stdout);
    c = vfork();
    if (!c) { x = 6; execl("/bin/echo", "echo", "from", "vfork", (char *)0); _exit(127); }
    waitpid(c, &s, 0);
    printf("%d %d\n", x, WEXITSTATUS(s));
    c = vfork();
    if (!c) { execl("/none", "none", (char *)0); x = 8; _exit(127); }
    waitpid(c, &s, 0);
    printf("%d %d\n", x, WEXITSTATUS(s));
}
