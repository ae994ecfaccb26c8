// varies: a child counts by a plain loop in shared memory and stops at SIGTERM, telling how far it was; registers never change
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
static volatile unsigned long *p;
static void h(int s) { dprintf(1, "child %lu %lu\n", p[0], p[1]); _exit(0); }
int main(void)
{
    p = mmap(0, 4096, 3, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    for (int k = 0; k < 2; k++) {
        p[0] = p[1] = 0;
        pid_t c = fork();
        if (!c) { signal(SIGTERM, h); __asm__ volatile("1: incq (%0); incq 8(%0); jmp 1b" : : "r"(p) : "memory"); }
        while (p[1] < 1000) ;
        usleep(1500);
        kill(c, SIGTERM);
        wait(0);
        printf("parent %lu %lu\n", p[0], p[1]);
        fflush(stdout);
    }
}
