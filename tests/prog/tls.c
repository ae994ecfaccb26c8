/* Thread-local variables: of the program, in two threads; of a library (tls-library.c) loaded while
 * it runs, whose block is allocated in each thread when that first touches it; and errno. With
 * LINKED, the library is not loaded but part of the program. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

__thread long mine = 10;
__thread char padding[3];

long touch(long value);
static long (*touch_it)(long value);

__attribute__((noipa)) static void stop(void) { __asm__ volatile("" ::: "memory"); }

static void *thread(void *unused)
{
    mine = 20;
    errno = ENOENT;
    stop(); /* 2: the library's is not allocated here */
    touch_it(300);
    stop(); /* 3 */
    mine = 21;
    stop(); /* 4 */
    return unused;
}

int main(void)
{
    pthread_t t;
#ifdef LINKED
    touch_it = touch;
#else
    void *library = dlopen("./libtls.so", RTLD_NOW);
    touch_it = library ? (long (*)(long))dlsym(library, "touch") : NULL;
    if (!touch_it) return 1;
#endif
    mine = 11;
    touch_it(200);
    close(-1);
    stop(); /* 1 */
    pthread_create(&t, NULL, thread, NULL);
    pthread_join(t, NULL);
    printf("%ld\n", mine);
    return 0;
}
