/* tracee.c - making a stopped task do things: what recording and replay have in common.
 *
 * Both keep one page at a fixed address in every process they run, the stub page, holding
 *
 *       STUB_PAGE:  syscall; int3
 *
 * A syscall is injected by standing the task on it with the registers of the call, stepping once,
 * and putting its own registers back. The page is out of the way of everything: below it only
 * programs linked at fixed low addresses live, above it those that are not. FACTS: an injected
 * getpid costs 15 to 30 us.
 */
#define _GNU_SOURCE
#include "rr.h"
#include "probe.h"

#include <errno.h>
#include <elf.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

const uint8_t stub_page_code[3] = {0x0f, 0x05, 0xcc};

/* A syscall of the stopped task t, through a `syscall` instruction at `at`. Its registers are as
 * before afterwards. The result or -errno; -ESRCH if the task died meanwhile. */
int64_t inject_at(struct tracee *t, uint64_t at, long number, const uint64_t arg[6])
{
    struct user_regs_struct saved, r;
    if (ptrace(PTRACE_GETREGS, t->pid, 0, &saved) != 0)
        return -ESRCH;
    r = saved;
    r.rip = at;
    r.rax = number;
    /* no syscall is in progress: or its restart would be done to these registers */
    r.orig_rax = -1;
    r.rdi = arg[0], r.rsi = arg[1], r.rdx = arg[2], r.r10 = arg[3], r.r8 = arg[4], r.r9 = arg[5];
    if (ptrace(PTRACE_SETREGS, t->pid, 0, &r) != 0)
        return -ESRCH;
    do { /* a task still inside a syscall reports that one's end first, with nothing executed */
        int status = t->step(t);
        if (!WIFSTOPPED(status) || ptrace(PTRACE_GETREGS, t->pid, 0, &r) != 0)
            return -ESRCH;
    } while (r.rip == at);
    t->in_syscall = false;
    saved.orig_rax = -1;
    ptrace(PTRACE_SETREGS, t->pid, 0, &saved);
    return r.rax;
}

int64_t inject_stub(struct tracee *t, long number, const uint64_t arg[6])
{
    return inject_at(t, STUB_PAGE, number, arg);
}

/* The same with the arguments written out. */
int64_t inject(struct tracee *t, long number, uint64_t a, uint64_t b, uint64_t c, uint64_t d,
               uint64_t e, uint64_t f)
{
    return inject_stub(t, number, (uint64_t[]){a, b, c, d, e, f});
}

/* waitpid for a stop or the end of the task. No wait of a replay may end early: gdb's input and the
 * timeline's alarm clock are signals, and come at any time. */
pid_t wait_stop(pid_t pid, int *status)
{
    pid_t found;
    do
        found = waitpid(pid, status, __WALL);
    while (found < 0 && errno == EINTR);
    return found;
}

/* One instruction of the task; its wait status. */
int tracee_step(struct tracee *t)
{
    int status = 0;
    if (ptrace(PTRACE_SINGLESTEP, t->pid, 0, 0) != 0)
        return 0;
    wait_stop(t->pid, &status);
    return status;
}

/* ---- rdtsc and cpuid trap here, too ----
 *
 * That they fault in the program is a control register's doing, which the kernel sets and clears as
 * it switches between tasks that differ in it. In a VM each change is an exit to the hypervisor,
 * and a syscall of the program means four switches: 34 us, more than all the rest of recording it.
 * Tasks that agree cost nothing. So we let the two instructions fault in our own process as well,
 * and use them nowhere: clocks are read by syscall(SYS_clock_gettime). Should libc do so after all,
 * the fault ends the arrangement. */

static volatile sig_atomic_t trapping_here;

/* Let them fault (or not) here. Not to be left on across an execve. */
void trap_here(bool on)
{
    trapping_here = on;
    prctl(PR_SET_TSC, on ? PR_TSC_SIGSEGV : PR_TSC_ENABLE, 0, 0, 0);
    /* fails where the processor cannot: then nobody differs */
    syscall(SYS_arch_prctl, ARCH_SET_CPUID, !on);
}

static void on_segv(int signo, siginfo_t *info, void *context)
{
    (void)context;
    if (info->si_code != SI_KERNEL || !trapping_here)
        signal(signo, SIG_DFL); /* a fault of another kind: it happens again, and kills */
    trap_here(false);
}

/* From now on this process and those it traces agree. */
void trap_as_tracees(void)
{
    struct sigaction sa = {.sa_sigaction = on_segv, .sa_flags = SA_SIGINFO};
    sigaction(SIGSEGV, &sa, NULL);
    trap_here(true);
}

/* /proc/PID/mem of the task, for reading and writing; -1 if it is gone. Opened anew at each
 * execve. */
int open_mem(pid_t pid)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/mem", (int)pid);
    return open(path, O_RDWR | O_CLOEXEC);
}

/* The extended state (x87, SSE, AVX...) of a stopped task, in XSAVE's own format, as much as `size`
 * holds; its length, 0 if the task is gone. */
size_t get_xsave(pid_t pid, void *buf, size_t size)
{
    struct iovec iov = {buf, size};
    return ptrace(PTRACE_GETREGSET, pid, NT_X86_XSTATE, &iov) == 0 ? iov.iov_len : 0;
}

bool set_xsave(pid_t pid, const void *buf, size_t size)
{
    struct iovec iov = {(void *)buf, size};
    return ptrace(PTRACE_SETREGSET, pid, NT_X86_XSTATE, &iov) == 0;
}

/* One line of /proc/PID/maps. */
bool parse_map(const char *line, struct mapping *m)
{
    unsigned long long start, end, offset, inode;
    unsigned major, minor;
    char perms[5];
    int at = 0;
    *m = (struct mapping){0};
    if (sscanf(line, "%llx-%llx %4s %llx %x:%x %llu %n", &start, &end, perms, &offset, &major,
               &minor, &inode, &at) < 7)
        return false;
    m->start = start, m->end = end, m->offset = offset, m->inode = inode;
    m->dev = makedev(major, minor);
    m->prot = (perms[0] == 'r' ? PROT_READ : 0) | (perms[1] == 'w' ? PROT_WRITE : 0) |
              (perms[2] == 'x' ? PROT_EXEC : 0);
    m->shared = perms[3] == 's';
    snprintf(m->name, sizeof m->name, "%s", line + at);
    m->name[strcspn(m->name, "\n")] = 0;
    return true;
}

/* Calls each(m, data) for every mapping of the process. False: it is gone. The list is read whole
 * first, so `each` may change mappings. */
bool for_each_map(pid_t pid, void (*each)(const struct mapping *m, void *data), void *data)
{
    char path[64], *line = NULL;
    size_t size = 0, n = 0;
    struct mapping *all = NULL, m;
    snprintf(path, sizeof path, "/proc/%d/maps", (int)pid);
    FILE *f = fopen(path, "re");
    if (!f)
        return false;
    /* by itself it would read 1 KB at a time, and each read costs */
    setvbuf(f, NULL, _IOFBF, 65536);
    while (getline(&line, &size, f) > 0)
        if (parse_map(line, &m)) {
            all = realloc(all, (n + 1) * sizeof m);
            all[n++] = m;
        }
    fclose(f);
    free(line);
    for (size_t i = 0; i < n; i++)
        each(&all[i], data);
    free(all);
    return true;
}
