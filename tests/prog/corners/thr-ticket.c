// varies: a ticket lock without pause; who got the lock, in order
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
static atomic_uint next, serving;
static unsigned char who[4000];
static unsigned at;
static void *f(void *a)
{
    for (int i = 0; i < 1000; i++) {
        unsigned mine = next++;
        while (serving != mine) ;
        who[at++] = (long)a;
        serving++;
    }
    return 0;
}
int main(void)
{
    pthread_t t[4];
    unsigned h = 0, changes = 0;
    for (long i = 0; i < 4; i++) pthread_create(&t[i], 0, f, (void *)i);
    for (int i = 0; i < 4; i++) pthread_join(t[i], 0);
    for (unsigned i = 0; i < at; i++) h = h * 31 + who[i], changes += i && who[i] != who[i - 1];
    printf("%u %u %u\n", at, h, changes);
}
