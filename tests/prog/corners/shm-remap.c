// SysV memory attached over what was there, read-only, at an odd place, and seen by a child through another attachment
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <unistd.h>
int main(void)
{
    int s = shmget(IPC_PRIVATE, 8192, 0600), st;
    char *p = mmap(0, 16384, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    p[0] = 'o', p[8192] = 'k';
    printf("%d %d\n", shmat(s, p, 0) == (void *)-1, errno);
    printf("%d\n", shmat(s, p, SHM_REMAP) == p);
    printf("%d %c\n", p[0], p[8192]);
    p[1] = 'w';
    char *r = shmat(s, 0, SHM_RDONLY), *q = shmat(s, (char *)0x500000123, SHM_RND);
    printf("%c %d\n", r[1], q == (char *)0x500000000);
    if (!fork()) { shmdt(p); q[2] = 'c'; _exit(r[2]); }
    wait(&st);
    printf("%c %c\n", WEXITSTATUS(st), p[2]);
    printf("%d %d\n", shmdt(p), shmdt(p));
    shmctl(s, IPC_RMID, 0);
    r = mremap(q, 8192, 4096, 0);
    printf("%c\n", r[2]);
    printf("%d\n", shmdt(q));
}
