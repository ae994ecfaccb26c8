// vector registers, their upper halves too, the x87 stack and MMX, over syscalls, signals, turns of other threads
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>
static volatile int n, bad;
static void h(int s) { n++; if (__builtin_cpu_supports("avx")) asm volatile("vzeroall" ::: "xmm0", "xmm1", "xmm2"); asm volatile("fninit; pxor %%xmm7, %%xmm7" ::: "xmm7"); }
static void *th(void *x)
{
    long v = (long)x * 0x0101010101010101, got[4], mm;
    for (int k = 0; k < 60; k++) {
        if (__builtin_cpu_supports("avx2"))
            asm volatile("vmovq %1, %%xmm7; vpbroadcastq %%xmm7, %%ymm7; mov $20000, %%ecx; 1: dec %%ecx; jnz 1b; mov $24, %%eax; syscall; vmovdqu %%ymm7, %0; vzeroupper"
                         : "=m"(got) : "r"(v) : "rax", "rcx", "r11", "xmm7", "memory");
        else got[3] = v;
        bad += got[3] != v;
        asm volatile("movq %1, %%mm3; mov $20000, %%ecx; 1: dec %%ecx; jnz 1b; mov $24, %%eax; syscall; movq %%mm3, %0; emms"
                     : "=r"(mm) : "r"(v) : "rax", "rcx", "r11", "memory");
        bad += mm != v;
    }
    return 0;
}
int main(void)
{
    pthread_t t[3];
    signal(SIGALRM, h);
    setitimer(ITIMER_REAL, &(struct itimerval){{0, 2000}, {0, 2000}}, 0);
    for (long i = 0; i < 3; i++) pthread_create(&t[i], 0, th, (void *)(i + 1));
    for (int i = 0; i < 3; i++) pthread_join(t[i], 0);
    while (n < 5);
    setitimer(ITIMER_REAL, &(struct itimerval){{0}}, 0);
    printf("%d\n", bad);
}
