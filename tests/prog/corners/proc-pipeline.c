// a pipeline of five processes, each computing on what passes, with a SIGPIPE at the end
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>
int main(void)
{
    int in = -1, s; pid_t pid[5];
    for (int k = 0; k < 5; k++) {
        int p[2] = {-1, -1};
        if (k < 4) pipe(p);
        if (!(pid[k] = fork())) {
            unsigned char b[997]; unsigned h = 0; int n; long total = 0;
            if (p[0] >= 0) close(p[0]);
            if (k == 0) for (int i = 0; ; i++) { for (int j = 0; j < 997; j++) b[j] = i + j; write(p[1], b, 997); }
            while ((n = read(in, b, sizeof b)) > 0) {
                for (int j = 0; j < n; j++) b[j] = b[j] * 3 + k, h = h * 31 + b[j];
                if (k < 4) { for (int j = 0; j < n;) { int w = write(p[1], b + j, n - j); if (w > 0) j += w; } }
                else { if (total + n > 200000) { h = 0; break; } total += n; }
            }
            if (k == 4) _exit(7);
            _exit(1);
        }
        if (in >= 0) close(in);
        if (p[1] >= 0) close(p[1]);
        in = p[0];
    }
    for (int k = 4; k >= 0; k--) waitpid(pid[k], &s, 0), printf("%d: %d %d\n", k, WIFEXITED(s) ? WEXITSTATUS(s) : -1, WIFSIGNALED(s) ? WTERMSIG(s) : -1);
}
