// SysV message queues and semaphores between processes
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
int main(void)
{
    struct { long type; char text[32]; } m;
    int q = msgget(IPC_PRIVATE, IPC_CREAT | 0600), s = semget(IPC_PRIVATE, 3, IPC_CREAT | 0600), n;
    struct msqid_ds d;
    struct semid_ds sd;
    unsigned short v[3] = {1, 2, 3};
    if (!fork()) {
        for (int i = 1; i < 4; i++) { m.type = i; sprintf(m.text, "type %d", i); msgsnd(q, &m, 7, 0); }
        struct sembuf o = {1, -2, 0};
        semop(s, &o, 1);
        o = (struct sembuf){0, 5, SEM_UNDO};
        semop(s, &o, 1);
        _exit(0);
    }
    n = msgrcv(q, &m, 32, 3, 0), printf("%d %s\n", n, m.text);
    n = msgrcv(q, &m, 32, -2, 0), printf("%d %s\n", n, m.text);
    printf("%d", msgctl(q, IPC_STAT, &d)), printf(" %d\n", (int)d.msg_qnum);
    n = msgrcv(q, &m, 32, 9, IPC_NOWAIT), printf("%d %d\n", n, errno == ENOMSG);
    printf("%d\n", semctl(s, 0, SETALL, v));
    wait(0);
    memset(v, 0, sizeof v);
    printf("%d", semctl(s, 0, GETALL, v)), printf(" %d %d %d\n", v[0], v[1], v[2]);
    printf("%d", semctl(s, 0, IPC_STAT, &sd)), printf(" %d\n", (int)sd.sem_nsems);
    struct sembuf o = {1, -9, 0};
    n = semtimedop(s, &o, 1, &(struct timespec){0, 10000000}), printf("%d %d\n", n, errno == EAGAIN);
    printf("%d %d\n", semctl(s, 2, GETVAL), semctl(s, 0, GETPID) > 0);
    printf("%d %d\n", semctl(s, 0, IPC_RMID), msgctl(q, IPC_RMID, 0));
}
