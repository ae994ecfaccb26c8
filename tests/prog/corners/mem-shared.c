// MAP_SHARED|MAP_ANONYMOUS between parent and child, in turns
#include <stdio.h>
#include <stdatomic.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
int main(void)
{
    struct { atomic_int turn, sum; int log[100]; } *s = mmap(0, sizeof *s, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pid_t c = fork();
    for (int i = 0; i < 50; i++) {
        while (s->turn % 2 != !c) sched_yield();
        s->log[s->turn] = s->sum += i * (c ? 1 : 3);
        s->turn++;
    }
    if (!c) _exit(s->sum & 63);
    int st;
    wait(&st);
    for (int i = 0; i < 100; i++) printf("%d ", s->log[i]);
    printf("\n%d %d\n", s->sum, WEXITSTATUS(st));
}
