// vfork from a thread while another spins and counts: the child works in the same memory, then execs or exits
#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>
static volatile long n, box, stop;
static void *spin(void *a) { while (!stop) n++; return 0; }
static void *v(void *a)
{
    int s;
    for (int i = 0; i < 10; i++) {
        long was = n;
        pid_t c = vfork();
        if (!c) {
            while (n < was + 1000) ;
            box += i;
            if (i & 1) execl("/bin/true", "true", (char *)0);
            _exit(i);
        }
        waitpid(c, &s, 0);
        printf("%d %ld\n", WEXITSTATUS(s), box);
    }
    return 0;
}
int main(void)
{
    pthread_t t[2];
    pthread_create(&t[0], 0, spin, 0);
    pthread_create(&t[1], 0, v, 0), pthread_join(t[1], 0);
    stop = 1;
    pthread_join(t[0], 0);
}
