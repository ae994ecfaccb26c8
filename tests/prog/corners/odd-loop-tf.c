// a program that single-steps itself with the trap flag, and counts the instructions, while alarms come
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <sys/time.h>
#include <ucontext.h>
static volatile int steps, alarms;
static void trap(int s, siginfo_t *i, void *v) { steps++; }
static void h(int s) { alarms++; }
int main(void)
{
    struct sigaction a = {.sa_sigaction = trap, .sa_flags = SA_SIGINFO};
    struct itimerval t = {{0, 500}, {0, 500}};
    sigaction(SIGTRAP, &a, 0);
    signal(SIGALRM, h);
    __asm__ volatile("pushfq; orl $0x100,(%%rsp); popfq; nop; nop; mov $3,%%eax; 1: dec %%eax; jnz 1b; pushfq; andl $~0x100,(%%rsp); popfq" : : : "rax", "cc", "memory");
    printf("%d\n", steps);
    steps = 0;
    setitimer(ITIMER_REAL, &t, 0);
    __asm__ volatile("pushfq; orl $0x100,(%%rsp); popfq; mov $1500,%%eax; 1: dec %%eax; jnz 1b; pushfq; andl $~0x100,(%%rsp); popfq" : : : "rax", "cc", "memory");
    printf("%d\n", steps);
}
