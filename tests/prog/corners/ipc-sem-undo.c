// semop: SEM_UNDO of a child that is killed, waiting for zero, timeouts, several at once, IPC_RMID wakes
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ipc.h>
#include <sys/sem.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
int main(void)
{
    int s = semget(IPC_PRIVATE, 3, 0600), st;
    unsigned short v[3] = {2, 0, 5};
    semctl(s, 0, SETALL, v);
    if (!fork()) { semop(s, (struct sembuf[]){{0, -2, SEM_UNDO}, {2, -3, SEM_UNDO}}, 2); raise(SIGKILL); }
    wait(0);
    printf("%d %d\n", semctl(s, 0, GETVAL), semctl(s, 2, GETVAL));
    struct timespec t = {0, 20000000};
    printf("%d %d\n", semtimedop(s, &(struct sembuf){1, -1, 0}, 1, &t), errno);
    printf("%d %d\n", semop(s, &(struct sembuf){0, 0, IPC_NOWAIT}, 1), errno);
    pid_t k = fork();
    if (!k) { usleep(20000); semop(s, &(struct sembuf){0, -2, 0}, 1); _exit(1); }
    printf("%d\n", semop(s, (struct sembuf[]){{0, 0, 0}, {1, 3, 0}}, 2));
    printf("%d %d\n", semctl(s, 1, GETVAL), semctl(s, 1, GETPID) == getpid());
    waitpid(k, 0, 0);
    k = fork();
    if (!k) _exit(semop(s, &(struct sembuf){0, -9, 0}, 1) < 0 ? errno : 0);
    while (semctl(s, 0, GETNCNT) != 1) usleep(1000);
    semctl(s, 0, IPC_RMID);
    waitpid(k, &st, 0);
    printf("%d\n", WEXITSTATUS(st) == EIDRM);
    printf("%d %d\n", semop(s, &(struct sembuf){0, 1, 0}, 1), errno);
}
