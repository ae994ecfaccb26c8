// a child's read() goes straight into shared memory while the parent looks at other things
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
int main(void)
{
    char *s = mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    int p[2], q[2];
    char c;
    pipe(p), pipe(q);
    if (!fork()) {
        for (int i = 0; i < 10; i++) { read(p[0], s + i * 100, 50); strcat(s + i * 100, "!"); write(q[1], "k", 1); }
        _exit(0);
    }
    for (int i = 0; i < 10; i++) {
        char b[50] = "";
        sprintf(b, "message %d", i);
        write(p[1], b, 50);
        s[4096 + i] = i;
        for (volatile int k = 0; k < 10000; k++) ;
        read(q[0], &c, 1);
        printf("%s %d\n", s + i * 100, s[4096 + i]);
    }
    wait(0);
}
