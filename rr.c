/* rr.c - the recorder: one ptrace loop. (And main, which hands each command to its piece.)
 *
 * Problem: write down all that enters a program from outside, while it runs at nearly its own
 * speed.
 *
 * Guarantee: what is in the trace is enough to run the program again exactly. What would not be is
 * an error here, with the name of the thing, and not a wrong replay later.
 *
 * How: the program runs under ptrace and stops at the entry and the exit of every syscall, at
 * signals, and where a task is born, execs or dies. Only one thread of the whole tree runs user
 * code at a time, so the trace is one sequence of events, and between two of them the processor
 * alone decides what happens: it will do so again. A stop falls into one of these cases, and the
 * code is tagged with them:
 *
 *   (1) syscall entry     remember the registers and, for output, a checksum of what is about to go out
 *   (2) syscall exit      write down the result and the memory the kernel wrote
 *   (3) fault             the instruction will fault again in replay; write down what became of it
 *   (4) other signal      hold it until the thread is at an event, deliver it there, write it down
 *   (5) clone, fork       a new task: it is run from when the scheduler picks it
 *   (6) exec              a new address space: make it ours (tame vDSO, stub page), write all of it down
 *   (7) exit              write down the status
 *   (8) rdtsc, cpuid      made to fault: answer them, write the answer down
 *   (9) preemption        a timer stopped a thread that makes no syscalls; see preempt() in schedule.c
 *
 * Doors shut at exec: address randomisation off (and the layout written down in any case), a vDSO
 * whose clocks are syscalls, rseq and io_uring refused, rdtsc and where possible cpuid made to
 * fault.
 *
 * Source: ptrace(2), signal(7). Start reading at record_loop().
 */
#define _GNU_SOURCE
#include "rr.h"
#include "probe.h"
#include "preempt.h"

#include <cpuid.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define VERSION "1.0"

struct recorder rec;
static int help_main(int argc, char **argv);

/* ---- tasks ---- */

struct task *find_task(pid_t tid)
{
    for (struct task *t = rec.tasks; t; t = t->next)
        if (t->tid == tid)
            return t;
    return NULL;
}

/* A new task, at the end of the list, which is the order in which the scheduler goes round. */
struct task *add_task(pid_t tid, pid_t pid)
{
    struct task *t = calloc(1, sizeof *t), **end = &rec.tasks;
    t->tid = tid;
    t->pid = pid;
    t->state = TASK_STARTING;
    t->stat = -1;
    t->tracee = (struct tracee){.pid = tid, .mem = open_mem(tid), .owner = t,
                                .syscall = inject_stub, .step = record_step};
    while (*end)
        end = &(*end)->next;
    *end = t;
    return t;
}

/* Forgets a task that is gone, and what waited for it. */
static void remove_task(struct task *t)
{
    struct task **p = &rec.tasks;
    while (*p != t)
        p = &(*p)->next;
    *p = t->next;
    if (t->tracee.mem >= 0)
        close(t->tracee.mem);
    if (t->stat >= 0)
        close(t->stat);
    forget_signals(t);
    free(t->parts);
    if (rec.current == t)
        rec.current = NULL;
    scratch_leave(t);
    space_leave(t);
    free(t);
}

/* ---- writing events ---- */

/* Begin the event of task t with the registers `regs`; items may follow, then event_end(). */
void event_begin(struct task *t, enum event_type type, const struct user_regs_struct *regs,
                 int64_t nr, int64_t result, uint32_t how)
{
    struct event e = {.type = type, .tid = t->tid, .pid = t->pid, .nr = nr, .result = result, .how = how,
                      .regs = *regs};
    t->events++;
    trace_event(rec.trace, &e);
}

void event_end(void)
{
    trace_end_event(rec.trace);
}

/* An I_MEM item: the bytes now at addr. What cannot be read is left out (the kernel could not write
 * it). */
void event_mem(struct task *t, uint64_t addr, uint64_t len)
{
    uint8_t small[4096], *buf = len <= sizeof small ? small : malloc(len);
    size_t got = buf ? tracee_read(&t->tracee, addr, buf, len) : 0;
    if (got)
        trace_item(rec.trace, I_MEM, addr, got, buf, got);
    if (buf != small)
        free(buf);
}

static void syscall_wrote(struct syscall_ctx *c, uint64_t addr, uint64_t len)
{
    scratch_bring(c->owner, addr, len);
    event_mem(c->owner, addr, len);
    shared_written(c->owner, addr, len);
}

/* Output: a checksum of its beginning goes into the event. Called at the entry, when the data is
 * still what is being written. It makes replay find a difference early; 16 KB of each buffer are
 * enough for that. */
static void syscall_reads(struct syscall_ctx *c, uint64_t addr, uint64_t len)
{
    struct task *t = c->owner;
    uint8_t buf[16384];
    if (t->check_count == MAX_CHECKS)
        return;
    size_t got = tracee_read(&t->tracee, addr, buf, len < sizeof buf ? len : sizeof buf);
    if (got)
        t->checks[t->check_count++] = (struct check){addr, got, checksum(buf, got, 0)};
}

/* Is the task's descriptor fd the same open place as the recorder's stdout (1) or stderr (2)? 0:
 * neither. Compared by device and inode: a program that opened the same file anew counts as
 * well. */
int output_of(struct task *t, uint64_t fd)
{
    char path[64];
    struct stat st;
    snprintf(path, sizeof path, "/proc/%d/fd/%d", (int)t->tid, (int)fd);
    if (stat(path, &st) != 0)
        return 0;
    bool is[3];
    for (int i = 1; i <= 2; i++)
        is[i] = rec.output[i].st_ino == st.st_ino && rec.output[i].st_dev == st.st_dev;
    if (is[1] && is[2])
        return fd == 2 ? 2 : 1;
    if (is[1] || is[2])
        return is[1] ? 1 : 2;
    return 0;
}

/* ---- (1) and (2): syscalls ---- */

/* t's syscall, for the table. */
struct syscall_ctx syscall_context(struct task *t, int64_t result)
{
    const struct user_regs_struct *r = &t->entry;
    return (struct syscall_ctx){.task = &t->tracee, .nr = t->nr, .result = result, .owner = t,
                                .arg = {r->rdi, r->rsi, r->rdx, r->r10, r->r8, r->r9},
                                .parts = t->parts, .parts_at = t->parts_at,
                                .part_count = t->part_count, .out = syscall_wrote, .in = syscall_reads};
}

/* t enters a syscall: keep the array of its buffers, if it has one. By the end what the kernel
 * writes may have fallen onto it, or another thread may have reused it. */
static void keep_parts(struct task *t)
{
    enum { MOST = 1024 }; /* the kernel's own limit */
    free(t->parts);
    t->parts = NULL;
    struct syscall_ctx c = syscall_context(t, 0);
    if (!syscall_parts(&c) || c.part_count > MOST)
        return;
    size_t size = c.part_count * sizeof *t->parts;
    t->parts = malloc(size + 1);
    t->parts_at = c.parts_at;
    t->part_count = tracee_read(&t->tracee, c.parts_at, t->parts, size) / sizeof *t->parts;
}

/* Make the kernel skip the syscall being entered; `result` is what the program will see. */
static void force_result(struct task *t, int64_t result)
{
    struct user_regs_struct r = t->regs;
    r.orig_rax = -1;
    ptrace(PTRACE_SETREGS, t->tid, 0, &r);
    t->forced = true;
    t->forced_result = result;
}

/* Does t enter the kernel by int 0x80, whose numbers are others? Such a call is none the table
 * knows. */
static bool is_int80(struct task *t)
{
    uint8_t code[2] = {0};
    tracee_read(&t->tracee, t->regs.rip - 2, code, 2);
    return code[0] == 0xcd && code[1] == 0x80;
}

static void warn_unknown(struct task *t)
{
    unsigned i = (uint64_t)t->nr < 512 ? t->nr : 511;
    if (!rec.warned[i])
        fprintf(stderr,
                "rr: %s %lld is not in the table; what it writes to memory is not recorded\n",
                t->nr & INT80 ? "32-bit syscall" : "syscall", (long long)(t->nr & ~INT80));
    rec.warned[i] = true;
}

static bool has_protection_keys(void)
{
    unsigned a, b, c = 0, d;
    trap_here(false);
    __get_cpuid_count(7, 0, &a, &b, &c, &d);
    trap_here(true);
    return c & 1 << 4; /* OSPKE */
}

/* Would the call change what the recorder has in each program's memory? */
static bool touches_ours(uint64_t addr, uint64_t len)
{
    const uint64_t top = 0x7ffffffff000; /* beyond it, or off a page, the kernel says EINVAL */
    return addr < OURS_END && addr + len > STUB_PAGE && addr + len <= top && len <= top &&
           addr % 4096 == 0;
}

/* A mapping call: what the recorder has there stays. */
static void spare_ours(struct task *t)
{
    struct user_regs_struct r = t->regs;
    bool mremap = t->nr == SYS_mremap;
    if (t->nr != SYS_munmap) {
        if (r.r10 & (mremap ? MREMAP_FIXED : MAP_FIXED) &&
            touches_ours(mremap ? r.r8 : r.rdi, mremap ? r.rdx : r.rsi))
            force_result(t, -ENOMEM);
    } else if (touches_ours(r.rdi, r.rsi)) { /* only what is below; record_unmap() does the rest */
        r.rsi = STUB_PAGE - r.rdi;
        if (r.rdi < STUB_PAGE)
            ptrace(PTRACE_SETREGS, t->tid, 0, &r);
        else
            force_result(t, 0);
    }
}

/* The few syscalls that are not let through as they are. */
static void adjust_entry(struct task *t)
{
    struct user_regs_struct r = t->regs;
    const uint64_t map_vdso_x32 = 0x2001, map_vdso_64 = 0x2003; /* of arch_prctl */
    switch (t->nr) {
    case SYS_madvise:
        if (r.rdx == MADV_FREE) { /* when the kernel frees is chance; MADV_DONTNEED is now */
            r.rdx = MADV_DONTNEED;
            ptrace(PTRACE_SETREGS, t->tid, 0, &r);
        }
        break;
    case SYS_mmap: case SYS_mremap: case SYS_munmap: spare_ours(t); break;
    case SYS_sendfile: case SYS_copy_file_range: case SYS_splice: case SYS_tee:
        if (!prepare_copied_output(t))
            force_result(t, -EINVAL);
        break;
    case SYS_execve: case SYS_execveat:
        if (exec_is_32bit(t, t->nr == SYS_execve ? AT_FDCWD : (int)r.rdi,
                          t->nr == SYS_execve ? r.rdi : r.rsi))
            force_result(t, -ENOEXEC);
        break;
    case SYS_ptrace: /* a task has one tracer, and the recorder is it */
        if (!rec.warned[SYS_ptrace])
            fprintf(stderr,
                    "rr: the program calls ptrace, which is refused while it is recorded\n");
        rec.warned[SYS_ptrace] = true;
        force_result(t, -EPERM);
        break;
    case SYS_set_tid_address:
        t->clear_tid = r.rdi;
        break;
    case SYS_set_robust_list:
        t->robust = r.rdi;
        break;
    case SYS_prctl:
        if (r.rdi == PR_SET_TSC)
            force_result(t, set_tsc(t));
        break;
    case SYS_arch_prctl:
        if (r.rdi == ARCH_SET_CPUID && rec.cpuid_faults)
            force_result(t, 0);
        if (r.rdi >= map_vdso_x32 && r.rdi <= map_vdso_64) /* one that has its clocks */
            force_result(t, -EINVAL);
        break;
    case SYS_clone:
        if (r.rdi & CLONE_UNTRACED) {
            r.rdi &= ~(uint64_t)CLONE_UNTRACED;
            ptrace(PTRACE_SETREGS, t->tid, 0, &r);
        }
        break;
    case SYS_pkey_alloc: /* where there are keys, they would have to be there in replay */
        if (has_protection_keys())
            force_result(t, -ENOSYS);
        break;
    }
}

/* Write down that t is in the kernel, before another thread runs or t ends there. */
void record_entered(struct task *t)
{
    if (t->entered)
        return;
    event_begin(t, EV_ENTER, &t->entry, t->nr, 0, 0);
    for (int i = 0; i < t->check_count; i++)
        trace_item(rec.trace, I_CHECK, t->checks[i].addr, t->checks[i].len, &t->checks[i].sum, 8);
    record_futex_waiter(t);
    event_end();
    t->entered = true;
}

/* (1) t has entered a syscall, of which the kernel has done nothing yet. It goes on in the kernel, is
 * made to skip it, or, with a signal waiting, comes back to it later. */
static void syscall_entry(struct task *t)
{
    struct user_regs_struct *r = &t->regs;
    ptrace(PTRACE_GETREGS, t->tid, 0, r);
    t->in_syscall = true;
    /* after a signal that did nothing: it never left, for all the program knows */
    if (t->restarting) {
        t->restarting = false;
        /* not if it goes on by restart_syscall(2) */
        if (t->loan_count && (int)r->orig_rax == t->nr)
            scratch_lend(t);
        return;
    }
    t->loan_count = 0;
    t->entry = *r;
    t->nr = (int)r->orig_rax; /* the kernel looks at no more bits */
    if (r->rcx != r->rip && is_int80(t)) /* `syscall` leaves its return address in rcx */
        t->nr |= INT80;
    t->forced = t->entered = t->at_event = t->marked = false;
    t->check_count = 0;
    if (t->signals) { /* (4): first the signal, then the syscall */
        t->aborted = true;
        force_result(t, 0);
        return;
    }
    enum syscall_class class = syscall_class(t->nr);
    if (class == SC_REFUSE)
        force_result(t, -ENOSYS);
    if (class == SC_SHAPE)
        forget_writable(t->space);
    keep_parts(t);
    struct syscall_ctx c = syscall_context(t, 0);
    syscall_inputs(&c);
    adjust_entry(t);
    if (!t->forced)
        scratch_lend(t);
    if (class == SC_EXIT) {
        note_robust(t);
        record_entered(t);
    }
}

/* One buffer of output that reached our own stdout or stderr, of which c->result bytes at most are
 * left. If others ran during the syscall, they may, by the time it is over in replay, have reused
 * the memory it came from: then the trace gets the bytes. */
static void syscall_sent(struct syscall_ctx *c, uint64_t addr, uint64_t len)
{
    struct task *t = c->owner;
    uint64_t n = (uint64_t)c->result < len ? (uint64_t)c->result : len;
    uint8_t *buf = NULL;
    c->result -= n;
    if (n && !t->entered) {
        trace_item(rec.trace, I_OUTPUT_MEM, addr, n, &t->output, 4);
    } else if (n && (buf = malloc(n)) && (n = tracee_read(&t->tracee, addr, buf, n))) {
        trace_item(rec.trace, I_OUTPUT, t->output, n, buf, n);
    }
    free(buf);
}

/* Output that reached our own stdout or stderr. */
static void record_output(struct task *t, int64_t result)
{
    switch (t->nr) {
    case SYS_write: case SYS_writev: case SYS_pwrite64: case SYS_pwritev: case SYS_pwritev2: case SYS_sendto:
    case SYS_sendmsg:
    case SYS_vmsplice:
        break;
    case SYS_sendfile: case SYS_copy_file_range: case SYS_splice: case SYS_tee:
        record_copied_output(t, result);
        return;
    default:
        return;
    }
    if (result <= 0 || !(t->output = output_of(t, t->entry.rdi)))
        return;
    struct syscall_ctx c = syscall_context(t, result);
    c.in = syscall_sent;
    syscall_inputs(&c);
}

/* madvise: what it does to the contents of memory. */
static void record_advice(struct task *t, uint64_t addr, uint64_t len, uint32_t advice)
{
    if (advice == MADV_FREE)
        advice = MADV_DONTNEED; /* see adjust_entry() */
    const uint32_t locked_too = 24, guard = 102, unguard = 103; /* newer than our headers */
    if (advice == MADV_DONTNEED || advice == MADV_REMOVE || advice == locked_too ||
        advice == guard || advice == unguard) /* the contents are gone, or may not be touched */
        trace_item(rec.trace, I_ADVISE, addr, len, &advice, 4), shared_restored(t, addr, len);
    if (advice == MADV_REMOVE)
        shared_written(t, addr, len);
    if (advice == MADV_DONTFORK || advice == MADV_WIPEONFORK)
        t->space->fork_differs = true;
}

/* process_madvise: the same of the first `left` bytes of an array of ranges. The kernel does what
 * matters here only to the caller's own memory. */
static void record_advice_many(struct task *t, uint64_t left)
{
    struct iovec v;
    for (uint64_t i = 0; left && tracee_read(&t->tracee, t->entry.rsi + i * sizeof v, &v, sizeof v);
         i++) {
        uint64_t len = v.iov_len < left ? v.iov_len : left;
        record_advice(t, (uint64_t)v.iov_base, len, t->entry.r10);
        left -= len;
    }
}

/* munmap: of all but our own. */
static void record_unmap(struct task *t, uint64_t addr, uint64_t len)
{
    uint64_t end = addr + len;
    if (touches_ours(addr, len)) {
        len = addr < STUB_PAGE ? STUB_PAGE - addr : 0;
        if (end > OURS_END) {
            inject(&t->tracee, SYS_munmap, OURS_END, end - OURS_END, 0, 0, 0, 0);
            trace_item(rec.trace, I_UNMAP, OURS_END, end - OURS_END, NULL, 0);
        }
    }
    if (len)
        trace_item(rec.trace, I_UNMAP, addr, len, NULL, 0);
}

/* What replay must do to the address space. Called with a successful result. */
static void record_shape(struct task *t, int64_t result)
{
    const struct user_regs_struct *r = &t->entry;
    uint64_t move[2] = {r->rdi, r->rsi}, was, now;
    uint32_t value;
    switch (t->nr) {
    case SYS_mmap: record_mmap(t, result); break;
    case SYS_shmat: record_mapping(t, result, 0); break;
    case SYS_shmdt: shared_detached(t, r->rdi); break;
    case SYS_remap_file_pages: record_mapping(t, r->rdi, r->rsi); break;
    case SYS_munmap: record_unmap(t, r->rdi, r->rsi); break;
    case SYS_mremap:
        trace_item(rec.trace, I_MOVE, result, r->rdx, move, sizeof move);
        if (r->r10 & MREMAP_DONTUNMAP)
            record_mapping(t, r->rdi, r->rsi);
        record_growth(t, result);
        break;
    case SYS_mprotect: case SYS_pkey_mprotect:
        value = r->rdx | (t->reads_execute && r->rdx & PROT_READ ? PROT_EXEC : 0);
        trace_item(rec.trace, I_PROTECT, r->rdi, r->rsi, &value, 4);
        break;
    case SYS_madvise: record_advice(t, r->rdi, r->rsi, r->rdx); break;
    case SYS_process_madvise: record_advice_many(t, result); break;
    case SYS_brk:
        was = (t->space->brk + 4095) & ~4095ul;
        now = (result + 4095) & ~4095ul;
        if (was && now > was)
            record_heap(t, was, now - was);
        else if (now < was)
            trace_item(rec.trace, I_UNMAP, now, was - now, NULL, 0);
        t->space->brk = result;
        break;
    case SYS_setrlimit:
        if (r->rdi == RLIMIT_STACK)
            record_stack_limit(t);
        break;
    case SYS_prlimit64:
        if (r->rsi == RLIMIT_STACK && r->rdx && meant_by(t, r->rdi) == t)
            record_stack_limit(t);
        break;
    case SYS_arch_prctl:
        if (r->rdi == ARCH_REQ_XCOMP_PERM)
            trace_item(rec.trace, I_PERMIT, r->rdi, r->rsi, NULL, 0);
        trace_item(rec.trace, I_REGS, 0, 0, &t->regs, sizeof t->regs);
        break;
    }
    forget_writable(t->space);
    if (t->nr != SYS_mmap || r->r10 & MAP_FIXED)
        shared_refresh(t);
}

/* The event of a syscall that has come back with `result`. */
static void record_syscall(struct task *t, int64_t result)
{
    enum syscall_class class = syscall_class(t->nr);
    event_begin(t, t->entered ? EV_LEAVE : EV_SYSCALL, &t->entry, t->nr, result, 0);
    for (int i = 0; i < t->check_count && !t->entered; i++)
        trace_item(rec.trace, I_CHECK, t->checks[i].addr, t->checks[i].len, &t->checks[i].sum, 8);
    if (class == SC_SIGRETURN) {
        uint8_t xsave[XSAVE_MAX];
        size_t n = get_xsave(t->tid, xsave, sizeof xsave);
        trace_item(rec.trace, I_REGS, 0, 0, &t->regs, sizeof t->regs);
        trace_item(rec.trace, I_XSAVE, 0, n, xsave, n);
    } else {
        struct syscall_ctx c = syscall_context(t, result);
        scratch_bring_lengths(t);
        syscall_outputs(&c);
        /* up to, or but for, a gap */
        bool partly = result == -ENOMEM && (t->nr == SYS_madvise || t->nr == SYS_mprotect);
        if (class == SC_SHAPE && ((uint64_t)result < -4095ul || partly))
            record_shape(t, result);
        shared_file_written(t, result);
        record_output(t, result);
    }
    event_end();
    note_raised(t, result);
    record_memory_written(t, result);
    t->woken = t->entered;
    t->entered = false;
    t->loan_count = 0;
    t->at_event = true;
    if (syscall_class(t->nr) == SC_SIGRETURN)
        mark_place(t);
}

static void syscall_exit(struct task *t)
{
    ptrace(PTRACE_GETREGS, t->tid, 0, &t->regs);
    t->in_syscall = false;
    scratch_restore(t);
    if (t->aborted) { /* stand before the syscall again, and let the signal come */
        t->aborted = false;
        t->regs = t->entry;
        t->regs.rip -= 2;
        t->regs.rax = t->entry.orig_rax;
        t->regs.orig_rax = -1;
        ptrace(PTRACE_SETREGS, t->tid, 0, &t->regs);
        t->inject = next_held(t);
        return;
    }
    if (t->forced) {
        t->regs.rax = t->forced_result;
        t->regs.orig_rax = -1;
        ptrace(PTRACE_SETREGS, t->tid, 0, &t->regs);
    }
    if ((t->nr == SYS_madvise && t->entry.rdx == MADV_FREE) ||
        (t->nr == SYS_munmap && t->regs.rsi != t->entry.rsi) ||
        (t->nr == SYS_clone && t->entry.rdi & CLONE_UNTRACED)) { /* adjust_entry() replaced it */
        t->regs.rdx = t->entry.rdx;
        t->regs.rsi = t->entry.rsi;
        t->regs.rdi = t->entry.rdi;
        ptrace(PTRACE_SETREGS, t->tid, 0, &t->regs);
    }
    int64_t result = correct_answer(t, (int64_t)t->regs.rax);
    t->yields = t->nr == SYS_sched_yield;
    if (t->nr == SYS_seccomp && result >= 0 && t->entry.rdi == SECCOMP_SET_MODE_FILTER &&
        t->entry.rsi & SECCOMP_FILTER_FLAG_NEW_LISTENER)
        rec.supervised = true;
    rec.woke = rec.tasks->next && syscall_may_wake(t->nr);
    rec.killed = rec.tasks->next && syscall_kills(t->nr, syscall_context(t, 0).arg);
    if (syscall_class(t->nr) == SC_UNKNOWN && result != -ENOSYS)
        warn_unknown(t);
    if (result <= -512 && result >= -516 && syscall_class(t->nr) != SC_SIGRETURN) {
        t->restarting = true; /* a signal stop follows, and decides what becomes of it */
        t->at_event = true;
        return;
    }
    if (syscall_class(t->nr) == SC_EXEC && result == 0) {
        record_exec(t);
        return;
    }
    record_syscall(t, result);
}

/* A handler will run, so the interrupted syscall is over after all; its raw result is the
 * event's. */
void record_interrupted(struct task *t)
{
    if (t->restarting)
        record_syscall(t, (int64_t)t->regs.rax);
    t->restarting = false;
}

/* ---- (5) and (7): tasks are born and die ---- */

/* t made a child: wait for the child's first stop, so that its registers can be written down, and
 * it cannot run before the scheduler says so. */
static void task_born(struct task *t)
{
    unsigned long tid = 0;
    int status = 0;
    ptrace(PTRACE_GETEVENTMSG, t->tid, 0, &tid);
    struct task *child = find_task(tid); /* its stop may have been met before the parent's */
    while (!child && waitpid(tid, &status, __WALL) < 0 && errno == EINTR)
        ;
    const struct user_regs_struct *r = &t->entry;
    /* the same order; a pidfd goes to parent_tid */
    uint64_t args[11] = {r->rdi, r->rdx, r->r10, r->rdx};
    if (t->nr == SYS_clone3)
        /* flags, pidfd, child_tid, parent_tid, ... */
        tracee_read(&t->tracee, r->rdi, args, sizeof args);
    else if (t->nr != SYS_clone)
        args[0] = t->nr == SYS_vfork ? 0x4100 : 0; /* CLONE_VM | CLONE_VFORK */
    bool thread = args[0] & 0x10000; /* CLONE_THREAD */
    if (!child)
        child = add_task(tid, 0);
    child->pid = thread ? t->pid : (pid_t)tid;
    if (status && !WIFSTOPPED(status)) /* killed before it ever ran */
        keep_stop(child, status);
    struct item_newtask new = {.tid = tid, .pid = child->pid, .flags = args[0],
                               .child_tid = args[0] & 0x01000000 ? args[2] : 0};
    ptrace(PTRACE_GETREGS, tid, 0, &child->regs);
    child->regs.orig_rax = -1;
    if (t->nr == SYS_clone && child->regs.rdi != t->entry.rdi) { /* adjust_entry() replaced it */
        child->regs.rdi = t->entry.rdi;
        ptrace(PTRACE_SETREGS, tid, 0, &child->regs);
    }
    new.regs = child->regs;
    child->state = TASK_READY;
    child->at_event = true;
    child->cpus = t->cpus;
    child->fixed_addresses = t->fixed_addresses;
    child->no_tsc = t->no_tsc;
    child->reads_execute = t->reads_execute;
    child->space = args[0] & 0x100 ? t->space : space_new(); /* CLONE_VM */
    if (child->space == t->space)
        t->space->users++;
    else
        child->space->brk = t->space->brk, child->space->scratch = t->space->scratch,
        shared_born(t, child);
    child->clear_tid = args[0] & 0x00200000 ? args[2] : 0; /* CLONE_CHILD_CLEARTID */
    event_begin(t, EV_ENTER, &t->entry, t->nr, 0, 0);
    trace_item(rec.trace, I_NEWTASK, 0, 0, &new, sizeof new);
    /* the ids are in memory already: the child may look at them first */
    struct syscall_ctx c = syscall_context(t, tid);
    syscall_outputs(&c);
    event_end();
    if (child->space != t->space && t->space->fork_differs)
        record_fork_differences(t, child);
    t->entered = true;
}

static void task_died(struct task *t, int status)
{
    if (t->in_syscall) /* in its entry (seccomp): what led there has been executed */
        record_entered(t);
    event_begin(t, EV_EXIT, &t->entry, t->nr, status, 0);
    record_leavings(t);
    event_end();
    if (t->tid == rec.first)
        rec.first_status = status;
    rec.woke |= has_siblings(t);
    remove_task(t);
}

/* ---- the loop ---- */

/* t runs, in the way `request` says, up to its next stop: a signal that arrives meanwhile is
 * held. */
int record_run(struct tracee *tracee, int request)
{
    for (;;) {
        int status = 0;
        siginfo_t info;
        if (ptrace(request, tracee->pid, 0, 0) != 0)
            return 0;
        wait_stop(tracee->pid, &status);
        if (!WIFSTOPPED(status) || WSTOPSIG(status) == SIGTRAP || status >> 16 ||
            ptrace(PTRACE_GETSIGINFO, tracee->pid, 0, &info) != 0 || is_fault(&info))
            return status;
        hold_signal(tracee->owner, &info);
    }
}

/* One instruction of t, for injected syscalls: a signal that arrives meanwhile is held. */
int record_step(struct tracee *tracee)
{
    return record_run(tracee, PTRACE_SINGLESTEP);
}

/* t's exec has succeeded. The thread that called it goes on under the id of the process's leader,
 * which is t, and the others are no more (ptrace(2), "execve(2) under ptrace"). It has entered the
 * kernel in its own name, and replay runs it up to there; the EV_EXEC that follows is all the
 * leader's. */
static void exec_begun(struct task *t)
{
    unsigned long former = t->tid;
    ptrace(PTRACE_GETEVENTMSG, t->tid, 0, &former);
    struct task *was = find_task(former);
    record_entered(was ? was : t);
    if (was && was != t) {
        t->entry = was->entry;
        t->nr = was->nr;
        t->cpus = was->cpus;
        remove_task(was);
    }
    t->in_syscall = t->entered = true;
    t->restarting = t->aborted = t->forced = false;
}

/* A stop that ptrace itself makes (PTRACE_EVENT_*): births, execs, and stops that are no
 * signals. */
static void stop_event(struct task *t, int status)
{
    switch (status >> 16) {
    case PTRACE_EVENT_EXEC:
        exec_begun(t);
        break;
    case PTRACE_EVENT_CLONE: case PTRACE_EVENT_FORK: case PTRACE_EVENT_VFORK:
        task_born(t);
        break;
    case PTRACE_EVENT_STOP:
        if (t->interrupted && !t->in_syscall && !t->restarting && WSTOPSIG(status) == SIGTRAP)
            preempt(t); /* (9) */
        t->interrupted = false;
        if (WSTOPSIG(status) == SIGTRAP) /* newborn, or SIGCONT came */
            break;
        /* A group stop, by SIGSTOP or its like. Let it be one: it hears of SIGCONT by a stop like
         * this with SIGTRAP. Letting it run would end it (ptrace(2), "Group-stop"). */
        ptrace(PTRACE_LISTEN, t->tid, 0, 0);
        t->state = TASK_STOPPED;
        return;
    }
    t->state = t->in_syscall ? TASK_IN_KERNEL : TASK_READY;
    if (t->in_syscall)
        ptrace(PTRACE_SYSCALL, t->tid, 0, 0);
}

/* What a stop of t means; afterwards t is in a state the scheduler understands. The only place
 * where a wait status is taken apart. */
void handle_stop(struct task *t, int status)
{
    if (WIFEXITED(status) || WIFSIGNALED(status)) {
        task_died(t, status); /* (7) */
        return;
    }
    t->state = TASK_READY;
    if (WSTOPSIG(status) == (SIGTRAP | 0x80)) {
        if (t->in_syscall)
            syscall_exit(t); /* (2), (6) */
        else
            syscall_entry(t); /* (1) */
    } else if (status >> 16) {
        stop_event(t, status); /* (5) */
    } else {
        record_signal_stop(t, WSTOPSIG(status)); /* (3), (4), (8) */
    }
}

/* Let t run to its next stop. A signal to be delivered goes with it. */
static void resume(struct task *t)
{
    int signo = t->inject;
    t->inject = 0;
    t->woken = false;
    if (!t->in_syscall)
        t->at_event = false;
    t->state = t->in_syscall ? TASK_IN_KERNEL : TASK_RUNNING;
    rec.current = t;
    ptrace(PTRACE_SYSCALL, t->tid, 0, signo);
}

/* t has ended, but it leads a process that goes on without it; its EV_EXIT will come with the last
 * one's. What its end has done to memory is seen from now on. */
static void record_zombie(struct task *t)
{
    event_begin(t, EV_ENTER, &t->entry, t->nr, 0, 0);
    record_leavings(t);
    event_end();
}

/* Before another task than the last runs: what the last one did must stand in the trace first. */
static void switch_to(struct task *t)
{
    struct task *last = rec.current;
    if (last && last != t && last->in_syscall && !last->restarting && !last->aborted &&
        !last->has_stop) {
        record_entered(last);
        if (syscall_class(last->nr) == SC_EXIT)
            record_zombie(last);
    }
    shared_switch(t);
    rec.current = t;
}

/* The ptrace loop, until the last task of the tree has ended. Each round lets one task run to its
 * next stop, or handles a stop that was met earlier, while another had its turn. */
static void record_loop(void)
{
    while (rec.tasks) {
        while (rec.tasks->next && collect(WNOHANG)) /* one alone has been waited for already */
            ;
        if (rec.slice_over)
            end_turn(rec.current);
        struct task *t = pick();
        if (!t) {
            if (!collect(0) && errno != EINTR)
                return;
            continue;
        }
        switch_to(t);
        if (t->has_stop) {
            t->has_stop = false;
            handle_stop(t, t->pending_status);
            if (rec.killed)
                finish_killed();
            if (rec.woke)
                finish_woken();
            continue;
        }
        resume(t);
        wait_for(t);
    }
}

/* ---- starting ---- */

/* The child's side of start(): becomes the program, on one CPU, at addresses that do not vary. */
static void child(int go, int failed, char **argv, int cpu)
{
    cpu_set_t one;
    char c;
    CPU_ZERO(&one);
    CPU_SET(cpu, &one);
    sched_setaffinity(0, sizeof one, &one);
    /* where it is not allowed, addresses vary and are written down all the same */
    personality(ADDR_NO_RANDOMIZE);
    if (read(go, &c, 1) == 1)
        execvp(argv[0], argv);
    c = errno;
    if (write(failed, &c, 1) != 1)
        _exit(126);
    _exit(errno == ENOENT ? 127 : 126);
}

/* Start argv under ptrace, stopped in its execve. NULL: it cannot be run, which was said. */
static struct task *start(char **argv)
{
    int go[2], failed[2], status = 0;
    char c = 0;
    if (pipe2(go, O_CLOEXEC) || pipe2(failed, O_CLOEXEC))
        return NULL;
    int cpu = sched_getcpu();
    cpu_set_t one, all;
    sched_getaffinity(0, sizeof all, &all);
    pid_t pid = fork();
    if (pid == 0)
        child(go[0], failed[1], argv, cpu < 0 ? 0 : cpu);
    close(failed[1]);
    CPU_ZERO(&one);
    CPU_SET(cpu < 0 ? 0 : cpu, &one);
    sched_setaffinity(0, sizeof one, &one);
    long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEEXEC | PTRACE_O_TRACECLONE |
                   PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_EXITKILL;
    if (pid < 0 || ptrace(PTRACE_SEIZE, pid, 0, options) != 0) {
        fprintf(stderr, "rr: cannot trace a program here: %s (ptrace must be allowed)\n",
                strerror(errno));
        kill(pid, SIGKILL);
        return NULL;
    }
    if (write(go[1], "", 1) != 1 || waitpid(pid, &status, __WALL) != pid)
        return NULL;
    close(go[0]), close(go[1]);
    if (!WIFSTOPPED(status)) {
        c = read(failed[0], &c, 1) == 1 ? c : ENOEXEC;
        fprintf(stderr, "rr: cannot run %s: %s\n", argv[0], strerror(c));
        rec.first_status = status;
        close(failed[0]);
        return NULL;
    }
    close(failed[0]);
    struct task *t = add_task(pid, pid);
    rec.first = pid;
    t->cpus = all;
    /* the execve, of which nothing needs to be recorded but what comes out */
    t->in_syscall = t->entered = true;
    t->nr = SYS_execve;
    t->state = TASK_READY;
    return t;
}

static int exit_code(int status)
{
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/* A signal to the recorder. The program may have sent it to its whole process group, of which we
 * are one: that was not meant for us. Else SIGTERM and SIGHUP end the program, which leaves a
 * usable trace, and Ctrl-Z stops us with it. */
static void heard(int signo, siginfo_t *info, void *context)
{
    (void)context;
    if (info->si_code <= 0 && find_task(info->si_pid))
        return;
    if (signo == SIGTSTP)
        raise(SIGSTOP);
    else if (rec.first)
        kill(rec.first, signo);
}

/* Ctrl-C reaches the program from the terminal by itself, and what is sent to its group is no
 * business of ours. SIGPIPE would come of a warning that nobody can read any more, SIGXFSZ of a
 * trace at the limit of file sizes: both are errors like others, and the program goes on. */
static void set_signals(void)
{
    for (int signo = 1; signo < NSIG; signo++)
        if (signo != SIGCHLD && signo != SIGCONT && signo != SIGTTIN && signo != SIGTTOU &&
            signo != SIGALRM)
            signal(signo, SIG_IGN);
    static const int minded[] = {SIGTERM, SIGHUP, SIGTSTP};
    for (size_t i = 0; i < sizeof minded / sizeof *minded; i++)
        sigaction(minded[i], &(struct sigaction){.sa_sigaction = heard, .sa_flags = SA_SIGINFO},
                  NULL);
}

/* Each thread takes two of our descriptors. The program has been started and keeps its own
 * limit. */
static void raise_file_limit(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

/* Where stdin, stdout or stderr are closed, the trace would be opened in their place, and warnings
 * printed into it. The program still gets them closed. */
static void fill_standard_fds(void)
{
    int fd;
    while ((fd = open("/dev/null", O_RDWR | O_CLOEXEC)) >= 0 && fd <= 2)
        ;
    close(fd);
}

/* rr record. The program's exit status, as a shell gives it; EXIT_USAGE, EXIT_INTERNAL, 126 or 127
 * if it could not be started. */
int record_main(int argc, char **argv)
{
    const char *dir = NULL;
    int opt;
    opterr = 0;
    unsigned seed = time(NULL) ^ getpid();
    while ((opt = getopt(argc, argv, "+o:c:")) != -1) {
        if (opt == 'c') {
            rec.chaos = true;
            seed = strtoul(optarg, NULL, 0);
            continue;
        }
        if (opt != 'o') {
            fprintf(stderr, "rr: record: -%c is no option, or lacks its value; rr help record\n",
                    optopt);
            return EXIT_USAGE;
        }
        dir = optarg;
    }
    if (optind == argc) {
        fprintf(stderr, "usage: rr record [-o DIR] [-c SEED] PROG [ARG...]\n");
        return EXIT_USAGE;
    }
    fstat(1, &rec.output[1]);
    fstat(2, &rec.output[2]);
    fill_standard_fds();
    rec.began = time(NULL);
    if (!start(argv + optind))
        return rec.first_status ? exit_code(rec.first_status) : EXIT_INTERNAL;
    rec.trace = trace_create(dir, argv[optind]);
    if (!rec.trace)
        return EXIT_INTERNAL;
    schedule_start(seed);
    set_signals();
    raise_file_limit();
    trap_as_tracees();
    record_loop();
    trace_close_writer(rec.trace);
    return exit_code(rec.first_status);
}

/* ---- the command line ---- */

static const struct command {
    const char *name;
    int (*main)(int argc, char **argv);
    const char *usage;
    const char *brief;  /* for the list of all; what: for its own page. NULL: it prints that itself */
    const char *what;
} commands[] = {
    {"record", record_main, "rr record [-o DIR] [-c SEED] PROG [ARG...]",
     "runs a program and writes the run down",
     "Runs PROG and writes down all it needs to run again exactly. Its input, output and exit status are\n"
     "untouched. The recording goes to a new directory below $RR_TRACE_DIR (default ~/.local/share/tinyrr),\n"
     "or to DIR, which must not be there yet.\n"
     "  -c SEED  chaos: threads take turns of random length in random order, to provoke races"},
    {"replay", replay_main,
     "rr replay [-a] [-s PORT] [-p PID] [-g EVENT] [-e] [-q] [-x GDBFILE]\n"
     "                 [--checkpoint-mem SIZE] [--guest-port PORT] [TRACE] [-- GDBARG...]",
     "runs it again, in gdb, forwards and backwards; -a: without gdb",
     "Replays the last recording, or TRACE, in gdb, at its first instruction.\n"
     "  -a       no debugger: run to the end, reproduce the output, exit with the recorded status\n"
     "  -s PORT  wait for a gdb on 127.0.0.1:PORT instead of starting one (0 picks a port and prints it)\n"
     "  --guest-port PORT  of a recorded `rr arm`: a second gdb, gdb-multiarch, may connect there to its guest\n"
     "  -p PID   debug that process of the recording (rr ps lists them)\n"
     "  -g EVENT start at that event      -e  start at the end\n"
     "  --checkpoint-mem SIZE  the memory that going back may take for checkpoints, those apart that you make\n"
     "           (512M, say; by default a quarter of this machine's, at most 1G)\n"
     "  -q       keep the replayed program's output off the screen\n"
     "  -x FILE  gdb commands to run first"},
    {"ls", ls_main, "rr ls", "lists the recordings", "Lists the recordings: when, size, name."},
    {"ps", ps_main, "rr ps [TRACE]", "lists the processes of one",
     "Lists the processes of a recording: pid, parent, exit status, command line."},
    {"dump", dump_main, "rr dump [TRACE]", "prints its events", "Prints every event of a recording."},
    {"pack", pack_main, "rr pack [TRACE]", "makes one small, to be kept",
     "Makes a recording small and independent of all other files, to be kept or taken elsewhere: contents that\n"
     "are there twice are stored once, and what was set aside for more is given back."},
    {"rm", rm_main, "rr rm TRACE", "removes one", "Removes a recording."},
    {"arm", arm_main, "rr arm [OPTION...]", "is a Zaurus: the program worth debugging", NULL},
    {"help", help_main, "rr help [COMMAND]", "tells more about each", "Tells about a command."},
};

static const struct command *find_command(const char *name)
{
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        if (!strcmp(commands[i].name, name))
            return &commands[i];
    return NULL;
}

/* rr help [COMMAND]; `rr COMMAND --help` is the same. */
static int help_main(int argc, char **argv)
{
    const struct command *c = argc > 1 ? find_command(argv[1]) : NULL;
    if (argc > 1 && !c) {
        fprintf(stderr, "rr: no command %s; rr help lists them\n", argv[1]);
        return EXIT_USAGE;
    }
    if (c && !c->what)
        return c->main(2, (char *[]){(char *)c->name, "--help", NULL});
    if (c) {
        printf("usage: %s\n%s\n", c->usage, c->what);
        return 0;
    }
    printf("tinyrr records a run of a program and replays it, forwards and backwards, in gdb.\n\n");
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        printf("  rr %-8s%s\n", commands[i].name, commands[i].brief);
    printf("\nEvery command takes --help. Start with: rr record PROG; rr replay\n");
    return 0;
}

/* The last thing before the exit: was all printed that should have been? */
static int printed(int status)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return status;
    fprintf(stderr, "rr: cannot write: %s\n", strerror(errno));
    return status ? status : EXIT_INTERNAL;
}

int main(int argc, char **argv)
{
    const struct command *c = argc > 1 ? find_command(argv[1]) : NULL;
    if (argc > 1 && !strcmp(argv[1], "--version")) {
        printf("tinyrr " VERSION "\n");
        return 0;
    }
    if (argc > 1 && (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h")))
        return printed(help_main(1, argv));
    if (!c) {
        fprintf(stderr,
                argc > 1 ? "rr: no command %s; rr help lists them\n"
                         : "usage: rr COMMAND...; rr help lists the commands%s\n",
                argc > 1 ? argv[1] : "");
        return EXIT_USAGE;
    }
    if (c->what && argc > 2 && !strcmp(argv[2], "--help"))
        return printed(help_main(2, argv));
    return printed(c->main(argc - 1, argv + 1));
}
