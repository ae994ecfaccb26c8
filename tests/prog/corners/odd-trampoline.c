// nested functions, whose trampolines are code on the stack; in a thread as well
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
static void *th(void *x)
{
    int v[6] = {5, 3, 9, 1, 7, 2}, count = 0, up = *(int *)x;
    int cmp(const void *a, const void *b) { count++; return up * (*(int *)a - *(int *)b); }
    qsort(v, 6, sizeof *v, cmp);
    printf("%d %d %d\n", v[0], v[5], count > 0);
    return 0;
}
int main(void)
{
    int up = 1, down = -1;
    pthread_t t;
    th(&up);
    pthread_create(&t, 0, th, &down);
    pthread_join(t, 0);
}
