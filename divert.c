/* divert.c - what if: a replayed process that runs on as it never did.
 *
 * Problem: one calls a function of the program from gdb, or changes a variable to see what then
 * happens. The recording cannot answer for that: it has no events for it.
 *
 * Guarantee: what is done in a diversion is done to a fork that is thrown away afterwards. Nothing
 * outside of it changes, except that what it writes to its stdout and stderr is shown.
 *
 * How: user code runs as in any replay; the syscalls it makes are answered here instead of by the
 * recording. A few that only concern memory, or only ask, are done; output is shown; what would
 * touch the world is refused with ENOSYS. All threads but the current one stand still.
 *
 * Start reading at divert_run().
 */
#define _GNU_SOURCE
#include "replay.h"

#include <errno.h>
#include <linux/futex.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <unistd.h>

/* ---- changing it ---- */

struct replay *replay_divert(struct replay *r)
{
    struct replay *d = replay_fork(r);
    d->diverted = true;
    return d;
}

/* Breakpoints stay where they are: the bytes under them change. */
bool replay_write_mem(struct replay *r, uint64_t addr, const void *buf, size_t len)
{
    if (!tracee_write(&r->task, addr, buf, len))
        return false;
    for (size_t i = 0; i < r->breakpoint_count; i++) {
        struct breakpoint *b = &r->breakpoints[i];
        if (!b->inserted || b->addr - addr >= len)
            continue;
        b->original = ((const uint8_t *)buf)[b->addr - addr];
        tracee_write(&r->task, b->addr, &(uint8_t){0xcc}, 1);
    }
    return true;
}

/* That thread has these registers, and is the one that runs next. */
bool replay_set_regs(struct replay *r, pid_t tid, const struct user_regs_struct *regs,
                     const uint8_t *xsave, size_t size)
{
    struct thread *t = thread_of(r, tid);
    if (!t)
        return false;
    switch_thread(r, t);
    write_regs(r, regs);
    return size == 0 || set_xsave(r->task.pid, xsave, size);
}

/* ---- its syscalls ---- */

/* write and writev to stdout and stderr: shown. */
static int64_t show(struct replay *r, const struct user_regs_struct *regs)
{
    char buf[4096];
    int64_t done = 0;
    struct { uint64_t base, len; } part = {regs->rsi, regs->rdx};
    uint64_t parts = regs->orig_rax == SYS_writev ? regs->rdx : 1;
    if (regs->rdi != 1 && regs->rdi != 2)
        return -EBADF;
    for (uint64_t i = 0; i < parts && i < 1024; i++) {
        if (regs->orig_rax == SYS_writev &&
            tracee_read(&r->task, regs->rsi + 16 * i, &part, 16) != 16)
            return -EFAULT;
        while (part.len) {
            size_t n = tracee_read(&r->task, part.base, buf,
                                   part.len < sizeof buf ? part.len : sizeof buf);
            if (n == 0 || write(regs->rdi, buf, n) != (ssize_t)n)
                return done ? done : -EFAULT;
            done += n;
            part.base += n;
            part.len -= n;
        }
    }
    return done;
}

/* May the kernel do it for real? It concerns the fork's own memory, or tells what harms nobody. */
static bool harmless(const struct user_regs_struct *regs)
{
    switch (regs->orig_rax) {
    case SYS_mmap: return regs->r10 & MAP_ANONYMOUS;
    case SYS_munmap: case SYS_mprotect: case SYS_mremap: case SYS_madvise: case SYS_clock_gettime: case SYS_gettimeofday:
    case SYS_time: case SYS_clock_getres: case SYS_uname: case SYS_getrandom: case SYS_getuid: case SYS_geteuid:
    case SYS_getgid: case SYS_getegid: case SYS_sysinfo: return true;
    default: return false;
    }
}

/* The task is at a syscall: answers it. False: that is where the diversion stops, *stop says why.
 *   1 done for real      2 shown             3 answered, with what the recording knows or with nothing
 *   4 its end, or a wait for a thread that stands still       5 a signal for itself: gdb hears of
 * it */
static bool answer(struct replay *r, struct user_regs_struct *regs, struct replay_stop *stop)
{
    const uint64_t arg[6] = {regs->rdi, regs->rsi, regs->rdx, regs->r10, regs->r8, regs->r9};
    int64_t nr = regs->orig_rax, result = 0;
    bool goes_on = true;
    *stop = (struct replay_stop){.kind = STOP_SIGNAL, .signo = SIGSTOP, .watch = -1, .syscallno = -1};
    switch (nr) {
    case SYS_write: case SYS_writev: result = show(r, regs); break; /* 2 */
    case SYS_getpid: result = r->pid; break; /* 3 */
    case SYS_gettid: result = replay_current_tid(r); break;
    case SYS_rt_sigprocmask: case SYS_rt_sigaction: case SYS_sched_yield: break;
    case SYS_futex:
        /* 4 */
        goes_on = (arg[1] & FUTEX_CMD_MASK) != FUTEX_WAIT &&
                  (arg[1] & FUTEX_CMD_MASK) != FUTEX_WAIT_BITSET;
        break;
    case SYS_exit: case SYS_exit_group: goes_on = false; break;
    case SYS_kill: case SYS_tkill: case SYS_tgkill: /* 5 */
        stop->signo = arg[nr == SYS_tgkill ? 2 : 1];
        goes_on = stop->signo == 0;
        break;
    default: result = harmless(regs) ? inject_stub(&r->task, nr, arg) : -ENOSYS; /* 1 */
    }
    regs->rax = result;
    regs->rcx = regs->rip;
    regs->r11 = regs->eflags;
    if (nr == SYS_exit || nr == SYS_exit_group)
        regs->rip -= 2; /* whoever goes on exits again */
    write_regs(r, regs);
    return goes_on;
}

/* ---- running it ---- */

/* replay_run() for a diversion. It never gets to a STOP_EVENT or STOP_EXIT. */
struct replay_stop divert_run(struct replay *r, enum replay_how how)
{
    struct replay_stop stop = {0};
    struct user_regs_struct regs;
    for (bool first = true;; first = false) {
        enum reached reached = run_on(r, how == RUN_STEP, first, &regs, &stop);
        bool goes_on = false;
        if (reached == AT_SYSCALL) {
            goes_on = answer(r, &regs, &stop);
        } else if (reached == AT_FAULT) {
            trap_here(false);
            goes_on = emulate_instruction(&r->task, &regs);
            trap_here(true);
            if (goes_on)
                write_regs(r, &regs);
        }
        stop.tid = replay_current_tid(r);
        stop.syscallno = -1;
        if (!goes_on)
            return stop;
        if (how == RUN_STEP) {
            stop.kind = STOP_STEP;
            return stop;
        }
    }
}
