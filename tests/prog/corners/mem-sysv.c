// SysV shared memory: shmget, shmat twice, a child, shmctl, shmdt
#include <stdio.h>
#include <string.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <unistd.h>
int main(void)
{
    int id = shmget(IPC_PRIVATE, 10000, IPC_CREAT | 0600);
    struct shmid_ds ds;
    char *p = shmat(id, 0, 0), *q = shmat(id, 0, SHM_RDONLY);
    strcpy(p, "hello");
    printf("%s\n", q);
    shmctl(id, IPC_STAT, &ds);
    printf("%zu %d\n", ds.shm_segsz, (int)ds.shm_nattch);
    if (!fork()) { strcpy(p + 5000, "child"); char *r = shmat(id, 0, 0); strcat(r, " child"); _exit(0); }
    wait(0);
    printf("%s %s\n", p, q + 5000);
    printf("%d %d\n", shmdt(q), shmdt(p));
    printf("%d %d\n", shmctl(id, IPC_RMID, 0), shmdt(p));
}
