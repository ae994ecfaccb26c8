// bad pointers everywhere: each call says EFAULT (or what it must), and does nothing
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>
#define T(n, ...) errno = 0, r = syscall(SYS_##n, __VA_ARGS__), printf(#n " %ld %d\n", r, errno)
int main(void)
{
    long r, b = 8, h = 0xffffffff80000000;
    T(read, 0, b, 0), T(stat, b, b), T(fstat, 1, b), T(lstat, "/", b), T(poll, b, 1, 0), T(rt_sigaction, 10, b, 0, 8), T(rt_sigaction, 10, 0, b, 8);
    T(rt_sigprocmask, 0, b, 0, 8), T(rt_sigprocmask, 0, 0, b, 8), T(readv, 1, b, 1), T(writev, 1, b, 1), T(access, b, 0), T(pipe, b), T(pipe2, b, 0);
    T(select, 1, b, 0, 0, 0), T(mincore, 0, 4096, b), T(nanosleep, b, 0), T(getitimer, 0, b), T(setitimer, 0, b, 0), T(socketpair, 1, 1, 0, b);
    T(uname, b), T(getcwd, b, 100), T(chdir, b), T(rename, b, b), T(readlink, "/proc/self/exe", b, 10), T(gettimeofday, b, 0), T(getrlimit, 0, b);
    T(getrusage, 0, b), T(sysinfo, b), T(times, b), T(getgroups, 100, b), T(getresuid, b, b, b), T(capget, b, 0), T(rt_sigpending, b, 8);
    T(rt_sigtimedwait, b, 0, 0, 8), T(rt_sigsuspend, b, 8), T(sigaltstack, b, 0), T(statfs, "/", b), T(sched_getparam, 0, b), T(time, b);
    T(sched_getaffinity, 0, 128, b), T(clock_gettime, 1, b), T(clock_getres, 1, h), T(clock_nanosleep, 1, 0, b, 0), T(prlimit64, 0, 7, 0, b);
    T(waitid, 0, 0, b, 4, 0), T(wait4, -1, b, 0, 0), T(futex, b, 0, 0, 0), T(openat, -100, h, 0), T(newfstatat, -100, "/", h, 0), T(getrandom, h, 8, 0);
    T(memfd_create, h, 0), T(statx, -100, "/", 0, 0xfff, h), T(clone3, h, 88), T(openat2, -100, "/", h, 24), T(epoll_ctl, 1, 1, 0, h), T(prctl, 16, h);
    T(process_vm_readv, getpid(), h, 1, h, 1, 0), T(getcpu, h, h, 0), T(sendto, 1, h, 8, 0, h, 16), T(recvfrom, 1, h, 8, 0, h, h), T(set_robust_list, h, 7);
    T(timer_create, 1, 0, h), T(timerfd_settime, 1, 0, h, 0), T(signalfd4, -1, h, 8, 0), T(preadv, 1, h, 1, 0, 0), T(mq_open, h, 0), T(inotify_add_watch, 1, h, 1);
    T(name_to_handle_at, -100, "/", h, h, 0), T(shmat, -1, 0, 0), T(semctl, -1, 0, 13, h), T(execve, h, 0, 0), T(mount, h, h, h, 0, 0), T(sethostname, h, 5), T(getpeername, 1, h, h);
    T(sched_getattr, 0, h, 48, 0), T(kcmp, getpid(), getpid(), 0, 0, 0), T(getdents64, 1, h, 100), T(adjtimex, h), T(personality, 0xffffffff) ;
}
