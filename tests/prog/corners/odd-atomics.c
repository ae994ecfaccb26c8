// varies: four threads on an unprotected counter
#include <pthread.h>
#include <stdio.h>
static volatile int n;
static void *f(void *a) { for (int i = 0; i < 300000; i++) n++; return 0; }
int main(void)
{
    pthread_t t[4];
    for (int i = 0; i < 4; i++) pthread_create(&t[i], 0, f, 0);
    for (int i = 0; i < 4; i++) pthread_join(t[i], 0);
    printf("%d\n", n);
}
