// calls that fail and write all the same: waitid clears what it would tell, socketpair has chosen its numbers
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
int main(void)
{
    int s[2] = {-5, -5};
    siginfo_t i;
    memset(&i, 0xa5, sizeof i);
    int r = waitid(P_ALL, 0, &i, WEXITED);
    printf("%d %d %x %x\n", r, errno, i.si_signo, i.si_status);
    r = socketpair(AF_INET, SOCK_STREAM, 0, s);
    printf("%d %d %d %d\n", r, errno, s[0], s[1]);
}
