// a robust priority-inheriting mutex: its owner dies while two wait and one spins on the word
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>
static pthread_mutex_t m;
static volatile int n, locked, die;
static void *o(void *a) { pthread_mutex_lock(&m); locked = 1; while (!die) ; return 0; }
static void *w(void *a)
{
    __sync_fetch_and_add(&n, 1);
    int r = pthread_mutex_lock(&m);
    if (r == EOWNERDEAD) pthread_mutex_consistent(&m);
    pthread_mutex_unlock(&m);
    return (void *)(long)r;
}
int main(void)
{
    pthread_t t[3];
    pthread_mutexattr_t a;
    void *r;
    int dead = 0;
    pthread_mutexattr_init(&a);
    pthread_mutexattr_setrobust(&a, PTHREAD_MUTEX_ROBUST);
    pthread_mutexattr_setprotocol(&a, PTHREAD_PRIO_INHERIT);
    pthread_mutex_init(&m, &a);
    pthread_create(&t[0], 0, o, 0);
    while (!locked) ;
    for (int i = 1; i < 3; i++) pthread_create(&t[i], 0, w, 0);
    while (n < 2) ;
    usleep(20000);
    volatile int *word = (int *)&m;
    int was = *word;
    die = 1;
    while (*word == was) ;
    for (int i = 0; i < 3; i++) pthread_join(t[i], &r), dead += (long)r == EOWNERDEAD;
    printf("dead %d then %d\n", dead, pthread_mutex_lock(&m));
}
