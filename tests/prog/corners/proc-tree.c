// a tree of processes, three deep, results over pipes
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>
static int tree(int depth)
{
    int p[2], sum = depth, n;
    if (!depth) return 1;
    pipe(p);
    for (int i = 0; i < 3; i++)
        if (!fork()) { n = tree(depth - 1); write(p[1], &n, sizeof n); _exit(0); }
    for (int i = 0; i < 3; i++) { read(p[0], &n, sizeof n); sum += n; wait(0); }
    close(p[0]), close(p[1]);
    return sum;
}
int main(void) { printf("%d\n", tree(3)); }
