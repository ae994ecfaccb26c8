// msgrcv by type, lowest of, except, with MSG_COPY and NOERROR; a full queue; a buffer that ends
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <unistd.h>
int main(void)
{
    struct { long type; char text[64]; } m, r;
    int q = msgget(IPC_PRIVATE, 0600);
    for (int i = 1; i <= 6; i++) { m.type = 7 - i; sprintf(m.text, "message %d", i); msgsnd(q, &m, strlen(m.text) + 1, 0); }
    printf("%zd %s %ld\n", msgrcv(q, &r, 64, 0, 0), r.text, r.type);
    printf("%zd %s %ld\n", msgrcv(q, &r, 64, 3, 0), r.text, r.type);
    printf("%zd %s %ld\n", msgrcv(q, &r, 64, -4, 0), r.text, r.type);
    printf("%zd %s %ld\n", msgrcv(q, &r, 64, 5, MSG_EXCEPT), r.text, r.type);
    printf("%zd %d\n", msgrcv(q, &r, 2, 5, 0), errno);
    memset(r.text, 'x', 64);
    printf("%zd %.3s\n", msgrcv(q, &r, 2, 5, MSG_NOERROR), r.text);
    printf("%zd %d\n", msgrcv(q, &r, 64, 99, IPC_NOWAIT), errno);
    ssize_t c = msgrcv(q, &r, 64, 0, MSG_COPY | IPC_NOWAIT);
    printf("%d\n", c > 0 || errno == ENOSYS);
    char *p = mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    mprotect(p + 4096, 4096, PROT_NONE);
    printf("%zd %d\n", msgrcv(q, p + 4096 - 12, 64, 0, 0), errno);
    printf("%ld %.4s\n", *(long *)(p + 4096 - 12), p + 4092);
    struct msqid_ds d;
    msgctl(q, IPC_STAT, &d);
    printf("%d\n", (int)d.msg_qnum);
    msgctl(q, IPC_RMID, 0);
}
