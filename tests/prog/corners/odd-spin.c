// threads that take turns by spinning, without a syscall
#include <pthread.h>
#include <stdio.h>
static volatile int turn, log_[60], at;
static void *f(void *a)
{
    for (int i = 0; i < 20; i++) { while (turn != (long)a) ; log_[at++] = turn; turn = (turn + 1) % 3; }
    return 0;
}
int main(void)
{
    pthread_t t[3];
    for (long i = 0; i < 3; i++) pthread_create(&t[i], 0, f, (void *)i);
    for (long i = 0; i < 3; i++) pthread_join(t[i], 0);
    for (int i = 0; i < 60; i++) printf("%d", log_[i]);
    puts("");
}
