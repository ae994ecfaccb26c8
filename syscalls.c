/* syscalls.c - the table: for every Linux syscall, what memory it writes and what replay must redo.
 *
 * Problem: a recording must hold every byte the kernel put into the program's memory, and only the
 * meaning of each syscall tells which bytes those are.
 *
 * How: a row for each syscall says which argument points to something the kernel writes, and how
 * much of it; the few whose answer depends on more (messages, ioctls) name a small function
 * instead. A row may say too much but never too little: bytes recorded needlessly are still the
 * right bytes. Recorder and replay share the table, so they cannot disagree.
 *
 * Sources: the man pages of section 2; x86-64's numbers. Start reading at `enum size_rule`, then a
 * row.
 */
#define _GNU_SOURCE
#include "rr.h"
#include "probe.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <sys/times.h>
#include <sys/timex.h>
#include <sys/uio.h>
#include <sys/utsname.h>
#include <sys/vfs.h>
#include <termios.h>
#include <time.h>

/* How many bytes behind a pointer argument the kernel wrote. Only counted if the call succeeded,
 * but for ALWAYS and POLLED; and if it failed with EFAULT, when the kernel may have written up to
 * the page that is not there. A null pointer is written nothing. */
enum size_rule {
    NOTHING,
    FIXED,   /* n bytes */
    ALWAYS,  /* n bytes, even if the call failed (what is left to sleep) */
    RESULT,  /* n for each unit of the result, argument `with` at most: read, epoll_wait */
    COUNT,   /* n for each unit of argument `with` */
    POLLED,  /* the same, even if a signal ended it: poll(2) has emptied all revents by then */
    PAGES,   /* a byte for each page of argument `with` */
    LENGTH,  /* as many as the u32 behind pointer `with` says now; that u32 in any case */
    IOVEC,   /* the result's bytes, over an array of `with` iovecs */
    FDSET,   /* a set of bits for as many descriptors as argument `with` says */
};
struct rule {
    uint8_t rule; /* enum size_rule */
    uint8_t arg;  /* the pointer: 0 to 5 */
    uint8_t with;
    uint16_t n;
};
struct row {
    const char *name;
    enum syscall_class class;
    struct rule out[4];
    /* more than rules can say, at entry and at exit */
    void (*special)(struct syscall_ctx *c, bool exit);
};

static void arg_out(struct syscall_ctx *c, int arg, uint64_t len)
{
    if (c->arg[arg] && len)
        c->out(c, c->arg[arg], len);
}

/* Hand the first `left` bytes of the buffers of an iovec array to each(). */
static void each_iovec(struct syscall_ctx *c, uint64_t array, uint64_t count, uint64_t left,
                       void (*each)(struct syscall_ctx *, uint64_t, uint64_t))
{
    struct iovec v;
    for (uint64_t i = 0; i < count && i < 1024 && left; i++) {
        if (c->parts && c->parts_at == array && i < c->part_count)
            v = c->parts[i];
        else if (tracee_read(c->task, array + i * sizeof v, &v, sizeof v) != sizeof v)
            return;
        uint64_t n = v.iov_len < left ? v.iov_len : left;
        if (n)
            each(c, (uint64_t)v.iov_base, n);
        left -= n;
    }
}

/* ---- the special ones ---- */

/* What recvmsg wrote: the header's lengths and flags, the name, the data, the control messages.
 * `bytes` is how much data came. */
static void msghdr_out(struct syscall_ctx *c, uint64_t addr, uint64_t bytes)
{
    struct msghdr m;
    if (tracee_read(c->task, addr, &m, sizeof m) != sizeof m)
        return;
    c->out(c, addr, sizeof m);
    if (m.msg_name && m.msg_namelen)
        c->out(c, (uint64_t)m.msg_name, m.msg_namelen);
    if (m.msg_control && m.msg_controllen)
        c->out(c, (uint64_t)m.msg_control, m.msg_controllen);
    each_iovec(c, (uint64_t)m.msg_iov, m.msg_iovlen, bytes, c->out);
}

static void sys_recvmsg(struct syscall_ctx *c, bool exit)
{
    if (exit && c->result >= 0)
        msghdr_out(c, c->arg[1], c->result);
}

/* recvmmsg(2): as many headers as messages were received, each with buffers of its own; and what is
 * left of the timeout. */
static void sys_recvmmsg(struct syscall_ctx *c, bool exit)
{
    struct mmsghdr m;
    if (!exit)
        return;
    /* the message after the last may have been begun, and given up for a bad address */
    for (int64_t i = 0; i <= c->result && i < (int64_t)c->arg[2] && i < 1024; i++) {
        uint64_t at = c->arg[1] + i * sizeof m;
        if (tracee_read(c->task, at, &m, sizeof m) != sizeof m)
            return;
        c->out(c, at, sizeof m);
        msghdr_out(c, at, i < c->result ? m.msg_len : UINT64_MAX);
    }
    arg_out(c, 4, sizeof(struct timespec));
}

static void sys_sendmmsg(struct syscall_ctx *c, bool exit)
{
    if (exit && c->result > 0) /* msg_len of each */
        arg_out(c, 1, (c->result < 1024 ? c->result : 1024) * sizeof(struct mmsghdr));
}

static void sys_write(struct syscall_ctx *c, bool exit)
{
    if (!exit && c->arg[2])
        c->in(c, c->arg[1], c->arg[2]);
}

static void sys_writev(struct syscall_ctx *c, bool exit)
{
    if (!exit)
        each_iovec(c, c->arg[1], c->arg[2], UINT64_MAX, c->in);
}

static void sys_sendmsg(struct syscall_ctx *c, bool exit)
{
    struct msghdr m;
    if (!exit && tracee_read(c->task, c->arg[1], &m, sizeof m) == sizeof m)
        each_iovec(c, (uint64_t)m.msg_iov, m.msg_iovlen, UINT64_MAX, c->in);
}

/* The ioctls whose numbers do not tell how much they write; the others say it themselves
 * (ioctl(2), _IOC_SIZE). */
static const struct { uint32_t request; uint16_t size; } ioctls[] = {
    /* terminals; the kernel's struct termios is not glibc's */
    {TCGETS, 36}, {TCGETA, 18}, {TIOCGLCKTRMIOS, 36}, {0x5432, 16 /* TCGETX */},
    {TIOCGWINSZ, sizeof(struct winsize)}, {TIOCGPGRP, 4}, {TIOCGSID, 4}, {TIOCOUTQ, 4},
    {FIONREAD, 4}, {TIOCMGET, 4}, {TIOCGETD, 4}, {TIOCGSOFTCAR, 4}, {TIOCGSERIAL, 72},
    {TIOCGICOUNT, 80}, {TIOCSERGETLSR, 4}, {TIOCLINUX, 1}, {0x542e, 32 /* TIOCGRS485 */},
    /* consoles, keyboards and frame buffers: VT_, KD, GIO_, FBIOGET_ */
    {0x5600, 4}, {0x5601, 8}, {0x5603, 6}, {0x560d, 2}, {0x4b31, 1}, {0x4b33, 1}, {0x4b3b, 4},
    {0x4b40, 256}, {0x4b44, 4}, {0x4b46, 4}, {0x4b48, 513}, {0x4b4a, 772}, {0x4b4c, 8},
    {0x4b52, 8}, {0x4b60, 8192}, {0x4b62, 4}, {0x4b64, 1}, {0x4b69, 512}, {0x4b70, 48},
    {0x4bfa, 3076}, {0x4600, 160}, {0x4602, 80},
    /* files: FIBMAP, FIGETBSZ, FIOQSIZE */
    {0x1, 4}, {0x2, 4}, {0x5460, 8},
    /* block devices: BLKROGET to BLKROTATIONAL; HDIO_GETGEO, HDIO_GET_IDENTITY; LOOP_GET_STATUS,
     * LOOP_GET_STATUS64; SG_, SCSI_IOCTL_ */
    {0x125e, 4}, {0x1260, 8}, {0x1263, 8}, {0x1265, 8}, {0x1267, 2}, {0x1268, 4}, {0x1278, 4},
    {0x1279, 4}, {0x127a, 4}, {0x127b, 4}, {0x127c, 4}, {0x127e, 2}, {0x301, 16}, {0x30d, 512},
    {0x4c03, 168}, {0x4c05, 232}, {0x2203, 4}, {0x2272, 4}, {0x2276, 44}, {0x2282, 4},
    {0x5382, 8}, {0x5386, 4},
    /* sockets and interfaces; TUNSETIFF, TUNGETIFF, TUNGETFILTER; NS_GET_OWNER_UID */
    {SIOCATMARK, 4}, {SIOCGPGRP, 4}, {FIOGETOWN, 4}, {SIOCGSTAMP, 16}, {SIOCGSTAMPNS, 16},
    {0x894b, 4 /* SIOCOUTQNSD */}, {SIOCGIFCONF, sizeof(struct ifconf)}, {SIOCGARP, 68},
    {0x400454ca, sizeof(struct ifreq)}, {0x800454d2, sizeof(struct ifreq)}, {0x801054db, 16},
    {0xb704, 4},
};

/* And those whose struct ends in an array: the size before it, where the count of its elements
 * stands and how large that number is, and the size of an element. */
static const struct { uint32_t request; uint8_t size, count_at, count_size, unit; } arrays[] = {
    {0xc020660b, 32, 20, 4, 56},  /* FS_IOC_FIEMAP */
    {0xc0189436, 24, 16, 2, 32},  /* FIDEDUPERANGE */
    {0xc0c0583b, 192, 12, 4, 64}, /* FS_IOC_GETFSMAP */
    {0xc0046686, 4, 2, 2, 1},     /* FS_IOC_MEASURE_VERITY */
    {0xc0096616, 8, 0, 4, 1},     /* FS_IOC_GET_ENCRYPTION_POLICY_EX */
    {0xc0101282, 16, 8, 4, 64},   /* BLKREPORTZONE */
};

/* And those that also write elsewhere: where in the struct the pointer is, where and how large the
 * count of what it points to, and the size of each. Without a count, the size is that of the
 * largest of many answers. */
static const struct { uint32_t request; uint8_t at, count_at, count_size; uint16_t unit; } far[] = {
    {SIOCGIFCONF, 8, 0, 4, 1},
    {SIOCETHTOOL, 16, 0, 0, 16384}, {0x89b1, 16, 0, 0, 12}, /* SIOCGHWTSTAMP */
    {0xc0606610, 40, 48, 8, 24},                           /* PAGEMAP_SCAN */
    {0xc0686611, 88, 80, 4, 1}, {0xc0686611, 96, 84, 4, 1}, /* PROCMAP_QUERY: name, build id */
};

/* How many bytes the ioctl, which succeeded, wrote behind its argument. */
static uint64_t ioctl_size(struct syscall_ctx *c, uint32_t request)
{
    uint32_t count = 0;
    for (size_t i = 0; i < sizeof ioctls / sizeof *ioctls; i++)
        if (ioctls[i].request == request)
            return ioctls[i].size;
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        if (arrays[i].request == request) {
            tracee_read(c->task, c->arg[2] + arrays[i].count_at, &count, arrays[i].count_size);
            return arrays[i].size + (uint64_t)count * arrays[i].unit;
        }
    if (request >> 8 == SIOCGIFNAME >> 8) /* what else is of this kind is about a struct ifreq */
        return sizeof(struct ifreq);
    return _IOC_DIR(request) & _IOC_READ ? _IOC_SIZE(request) : 0;
}

/* ioctl(2): behind the argument, and where a pointer in what it points to leads. */
static void sys_ioctl(struct syscall_ctx *c, bool exit)
{
    if (!exit || c->result < 0)
        return;
    uint32_t request = c->arg[1];
    arg_out(c, 2, ioctl_size(c, request));
    for (size_t i = 0; i < sizeof far / sizeof *far; i++) {
        uint64_t pointer = 0, count = far[i].count_size ? 0 : 1;
        if (far[i].request != request)
            continue;
        tracee_read(c->task, c->arg[2] + far[i].at, &pointer, sizeof pointer);
        tracee_read(c->task, c->arg[2] + far[i].count_at, &count, far[i].count_size);
        if (pointer && count)
            c->out(c, pointer, count * far[i].unit);
    }
}

/* fcntl(2): few commands write to memory; the others' results are all there is. */
static void sys_fcntl(struct syscall_ctx *c, bool exit)
{
    if (!exit || c->result < 0)
        return;
    switch ((int)c->arg[1]) {
    case F_GETLK: case F_OFD_GETLK: arg_out(c, 2, sizeof(struct flock)); break;
    case 17: arg_out(c, 2, 8); break; /* F_GETOWNER_UIDS */
    case F_GETOWN_EX: arg_out(c, 2, sizeof(struct f_owner_ex)); break;
    case 1035: case 1037: case 1036: case 1038: arg_out(c, 2, 8); break; /* F_GET/SET_RW_HINT */
    }
}

/* getsockopt(2): of a filter the length counts instructions. */
static void sys_getsockopt(struct syscall_ctx *c, bool exit)
{
    uint32_t count;
    if (exit && c->result >= 0 && (int)c->arg[1] == SOL_SOCKET && (int)c->arg[2] == SO_GET_FILTER &&
        tracee_read(c->task, c->arg[4], &count, 4) == 4)
        arg_out(c, 3, (uint64_t)count * 8);
}

/* prctl(2): those that answer through a pointer. */
static void sys_prctl(struct syscall_ctx *c, bool exit)
{
    if (!exit || c->result < 0)
        return;
    switch ((int)c->arg[0]) {
    case PR_GET_NAME: arg_out(c, 1, 16); break;
    case PR_GET_PDEATHSIG: case PR_GET_TSC: case PR_GET_FPEMU: case PR_GET_FPEXC: case PR_GET_ENDIAN:
    case PR_GET_UNALIGN: case PR_GET_CHILD_SUBREAPER: arg_out(c, 1, 4); break;
    case PR_GET_TID_ADDRESS: arg_out(c, 1, 8); break;
    case 0x41555856:
        arg_out(c, 1, c->result < (int64_t)c->arg[2] ? (uint64_t)c->result : c->arg[2]);
        break;                        /* PR_GET_AUXV */
    case 62: arg_out(c, 4, 8); break; /* PR_SCHED_CORE */
    case 74: arg_out(c, 1, 8); break; /* PR_GET_SHADOW_STACK_STATUS */
    case PR_SET_MM:
        if (c->arg[1] == PR_SET_MM_MAP_SIZE)
            arg_out(c, 2, 4);
        break;
    }
}

/* semctl(2): the size of the answer depends on the command. */
static void sys_semctl(struct syscall_ctx *c, bool exit)
{
    if (!exit || c->result < 0)
        return;
    switch (c->arg[2] & 0xff) {
    case IPC_STAT: case SEM_STAT: case SEM_STAT_ANY: arg_out(c, 3, sizeof(struct semid_ds)); break;
    case IPC_INFO: case SEM_INFO: arg_out(c, 3, sizeof(struct seminfo)); break;
    case GETALL: arg_out(c, 3, 2 * 32000); break; /* a u16 for each semaphore: SEMMSL at most */
    }
}

static void sys_shmctl(struct syscall_ctx *c, bool exit)
{
    if (exit && c->result >= 0 && c->arg[1] != IPC_RMID && c->arg[1] != IPC_SET)
        arg_out(c, 2, sizeof(struct shmid_ds));
}

static void sys_msgctl(struct syscall_ctx *c, bool exit)
{
    if (exit && c->result >= 0 && c->arg[1] != IPC_RMID && c->arg[1] != IPC_SET)
        arg_out(c, 2, sizeof(struct msqid_ds));
}

static void sys_msgrcv(struct syscall_ctx *c, bool exit)
{
    if (exit && c->result >= 0)
        arg_out(c, 1, 8 + ((uint64_t)c->result < c->arg[2] ? (uint64_t)c->result : c->arg[2]));
}

/* Thread ids the kernel stores on the way (clone(2)): arguments 2 and 3 of clone. */
static void sys_clone(struct syscall_ctx *c, bool exit)
{
    if (!exit || c->result < 0)
        return;
    if (c->arg[0] & 0x00100000) /* CLONE_PARENT_SETTID */
        arg_out(c, 2, 4);
    if (c->arg[0] & 0x01000000) /* CLONE_CHILD_SETTID, seen here too if memory is shared */
        arg_out(c, 3, 4);
    if (c->arg[0] & 0x00001000) /* CLONE_PIDFD */
        arg_out(c, 2, 4);
}

/* clone3(2): what the kernel writes is where struct clone_args says, in the parent alone. (The
 * child's share is I_NEWTASK's.) */
static void sys_clone3(struct syscall_ctx *c, bool exit)
{
    uint64_t a[8]; /* flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls */
    if (!exit || c->result < 0 || tracee_read(c->task, c->arg[0], a, sizeof a) != sizeof a)
        return;
    if (a[0] & 0x00100000 && a[3])
        c->out(c, a[3], 4);
    if (a[0] & 0x01000000 && a[2])
        c->out(c, a[2], 4);
    if (a[0] & 0x00001000 && a[1])
        c->out(c, a[1], 4);
}

static void sys_process_vm_readv(struct syscall_ctx *c, bool exit)
{
    if (exit && c->result > 0)
        each_iovec(c, c->arg[1], c->arg[2], c->result, c->out);
}

static void sys_arch_prctl(struct syscall_ctx *c, bool exit)
{
    int code = c->arg[0];
    if (exit && c->result >= 0 && (code == 0x1003 || code == 0x1004 || code >= 0x1021))
        arg_out(c, 1, 8); /* ARCH_GET_FS, ARCH_GET_GS, ARCH_GET_XCOMP_SUPP... */
}

/* The operations that write to a futex, at the first address or the second. */
static void sys_futex(struct syscall_ctx *c, bool exit)
{
    if (!exit)
        return;
    switch ((int)c->arg[1] & FUTEX_CMD_MASK) {
    case FUTEX_LOCK_PI:
    case FUTEX_LOCK_PI2:
    case FUTEX_TRYLOCK_PI:
    case FUTEX_UNLOCK_PI: arg_out(c, 0, 4); break;
    case FUTEX_WAKE_OP:
    case FUTEX_WAIT_REQUEUE_PI:
    case FUTEX_CMP_REQUEUE_PI: arg_out(c, 4, 4); break;
    }
}

/* keyctl(2): each operation answers through another argument. */
static void sys_keyctl(struct syscall_ctx *c, bool exit)
{
    if (!exit || c->result < 0)
        return;
    switch ((int)c->arg[0]) {
    case 6: case 11: case 17: /* KEYCTL_DESCRIBE, _READ, _GET_SECURITY */
    case 23: arg_out(c, 2, c->arg[3]); break; /* _DH_COMPUTE */
    case 24: arg_out(c, 4, 48); break; /* _PKEY_QUERY */
    case 25: case 26: case 27: arg_out(c, 4, c->result); break; /* _PKEY_ENCRYPT, _DECRYPT, _SIGN */
    case 31: arg_out(c, 1, c->arg[2]); break; /* _CAPABILITIES */
    }
}

/* getxattrat's buffer is in a struct xattr_args: its address, its size. */
static void sys_getxattrat(struct syscall_ctx *c, bool exit)
{
    uint64_t a[2];
    if (exit && c->result >= 0 && tracee_read(c->task, c->arg[4], a, sizeof a) == sizeof a && a[0])
        c->out(c, a[0], (uint32_t)a[1]);
}

/* ---- the table ---- */

#define P(n) {n, SC_PLAIN, {{0}}, NULL} /* writes no memory */

static const struct row table[] = {
    [SYS_read] = {"read", SC_PLAIN, {{RESULT, 1, 2, 1}}, NULL},
    [SYS_write] = {"write", SC_PLAIN, {{0}}, sys_write},
    [SYS_open] = P("open"), [SYS_close] = P("close"),
    [SYS_stat] = {"stat", SC_PLAIN, {{FIXED, 1, 0, sizeof(struct stat)}}, NULL},
    [SYS_fstat] = {"fstat", SC_PLAIN, {{FIXED, 1, 0, sizeof(struct stat)}}, NULL},
    [SYS_lstat] = {"lstat", SC_PLAIN, {{FIXED, 1, 0, sizeof(struct stat)}}, NULL},
    [SYS_poll] = {"poll", SC_PLAIN, {{POLLED, 0, 1, sizeof(struct pollfd)}}, NULL},
    [SYS_lseek] = P("lseek"),
    [SYS_mmap] = {"mmap", SC_SHAPE, {{0}}, NULL},
    [SYS_mprotect] = {"mprotect", SC_SHAPE, {{0}}, NULL},
    [SYS_munmap] = {"munmap", SC_SHAPE, {{0}}, NULL},
    [SYS_brk] = {"brk", SC_SHAPE, {{0}}, NULL},
    [SYS_rt_sigaction] = {"rt_sigaction", SC_PLAIN, {{FIXED, 2, 0, 32}}, NULL},
    [SYS_rt_sigprocmask] = {"rt_sigprocmask", SC_PLAIN, {{COUNT, 2, 3, 1}}, NULL},
    [SYS_rt_sigreturn] = {"rt_sigreturn", SC_SIGRETURN, {{0}}, NULL},
    [SYS_ioctl] = {"ioctl", SC_PLAIN, {{0}}, sys_ioctl},
    [SYS_pread64] = {"pread64", SC_PLAIN, {{RESULT, 1, 2, 1}}, NULL},
    [SYS_pwrite64] = {"pwrite64", SC_PLAIN, {{0}}, sys_write},
    [SYS_readv] = {"readv", SC_PLAIN, {{IOVEC, 1, 2, 0}}, NULL},
    [SYS_writev] = {"writev", SC_PLAIN, {{0}}, sys_writev},
    [SYS_access] = P("access"),
    [SYS_pipe] = {"pipe", SC_PLAIN, {{FIXED, 0, 0, 8}}, NULL},
    [SYS_select] = {"select", SC_PLAIN,
                    {{FDSET, 1, 0, 0}, {FDSET, 2, 0, 0}, {FDSET, 3, 0, 0}, {ALWAYS, 4, 0, 16}}, NULL},
    [SYS_sched_yield] = P("sched_yield"),
    [SYS_mremap] = {"mremap", SC_SHAPE, {{0}}, NULL},
    [SYS_msync] = P("msync"),
    [SYS_mincore] = {"mincore", SC_PLAIN, {{PAGES, 2, 1, 0}}, NULL},
    [SYS_madvise] = {"madvise", SC_SHAPE, {{0}}, NULL},
    [SYS_shmget] = P("shmget"),
    [SYS_shmat] = {"shmat", SC_SHAPE, {{0}}, NULL},
    [SYS_shmctl] = {"shmctl", SC_PLAIN, {{0}}, sys_shmctl},
    [SYS_dup] = P("dup"), [SYS_dup2] = P("dup2"), [SYS_pause] = P("pause"),
    [SYS_nanosleep] = {"nanosleep", SC_PLAIN, {{ALWAYS, 1, 0, 16}}, NULL},
    [SYS_getitimer] = {"getitimer", SC_PLAIN, {{FIXED, 1, 0, 32}}, NULL},
    [SYS_alarm] = P("alarm"),
    [SYS_setitimer] = {"setitimer", SC_PLAIN, {{FIXED, 2, 0, 32}}, NULL},
    [SYS_getpid] = P("getpid"),
    [SYS_sendfile] = {"sendfile", SC_PLAIN, {{FIXED, 2, 0, 8}}, NULL},
    [SYS_socket] = P("socket"), [SYS_connect] = P("connect"),
    [SYS_accept] = {"accept", SC_PLAIN, {{LENGTH, 1, 2, 0}}, NULL},
    [SYS_sendto] = {"sendto", SC_PLAIN, {{0}}, sys_write},
    [SYS_recvfrom] = {"recvfrom", SC_PLAIN, {{RESULT, 1, 2, 1}, {LENGTH, 4, 5, 0}}, NULL},
    [SYS_sendmsg] = {"sendmsg", SC_PLAIN, {{0}}, sys_sendmsg},
    [SYS_recvmsg] = {"recvmsg", SC_PLAIN, {{0}}, sys_recvmsg},
    [SYS_shutdown] = P("shutdown"), [SYS_bind] = P("bind"), [SYS_listen] = P("listen"),
    [SYS_getsockname] = {"getsockname", SC_PLAIN, {{LENGTH, 1, 2, 0}}, NULL},
    [SYS_getpeername] = {"getpeername", SC_PLAIN, {{LENGTH, 1, 2, 0}}, NULL},
    [SYS_socketpair] = {"socketpair", SC_PLAIN, {{ALWAYS, 3, 0, 8}}, NULL},
    [SYS_setsockopt] = P("setsockopt"),
    [SYS_getsockopt] = {"getsockopt", SC_PLAIN, {{LENGTH, 3, 4, 0}}, sys_getsockopt},
    [SYS_clone] = {"clone", SC_CLONE, {{0}}, sys_clone},
    [SYS_fork] = {"fork", SC_CLONE, {{0}}, NULL},
    [SYS_vfork] = {"vfork", SC_CLONE, {{0}}, NULL},
    [SYS_execve] = {"execve", SC_EXEC, {{0}}, NULL},
    [SYS_exit] = {"exit", SC_EXIT, {{0}}, NULL},
    [SYS_wait4] = {"wait4", SC_PLAIN, {{FIXED, 1, 0, 4}, {FIXED, 3, 0, sizeof(struct rusage)}}, NULL},
    [SYS_kill] = P("kill"),
    [SYS_uname] = {"uname", SC_PLAIN, {{FIXED, 0, 0, sizeof(struct utsname)}}, NULL},
    [SYS_semget] = P("semget"), [SYS_semop] = P("semop"),
    [SYS_semctl] = {"semctl", SC_PLAIN, {{0}}, sys_semctl},
    [SYS_shmdt] = {"shmdt", SC_SHAPE, {{0}}, NULL},
    [SYS_msgget] = P("msgget"), [SYS_msgsnd] = P("msgsnd"),
    [SYS_msgrcv] = {"msgrcv", SC_PLAIN, {{0}}, sys_msgrcv},
    [SYS_msgctl] = {"msgctl", SC_PLAIN, {{0}}, sys_msgctl},
    [SYS_fcntl] = {"fcntl", SC_PLAIN, {{0}}, sys_fcntl},
    [SYS_flock] = P("flock"), [SYS_fsync] = P("fsync"), [SYS_fdatasync] = P("fdatasync"),
    [SYS_truncate] = P("truncate"), [SYS_ftruncate] = P("ftruncate"),
    [SYS_getdents] = {"getdents", SC_PLAIN, {{RESULT, 1, 2, 1}}, NULL},
    [SYS_getcwd] = {"getcwd", SC_PLAIN, {{RESULT, 0, 1, 1}}, NULL},
    [SYS_chdir] = P("chdir"), [SYS_fchdir] = P("fchdir"), [SYS_rename] = P("rename"),
    [SYS_mkdir] = P("mkdir"), [SYS_rmdir] = P("rmdir"), [SYS_creat] = P("creat"), [SYS_link] = P("link"),
    [SYS_unlink] = P("unlink"), [SYS_symlink] = P("symlink"),
    [SYS_readlink] = {"readlink", SC_PLAIN, {{RESULT, 1, 2, 1}}, NULL},
    [SYS_chmod] = P("chmod"), [SYS_fchmod] = P("fchmod"), [SYS_chown] = P("chown"),
    [SYS_fchown] = P("fchown"), [SYS_lchown] = P("lchown"), [SYS_umask] = P("umask"),
    [SYS_gettimeofday] = {"gettimeofday", SC_PLAIN, {{FIXED, 0, 0, 16}, {FIXED, 1, 0, 8}}, NULL},
    [SYS_getrlimit] = {"getrlimit", SC_PLAIN, {{FIXED, 1, 0, 16}}, NULL},
    [SYS_getrusage] = {"getrusage", SC_PLAIN, {{FIXED, 1, 0, sizeof(struct rusage)}}, NULL},
    [SYS_sysinfo] = {"sysinfo", SC_PLAIN, {{FIXED, 0, 0, sizeof(struct sysinfo)}}, NULL},
    [SYS_times] = {"times", SC_PLAIN, {{FIXED, 0, 0, sizeof(struct tms)}}, NULL},
    [SYS_getuid] = P("getuid"), [SYS_syslog] = {"syslog", SC_PLAIN, {{RESULT, 1, 2, 1}}, NULL},
    [SYS_getgid] = P("getgid"), [SYS_setuid] = P("setuid"), [SYS_setgid] = P("setgid"),
    [SYS_geteuid] = P("geteuid"), [SYS_getegid] = P("getegid"), [SYS_setpgid] = P("setpgid"),
    [SYS_getppid] = P("getppid"), [SYS_getpgrp] = P("getpgrp"), [SYS_setsid] = P("setsid"),
    [SYS_setreuid] = P("setreuid"), [SYS_setregid] = P("setregid"),
    [SYS_getgroups] = {"getgroups", SC_PLAIN, {{RESULT, 1, 0, 4}}, NULL},
    [SYS_setgroups] = P("setgroups"), [SYS_setresuid] = P("setresuid"),
    [SYS_getresuid] = {"getresuid", SC_PLAIN, {{FIXED, 0, 0, 4}, {FIXED, 1, 0, 4}, {FIXED, 2, 0, 4}}, NULL},
    [SYS_setresgid] = P("setresgid"),
    [SYS_getresgid] = {"getresgid", SC_PLAIN, {{FIXED, 0, 0, 4}, {FIXED, 1, 0, 4}, {FIXED, 2, 0, 4}}, NULL},
    [SYS_getpgid] = P("getpgid"), [SYS_setfsuid] = P("setfsuid"), [SYS_setfsgid] = P("setfsgid"),
    [SYS_getsid] = P("getsid"),
    [SYS_capget] = {"capget", SC_PLAIN, {{ALWAYS, 0, 0, 8}, {FIXED, 1, 0, 24}}, NULL},
    [SYS_capset] = {"capset", SC_PLAIN, {{ALWAYS, 0, 0, 8}}, NULL},
    [SYS_rt_sigpending] = {"rt_sigpending", SC_PLAIN, {{COUNT, 0, 1, 1}}, NULL},
    [SYS_rt_sigtimedwait] = {"rt_sigtimedwait", SC_PLAIN, {{FIXED, 1, 0, 128}}, NULL},
    [SYS_rt_sigqueueinfo] = P("rt_sigqueueinfo"), [SYS_rt_sigsuspend] = P("rt_sigsuspend"),
    [SYS_sigaltstack] = {"sigaltstack", SC_PLAIN, {{FIXED, 1, 0, 24}}, NULL},
    [SYS_utime] = P("utime"), [SYS_mknod] = P("mknod"), [SYS_personality] = P("personality"),
    [SYS_ustat] = {"ustat", SC_PLAIN, {{FIXED, 1, 0, 32}}, NULL},
    [SYS_statfs] = {"statfs", SC_PLAIN, {{FIXED, 1, 0, sizeof(struct statfs)}}, NULL},
    [SYS_fstatfs] = {"fstatfs", SC_PLAIN, {{FIXED, 1, 0, sizeof(struct statfs)}}, NULL},
    [SYS_sysfs] = {"sysfs", SC_PLAIN, {{FIXED, 2, 0, 64}}, NULL}, /* the name of a file system */
    [SYS_getpriority] = P("getpriority"), [SYS_setpriority] = P("setpriority"),
    [SYS_sched_setparam] = P("sched_setparam"),
    [SYS_sched_getparam] = {"sched_getparam", SC_PLAIN, {{FIXED, 1, 0, 4}}, NULL},
    [SYS_sched_setscheduler] = P("sched_setscheduler"),
    [SYS_sched_getscheduler] = P("sched_getscheduler"),
    [SYS_sched_get_priority_max] = P("sched_get_priority_max"),
    [SYS_sched_get_priority_min] = P("sched_get_priority_min"),
    [SYS_sched_rr_get_interval] = {"sched_rr_get_interval", SC_PLAIN, {{FIXED, 1, 0, 16}}, NULL},
    [SYS_mlock] = P("mlock"), [SYS_munlock] = P("munlock"), [SYS_mlockall] = P("mlockall"),
    [SYS_munlockall] = P("munlockall"), [SYS_vhangup] = P("vhangup"), [SYS_pivot_root] = P("pivot_root"),
    [SYS_prctl] = {"prctl", SC_PLAIN, {{0}}, sys_prctl},
    [SYS_arch_prctl] = {"arch_prctl", SC_SHAPE, {{0}}, sys_arch_prctl},
    [SYS_adjtimex] = {"adjtimex", SC_PLAIN, {{ALWAYS, 0, 0, sizeof(struct timex)}}, NULL},
    [SYS_setrlimit] = {"setrlimit", SC_SHAPE, {{0}}, NULL}, /* of the stack */
    [SYS_chroot] = P("chroot"), [SYS_sync] = P("sync"),
    [SYS_acct] = P("acct"), [SYS_settimeofday] = P("settimeofday"), [SYS_mount] = P("mount"),
    [SYS_umount2] = P("umount2"), [SYS_sethostname] = P("sethostname"),
    [SYS_setdomainname] = P("setdomainname"), [SYS_gettid] = P("gettid"), [SYS_readahead] = P("readahead"),
    [SYS_setxattr] = P("setxattr"), [SYS_lsetxattr] = P("lsetxattr"), [SYS_fsetxattr] = P("fsetxattr"),
    [SYS_getxattr] = {"getxattr", SC_PLAIN, {{RESULT, 2, 3, 1}}, NULL},
    [SYS_lgetxattr] = {"lgetxattr", SC_PLAIN, {{RESULT, 2, 3, 1}}, NULL},
    [SYS_fgetxattr] = {"fgetxattr", SC_PLAIN, {{RESULT, 2, 3, 1}}, NULL},
    [SYS_listxattr] = {"listxattr", SC_PLAIN, {{RESULT, 1, 2, 1}}, NULL},
    [SYS_llistxattr] = {"llistxattr", SC_PLAIN, {{RESULT, 1, 2, 1}}, NULL},
    [SYS_flistxattr] = {"flistxattr", SC_PLAIN, {{RESULT, 1, 2, 1}}, NULL},
    [SYS_removexattr] = P("removexattr"), [SYS_lremovexattr] = P("lremovexattr"),
    [SYS_fremovexattr] = P("fremovexattr"), [SYS_tkill] = P("tkill"),
    [SYS_time] = {"time", SC_PLAIN, {{FIXED, 0, 0, 8}}, NULL},
    [SYS_futex] = {"futex", SC_PLAIN, {{0}}, sys_futex}, [SYS_sched_setaffinity] = P("sched_setaffinity"),
    [SYS_sched_getaffinity] = {"sched_getaffinity", SC_PLAIN, {{RESULT, 2, 1, 1}}, NULL},
    [SYS_io_setup] = {"io_setup", SC_REFUSE, {{0}}, NULL},
    [SYS_epoll_create] = P("epoll_create"),
    [SYS_getdents64] = {"getdents64", SC_PLAIN, {{RESULT, 1, 2, 1}}, NULL},
    [SYS_set_tid_address] = P("set_tid_address"), [SYS_restart_syscall] = P("restart_syscall"),
    [SYS_semtimedop] = P("semtimedop"), [SYS_fadvise64] = P("fadvise64"),
    [SYS_timer_create] = {"timer_create", SC_PLAIN, {{FIXED, 2, 0, 4}}, NULL},
    [SYS_timer_settime] = {"timer_settime", SC_PLAIN, {{FIXED, 3, 0, 32}}, NULL},
    [SYS_timer_gettime] = {"timer_gettime", SC_PLAIN, {{FIXED, 1, 0, 32}}, NULL},
    [SYS_timer_getoverrun] = P("timer_getoverrun"), [SYS_timer_delete] = P("timer_delete"),
    [SYS_clock_settime] = P("clock_settime"),
    [SYS_clock_gettime] = {"clock_gettime", SC_PLAIN, {{FIXED, 1, 0, 16}}, NULL},
    [SYS_clock_getres] = {"clock_getres", SC_PLAIN, {{FIXED, 1, 0, 16}}, NULL},
    [SYS_clock_nanosleep] = {"clock_nanosleep", SC_PLAIN, {{ALWAYS, 3, 0, 16}}, NULL},
    [SYS_exit_group] = {"exit_group", SC_EXIT, {{0}}, NULL},
    [SYS_epoll_wait] = {"epoll_wait", SC_PLAIN, {{RESULT, 1, 2, 12}}, NULL},
    [SYS_epoll_ctl] = P("epoll_ctl"), [SYS_tgkill] = P("tgkill"), [SYS_utimes] = P("utimes"),
    [SYS_mbind] = P("mbind"), [SYS_set_mempolicy] = P("set_mempolicy"),
    [SYS_get_mempolicy] = {"get_mempolicy", SC_PLAIN, {{FIXED, 0, 0, 4}, {FDSET, 1, 2, 0}}, NULL},
    [SYS_mq_open] = P("mq_open"), [SYS_mq_unlink] = P("mq_unlink"), [SYS_mq_timedsend] = P("mq_timedsend"),
    [SYS_mq_timedreceive] = {"mq_timedreceive", SC_PLAIN,
                             {{RESULT, 1, 2, 1}, {FIXED, 3, 0, 4}}, NULL},
    [SYS_mq_notify] = P("mq_notify"),
    [SYS_mq_getsetattr] = {"mq_getsetattr", SC_PLAIN, {{FIXED, 2, 0, 64}}, NULL},
    [SYS_waitid] = {"waitid", SC_PLAIN,
                    {{ALWAYS, 2, 0, 128}, {FIXED, 4, 0, sizeof(struct rusage)}}, NULL},
    [SYS_add_key] = P("add_key"), [SYS_request_key] = P("request_key"),
    [SYS_keyctl] = {"keyctl", SC_PLAIN, {{0}}, sys_keyctl},
    [SYS_ioprio_set] = P("ioprio_set"), [SYS_ioprio_get] = P("ioprio_get"),
    [SYS_inotify_init] = P("inotify_init"), [SYS_inotify_add_watch] = P("inotify_add_watch"),
    [SYS_inotify_rm_watch] = P("inotify_rm_watch"), [SYS_openat] = P("openat"), [SYS_mkdirat] = P("mkdirat"),
    [SYS_mknodat] = P("mknodat"), [SYS_fchownat] = P("fchownat"), [SYS_futimesat] = P("futimesat"),
    [SYS_newfstatat] = {"newfstatat", SC_PLAIN, {{FIXED, 2, 0, sizeof(struct stat)}}, NULL},
    [SYS_unlinkat] = P("unlinkat"), [SYS_renameat] = P("renameat"), [SYS_linkat] = P("linkat"),
    [SYS_symlinkat] = P("symlinkat"),
    [SYS_readlinkat] = {"readlinkat", SC_PLAIN, {{RESULT, 2, 3, 1}}, NULL},
    [SYS_fchmodat] = P("fchmodat"), [SYS_faccessat] = P("faccessat"),
    [SYS_pselect6] = {"pselect6", SC_PLAIN,
                      {{FDSET, 1, 0, 0}, {FDSET, 2, 0, 0}, {FDSET, 3, 0, 0}, {ALWAYS, 4, 0, 16}}, NULL},
    [SYS_ppoll] = {"ppoll", SC_PLAIN,
                   {{POLLED, 0, 1, sizeof(struct pollfd)}, {ALWAYS, 2, 0, 16}}, NULL},
    [SYS_unshare] = P("unshare"), [SYS_set_robust_list] = P("set_robust_list"),
    [SYS_get_robust_list] = {"get_robust_list", SC_PLAIN, {{FIXED, 1, 0, 8}, {FIXED, 2, 0, 8}}, NULL},
    [SYS_splice] = {"splice", SC_PLAIN, {{FIXED, 1, 0, 8}, {FIXED, 3, 0, 8}}, NULL},
    [SYS_tee] = P("tee"), [SYS_sync_file_range] = P("sync_file_range"), [SYS_vmsplice] = {"vmsplice", SC_PLAIN, {{IOVEC, 1, 2, 0}}, sys_writev},
    [SYS_move_pages] = {"move_pages", SC_PLAIN, {{COUNT, 4, 1, 4}}, NULL},
    [SYS_utimensat] = P("utimensat"),
    [SYS_epoll_pwait] = {"epoll_pwait", SC_PLAIN, {{RESULT, 1, 2, 12}}, NULL},
    [SYS_signalfd] = P("signalfd"), [SYS_timerfd_create] = P("timerfd_create"), [SYS_eventfd] = P("eventfd"),
    [SYS_fallocate] = P("fallocate"),
    [SYS_timerfd_settime] = {"timerfd_settime", SC_PLAIN, {{FIXED, 3, 0, 32}}, NULL},
    [SYS_timerfd_gettime] = {"timerfd_gettime", SC_PLAIN, {{FIXED, 1, 0, 32}}, NULL},
    [SYS_accept4] = {"accept4", SC_PLAIN, {{LENGTH, 1, 2, 0}}, NULL},
    [SYS_signalfd4] = P("signalfd4"), [SYS_eventfd2] = P("eventfd2"), [SYS_epoll_create1] = P("epoll_create1"),
    [SYS_dup3] = P("dup3"), [SYS_pipe2] = {"pipe2", SC_PLAIN, {{FIXED, 0, 0, 8}}, NULL},
    [SYS_inotify_init1] = P("inotify_init1"),
    [SYS_preadv] = {"preadv", SC_PLAIN, {{IOVEC, 1, 2, 0}}, NULL},
    [SYS_pwritev] = {"pwritev", SC_PLAIN, {{0}}, sys_writev},
    [SYS_rt_tgsigqueueinfo] = P("rt_tgsigqueueinfo"),
    [SYS_recvmmsg] = {"recvmmsg", SC_PLAIN, {{0}}, sys_recvmmsg},
    [SYS_fanotify_init] = P("fanotify_init"), [SYS_fanotify_mark] = P("fanotify_mark"),
    [SYS_prlimit64] = {"prlimit64", SC_SHAPE, {{FIXED, 3, 0, 16}}, NULL},
    [SYS_name_to_handle_at] = {"name_to_handle_at", SC_PLAIN,
                               {{ALWAYS, 2, 0, 136}, {FIXED, 3, 0, 8}}, NULL},
    [SYS_open_by_handle_at] = P("open_by_handle_at"),
    [SYS_clock_adjtime] = {"clock_adjtime", SC_PLAIN, {{FIXED, 1, 0, sizeof(struct timex)}}, NULL},
    [SYS_syncfs] = P("syncfs"), [SYS_sendmmsg] = {"sendmmsg", SC_PLAIN, {{0}}, sys_sendmmsg},
    [SYS_setns] = P("setns"),
    [SYS_getcpu] = {"getcpu", SC_PLAIN, {{FIXED, 0, 0, 4}, {FIXED, 1, 0, 4}}, NULL},
    [SYS_process_vm_readv] = {"process_vm_readv", SC_PLAIN, {{0}}, sys_process_vm_readv},
    [SYS_process_vm_writev] = P("process_vm_writev"), /* see shared.c */
    [SYS_kcmp] = P("kcmp"),
    [SYS_sched_setattr] = {"sched_setattr", SC_PLAIN, {{ALWAYS, 1, 0, 4}}, NULL}, /* its size */
    [SYS_sched_getattr] = {"sched_getattr", SC_PLAIN, {{COUNT, 1, 2, 1}}, NULL},
    [SYS_renameat2] = P("renameat2"),
    [SYS_seccomp] = {"seccomp", SC_PLAIN, {{FIXED, 2, 0, 6}}, NULL}, /* SECCOMP_GET_NOTIF_SIZES */
    [SYS_getrandom] = {"getrandom", SC_PLAIN, {{RESULT, 0, 1, 1}}, NULL},
    [SYS_memfd_create] = P("memfd_create"),
    [SYS_execveat] = {"execveat", SC_EXEC, {{0}}, NULL},
    [SYS_userfaultfd] = {"userfaultfd", SC_REFUSE, {{0}}, NULL},
    [SYS_membarrier] = P("membarrier"), [SYS_mlock2] = P("mlock2"),
    [SYS_copy_file_range] = {"copy_file_range", SC_PLAIN, {{FIXED, 1, 0, 8}, {FIXED, 3, 0, 8}}, NULL},
    [SYS_preadv2] = {"preadv2", SC_PLAIN, {{IOVEC, 1, 2, 0}}, NULL},
    [SYS_pwritev2] = {"pwritev2", SC_PLAIN, {{0}}, sys_writev},
    [SYS_pkey_mprotect] = {"pkey_mprotect", SC_SHAPE, {{0}}, NULL}, /* without a key: rr.c gives none away */
    [SYS_pkey_alloc] = P("pkey_alloc"), [SYS_pkey_free] = P("pkey_free"),
    [SYS_statx] = {"statx", SC_PLAIN, {{FIXED, 4, 0, sizeof(struct statx)}}, NULL},
    [SYS_rseq] = {"rseq", SC_REFUSE, {{0}}, NULL},
    [SYS_pidfd_send_signal] = P("pidfd_send_signal"),
    [SYS_io_uring_setup] = {"io_uring_setup", SC_REFUSE, {{0}}, NULL},
    [SYS_io_uring_enter] = {"io_uring_enter", SC_REFUSE, {{0}}, NULL},
    [SYS_io_uring_register] = {"io_uring_register", SC_REFUSE, {{0}}, NULL},
    [SYS_pidfd_open] = P("pidfd_open"),
    [SYS_clone3] = {"clone3", SC_CLONE, {{0}}, sys_clone3},
    [SYS_close_range] = P("close_range"), [SYS_openat2] = P("openat2"), [SYS_pidfd_getfd] = P("pidfd_getfd"),
    [SYS_faccessat2] = P("faccessat2"),
    [SYS_epoll_pwait2] = {"epoll_pwait2", SC_PLAIN, {{RESULT, 1, 2, 12}}, NULL},
    [SYS_landlock_create_ruleset] = P("landlock_create_ruleset"),
    [SYS_landlock_add_rule] = P("landlock_add_rule"),
    [SYS_landlock_restrict_self] = P("landlock_restrict_self"),
    [SYS_process_madvise] = {"process_madvise", SC_SHAPE, {{0}}, NULL},
    /* Memory the kernel goes on writing to, or that cannot be looked into; a program does
     * without */
    [SYS_perf_event_open] = {"perf_event_open", SC_REFUSE, {{0}}, NULL},
    [447] = {"memfd_secret", SC_REFUSE, {{0}}, NULL}, [453] = {"map_shadow_stack", SC_REFUSE, {{0}}, NULL},
    [SYS_bpf] = {"bpf", SC_REFUSE, {{0}}, NULL},
    [207] = {"io_destroy", SC_REFUSE, {{0}}, NULL}, [208] = {"io_getevents", SC_REFUSE, {{0}}, NULL},
    [209] = {"io_submit", SC_REFUSE, {{0}}, NULL}, [210] = {"io_cancel", SC_REFUSE, {{0}}, NULL},
    [333] = {"io_pgetevents", SC_REFUSE, {{0}}, NULL},
    [SYS_ptrace] = P("ptrace"), /* refused by rr.c */
    [SYS_modify_ldt] = {"modify_ldt", SC_REFUSE, {{0}}, NULL}, /* replay lacks the segments */
    [SYS_swapon] = P("swapon"), [SYS_swapoff] = P("swapoff"),
    [SYS_reboot] = P("reboot"), [SYS_iopl] = P("iopl"), [SYS_ioperm] = P("ioperm"),
    [SYS_init_module] = P("init_module"), [SYS_delete_module] = P("delete_module"),
    [SYS_finit_module] = P("finit_module"),
    [SYS_quotactl] = {"quotactl", SC_PLAIN, {{FIXED, 3, 0, 256}}, NULL},
    [SYS_remap_file_pages] = {"remap_file_pages", SC_SHAPE, {{0}}, NULL},
    [SYS_migrate_pages] = P("migrate_pages"), [SYS_kexec_load] = P("kexec_load"),
    /* Mounts as objects, and what came after the headers this is compiled with */
    [428] = P("open_tree"), [429] = P("move_mount"), [430] = P("fsopen"), [431] = P("fsconfig"),
    [432] = P("fsmount"), [433] = P("fspick"), [442] = P("mount_setattr"),
    [443] = {"quotactl_fd", SC_PLAIN, {{FIXED, 3, 0, 256}}, NULL},
    [448] = P("process_mrelease"), [449] = P("futex_waitv"), [450] = P("set_mempolicy_home_node"),
    [451] = {"cachestat", SC_PLAIN, {{FIXED, 2, 0, 40}}, NULL}, [452] = P("fchmodat2"),
    [454] = P("futex_wake"), [455] = P("futex_wait"), [456] = P("futex_requeue"),
    [457] = {"statmount", SC_PLAIN, {{COUNT, 1, 2, 1}}, NULL},
    [458] = {"listmount", SC_PLAIN, {{RESULT, 1, 2, 8}}, NULL},
    [459] = {"lsm_get_self_attr", SC_PLAIN, {{LENGTH, 1, 2, 0}}, NULL},
    [460] = P("lsm_set_self_attr"),
    [461] = {"lsm_list_modules", SC_PLAIN, {{LENGTH, 0, 1, 0}}, NULL}, [462] = P("mseal"),
    [463] = P("setxattrat"), [464] = {"getxattrat", SC_PLAIN, {{0}}, sys_getxattrat},
    [465] = {"listxattrat", SC_PLAIN, {{RESULT, 3, 4, 1}}, NULL}, [466] = P("removexattrat"),
    [467] = P("open_tree_attr"), [468] = {"file_getattr", SC_PLAIN, {{COUNT, 2, 3, 1}}, NULL},
    [469] = P("file_setattr"),
    [320] = P("kexec_file_load"), [335] = P("uretprobe"), [336] = P("uprobe"),
};
#undef P

static const struct row *row_of(int64_t nr)
{
    static const struct row unknown = {"unknown", SC_UNKNOWN, {{0}}, NULL};
    if (nr < 0 || nr >= (int64_t)(sizeof table / sizeof *table) || !table[nr].name)
        return &unknown;
    return &table[nr];
}

const char *syscall_name(int64_t nr)
{
    return row_of(nr)->name;
}

enum syscall_class syscall_class(int64_t nr)
{
    return row_of(nr)->class;
}

/* May it sleep until another thread of the program does something? arg1 is its second argument.
 * "No" only where that is certain, and said of those threads make most: of the others the recorder
 * looks whether they sleep, which costs as much again as recording them. */
bool syscall_may_wait(int64_t nr, uint64_t arg1)
{
    switch (nr) {
    case SYS_futex:
        switch ((int)arg1 & FUTEX_CMD_MASK) {
        case FUTEX_WAKE: case FUTEX_WAKE_BITSET: case FUTEX_WAKE_OP: case FUTEX_REQUEUE: case FUTEX_CMP_REQUEUE:
        case FUTEX_UNLOCK_PI:
            return false;
        }
        return true;
    case SYS_mmap: case SYS_munmap: case SYS_mprotect: case SYS_mremap: case SYS_madvise: case SYS_brk:
    case SYS_rt_sigaction: case SYS_rt_sigprocmask: case SYS_rt_sigreturn: case SYS_sigaltstack:
    case SYS_clock_gettime: case SYS_gettimeofday: case SYS_time: case SYS_getrusage: case SYS_times:
    case SYS_getpid: case SYS_gettid: case SYS_getppid: case SYS_getuid: case SYS_getcpu: case SYS_sched_yield:
    case SYS_lseek: case SYS_epoll_ctl: case SYS_set_robust_list: case SYS_tgkill:
    case SYS_timer_settime: case SYS_timer_gettime: case SYS_timerfd_settime:
        return false;
    }
    return true;
}

/* May it bring something to a thread that sleeps in a syscall which syscall_fills()? */
bool syscall_may_wake(int64_t nr)
{
    switch (nr) {
    case SYS_write: case SYS_writev: case SYS_pwritev2: case SYS_sendto: case SYS_sendmsg: case SYS_sendmmsg:
    case SYS_splice: case SYS_tee: case SYS_vmsplice: case SYS_sendfile: case SYS_connect: case SYS_shutdown:
    case SYS_close: case SYS_msgsnd: case SYS_mq_timedsend: case SYS_kill: case SYS_tkill: case SYS_tgkill:
    case SYS_rt_sigqueueinfo: case SYS_rt_tgsigqueueinfo: case SYS_pidfd_send_signal:
        return true;
    }
    return false;
}

/* Does it send SIGKILL? */
bool syscall_kills(int64_t nr, const uint64_t arg[6])
{
    switch (nr) {
    case SYS_kill: case SYS_tkill: case SYS_rt_sigqueueinfo: case SYS_pidfd_send_signal:
        return arg[1] == SIGKILL;
    case SYS_tgkill: case SYS_rt_tgsigqueueinfo:
        return arg[2] == SIGKILL;
    }
    return false;
}

/* Does it write memory when it comes back? */
bool syscall_fills(int64_t nr)
{
    const struct row *row = row_of(nr);
    return row->out[0].rule != NOTHING || (row->special && nr != SYS_futex);
}

/* Ended by a signal? The kernel's own codes for it (-ERESTARTSYS and on) are what the recorder sees
 * before a handler runs. */
static bool interrupted(int64_t result)
{
    return result == -EINTR || (result <= -512 && result >= -516);
}

/* The kernel says that it has written `said` bytes at addr, and there is `room` for more. Where it
 * came upon a page that is not there, it may have begun an item (a directory entry, a packet in a
 * pipe) that it does not count. */
static uint64_t with_begun(struct syscall_ctx *c, uint64_t addr, uint64_t said, uint64_t room)
{
    const uint64_t item = 65536;
    uint64_t most = room - said < item ? room : said + item;
    uint8_t byte;
    if (((addr + said) ^ (addr + most - 1)) < 4096)
        return said;
    return tracee_read(c->task, addr + most - 1, &byte, 1) == 1 ? said : most;
}

/* A RESULT rule: what the result says, and what was begun; never more than there is room for. */
static void result_out(struct syscall_ctx *c, const struct rule *r)
{
    uint64_t said = (uint64_t)c->result * r->n, room = c->arg[r->with] * r->n;
    arg_out(c, r->arg, said < room ? with_begun(c, c->arg[r->arg], said, room) : room);
}

/* What one rule of a syscall's row says it wrote, to c->out. A failed syscall wrote nothing, unless
 * the rule says otherwise. */
static void apply_rule(struct syscall_ctx *c, const struct rule *r)
{
    uint32_t length;
    if (c->result < 0 && r->rule != ALWAYS && r->rule != LENGTH &&
        !(r->rule == POLLED && interrupted(c->result)))
        return;
    switch ((enum size_rule)r->rule) {
    case NOTHING: break;
    case FIXED: case ALWAYS: arg_out(c, r->arg, r->n); break;
    case RESULT: result_out(c, r); break;
    case COUNT: case POLLED: arg_out(c, r->arg, c->arg[r->with] * r->n); break;
    case PAGES: arg_out(c, r->arg, (c->arg[r->with] + 4095) / 4096); break;
    case IOVEC: each_iovec(c, c->arg[r->arg], c->arg[r->with], c->result, c->out); break;
    case FDSET: arg_out(c, r->arg, (c->arg[r->with] + 63) / 64 * 8); break;
    case LENGTH:
        if (c->arg[r->with] && tracee_read(c->task, c->arg[r->with], &length, 4) == 4) {
            arg_out(c, r->with, 4);
            arg_out(c, r->arg, c->result < 0 ? 0 : length);
        }
    }
}

/* Where the array stands by which the syscall finds its buffers; false: it has none. */
bool syscall_parts(struct syscall_ctx *c)
{
    const struct row *row = row_of(c->nr);
    struct msghdr m;
    c->parts_at = c->arg[1];
    c->part_count = c->arg[2];
    if (row->special == sys_recvmsg || row->special == sys_sendmsg) {
        if (tracee_read(c->task, c->arg[1], &m, sizeof m) != sizeof m)
            return false;
        c->parts_at = (uint64_t)m.msg_iov;
        c->part_count = m.msg_iovlen;
        return true;
    }
    return row->out[0].rule == IOVEC || row->special == sys_writev ||
           row->special == sys_process_vm_readv;
}

/* All that the syscall may write before it is over. */
void syscall_buffers(struct syscall_ctx *c)
{
    const struct row *row = row_of(c->nr);
    c->result = 16 << 20; /* bytes, or units: the arguments say less, mostly */
    for (int i = 0; i < 4; i++)
        apply_rule(c, &row->out[i]);
    if (row->special)
        row->special(c, true);
}

void syscall_outputs(struct syscall_ctx *c)
{
    const struct row *row = row_of(c->nr);
    if (c->result == -EFAULT) {
        syscall_buffers(c);
        return;
    }
    for (int i = 0; i < 4; i++)
        apply_rule(c, &row->out[i]);
    if (row->special)
        row->special(c, true);
}

void syscall_inputs(struct syscall_ctx *c)
{
    const struct row *row = row_of(c->nr);
    if (row->special)
        row->special(c, false);
}
