// prctl: names, dumpable, no_new_privs, keepcaps, timer slack, securebits; capget; personality; arch_prctl
#define _GNU_SOURCE
#include <errno.h>
#include <asm/prctl.h>
#include <linux/capability.h>
#include <stdio.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>
int main(void)
{
    char n[16];
    int v = 0;
    unsigned long fs = 0;
    prctl(PR_SET_NAME, "a new name that is long"), prctl(PR_GET_NAME, n), puts(n);
    printf("%d %d\n", prctl(PR_GET_DUMPABLE), prctl(PR_SET_DUMPABLE, 0));
    printf("%d %d\n", prctl(PR_GET_DUMPABLE), prctl(PR_SET_DUMPABLE, 1));
    printf("%d %d\n", prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
    printf("%d", prctl(PR_SET_PDEATHSIG, 9)), prctl(PR_GET_PDEATHSIG, &v), printf(" %d\n", v);
    printf("%d %d\n", prctl(PR_SET_TIMERSLACK, 1000), prctl(PR_GET_TIMERSLACK));
    printf("%d %d\n", prctl(PR_GET_KEEPCAPS), prctl(PR_CAPBSET_READ, 0) >= 0);
    printf("%d %d\n", prctl(PR_GET_SECCOMP), prctl(12345));
    struct __user_cap_header_struct h = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct d[2];
    printf("%ld\n", syscall(SYS_capget, &h, d));
    h.version = 1;
    printf("%ld %x\n", syscall(SYS_capget, &h, 0), h.version);
    printf("%d\n", personality(0xffffffff) >= 0);
    printf("%ld", syscall(SYS_arch_prctl, ARCH_GET_FS, &fs)), printf(" %d\n", fs != 0);
    printf("%ld\n", syscall(SYS_arch_prctl, ARCH_SET_GS, 0x1234000));
    printf("%ld", syscall(SYS_arch_prctl, ARCH_GET_GS, &fs)), printf(" %lx\n", fs);
}
