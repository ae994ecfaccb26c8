/* replay.c - re-executing a recording.
 *
 * Problem: bring a recorded process back to life, such that it does again exactly what it did,
 * without doing anything to the world again.
 *
 * Guarantee: at every event the registers, and the checksums of what was about to go out, are
 * compared with the recording. A difference ends the replay with a line that names the event, the
 * thread and the first register that differs. What is shown as a replay is one.
 *
 * How: user code really runs; syscalls never do. PTRACE_SYSEMU stops the task where it enters one,
 * the recorded result and memory go in (apply.c), and it runs on. One kernel task plays all threads
 * of an address space, since only one of them ever ran at a time: the event says which, and
 * changing threads is changing registers. The kernel knows of no thread, no handler, no open file
 * of the replayed program; so a plain fork of that task, with a copy of this struct, is a complete
 * checkpoint.
 *
 *      trace:   ... | event n of T1 | event n+1 of T2 | ...
 *      task:     T1's code runs ---> apply;  registers of T2 ---> T2's code runs ---> apply; ...
 *
 * An event is reached in one of these ways; the code is tagged with them:
 *   (1) syscall       the task stops at it by itself
 *   (2) fault, rdtsc  the task stops at it by itself
 *   (3) signal        right after the event before (registers are equal already), or before a syscall
 *   (4) no running    the second half of a syscall, the death of a thread
 *   (5) preemption    at an instruction named by the state of the process: seek.c finds it
 *
 * Start reading at replay_run(), then advance().
 */
#define _GNU_SOURCE
#include "preempt.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sched.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- the recording in memory ---- */

struct recording *load_recording(const char *dir)
{
    struct trace *t = trace_open(dir);
    if (!t)
        return NULL;
    struct recording *rec = calloc(1, sizeof *rec);
    struct event e;
    uint64_t offset = trace_first(t);
    rec->trace = t;
    for (size_t size = 0; trace_next(t, &offset, &e);) {
        if (rec->count == size)
            rec->events = realloc(rec->events, (size = size * 2 + 1024) * sizeof e);
        rec->events[rec->count++] = e;
    }
    if (rec->count == 0 || rec->events[0].type != EV_EXEC) {
        fprintf(stderr, "rr: %s: nothing was recorded before it was cut off\n", trace_dir(t));
        trace_close(t);
        free(rec->events);
        free(rec);
        return NULL;
    }
    if (trace_cut_short(t))
        fprintf(stderr, "rr: %s was cut off: it replays up to event %llu\n", trace_dir(t),
                (unsigned long long)rec->count - 1);
    return rec;
}

/* ---- which events are ours ---- */

/* The next event that belongs to r, NULL at the end. */
const struct event *next_event(struct replay *r)
{
    while (r->next < r->rec->count) {
        const struct event *e = &r->rec->events[r->next];
        if (thread_of(r, e->tid))
            return e;
        r->next++;
    }
    return NULL;
}

uint64_t count_events(const struct recording *rec, pid_t pid, size_t from)
{
    uint64_t n = 0;
    for (size_t i = from; i < rec->count; i++)
        n += rec->events[i].pid == pid;
    return n;
}

/* ---- comparing ---- */

static const struct { const char *name; size_t offset; } compared[] = {
    {"rip", offsetof(struct user_regs_struct, rip)}, {"rsp", offsetof(struct user_regs_struct, rsp)},
    {"rdi", offsetof(struct user_regs_struct, rdi)}, {"rsi", offsetof(struct user_regs_struct, rsi)},
    {"rdx", offsetof(struct user_regs_struct, rdx)}, {"r10", offsetof(struct user_regs_struct, r10)},
    {"r8", offsetof(struct user_regs_struct, r8)},   {"r9", offsetof(struct user_regs_struct, r9)},
    {"rbx", offsetof(struct user_regs_struct, rbx)}, {"rbp", offsetof(struct user_regs_struct, rbp)},
    {"r12", offsetof(struct user_regs_struct, r12)}, {"r13", offsetof(struct user_regs_struct, r13)},
    {"r14", offsetof(struct user_regs_struct, r14)}, {"r15", offsetof(struct user_regs_struct, r15)},
    {"fs_base", offsetof(struct user_regs_struct, fs_base)},
};

/* Compare the registers reached with those recorded; the first that differs ends the replay. rcx,
 * r11 and rax are the kernel's at a syscall, and not compared. */
static void verify(const struct replay *r, const struct event *e, const struct user_regs_struct *is,
                   const struct user_regs_struct *was)
{
    for (size_t i = 0; i < sizeof compared / sizeof *compared; i++) {
        uint64_t a = *(const uint64_t *)((const char *)is + compared[i].offset);
        uint64_t b = *(const uint64_t *)((const char *)was + compared[i].offset);
        if (a != b)
            diverged(r, e, "%s is 0x%llx, was 0x%llx (pc 0x%llx, was 0x%llx)", compared[i].name,
                     (unsigned long long)a, (unsigned long long)b, (unsigned long long)is->rip,
                     (unsigned long long)was->rip);
    }
}

/* The registers an event carries besides its own: before a signal or a trapped instruction, after a
 * sigreturn. False: none. */
static bool event_regs(const struct event *e, struct user_regs_struct *regs)
{
    const uint8_t *at = e->items;
    for (struct item i; trace_next_item(e, &at, &i);)
        if (i.kind == I_REGS && i.len == sizeof *regs) {
            memcpy(regs, i.data, sizeof *regs);
            return true;
        }
    return false;
}

/* ---- letting the task run ---- */

static volatile sig_atomic_t interrupt_wanted;
static volatile pid_t running_task;

/* Async-signal-safe. */
void replay_interrupt(void)
{
    interrupt_wanted = 1;
    if (running_task)
        syscall(SYS_tkill, running_task, SIGSTOP);
}

/* A SIGTRAP: breakpoint, watchpoint or step? Puts rip back onto a breakpoint. False: it is the
 * program's own int3. */
static bool explain_trap(struct replay *r, struct user_regs_struct *regs, bool stepped,
                         struct replay_stop *stop)
{
    uint64_t dr6 = read_debug(r, 6);
    for (int i = 0; i < WATCH_SLOTS; i++)
        if (r->watch[i].on && dr6 >> i & 1) {
            write_debug(r, 6, 0);
            *stop = (struct replay_stop){.kind = STOP_WATCH, .watch = i, .watch_addr = r->watch[i].addr};
            return true;
        }
    if (stepped && dr6 & 1 << 14) {
        write_debug(r, 6, 0);
        *stop = (struct replay_stop){.kind = STOP_STEP};
        return true;
    }
    struct breakpoint *b = breakpoint_at(r, regs->rip - 1);
    if (b && b->inserted && b->original != 0xcc) {
        regs->rip--;
        write_regs(r, regs);
        *stop = (struct replay_stop){.kind = STOP_BREAKPOINT};
        return true;
    }
    return false;
}

/* Run the task, by one instruction or on, until it stops for a reason. regs: its registers
 * there. */
enum reached run_task(struct replay *r, bool step, struct user_regs_struct *regs,
                      struct replay_stop *stop)
{
    for (;;) {
        int status = 0, request = step ? PTRACE_SYSEMU_SINGLESTEP : PTRACE_SYSEMU;
        running_task = r->task.pid;
        if (interrupt_wanted) { /* asked for before we were running */
            interrupt_wanted = 0;
            *stop = (struct replay_stop){.kind = STOP_INTERRUPT};
            return AT_STOP;
        }
        uint64_t from = regs->rip;
        r->ran = true;
        r->at_event = false;
        probes_before_run(r->probes, &r->task, regs, step);
        ptrace(request, r->task.pid, 0, 0);
        wait_stop(r->task.pid, &status);
        running_task = 0;
        if (!WIFSTOPPED(status)) {
            const struct event *e = next_event(r);
            diverged(r, e ? e : &r->rec->events[r->rec->count - 1],
                     "the process was killed from outside");
        }
        ptrace(PTRACE_GETREGS, r->task.pid, 0, regs);
        int signo = WSTOPSIG(status), probe;
        enum probe_verdict verdict = probes_after_stop(r->probes, &r->task, status, regs, &probe);
        struct breakpoint *b = verdict == PROBE_HIT ? breakpoint_at(r, regs->rip) : NULL;
        if (b && filter_stands(r, b)) {
            *stop = (struct replay_stop){.kind = STOP_BREAKPOINT};
            return AT_STOP;
        }
        if (verdict == PROBE_HIT)
            return AT_PROBE;
        if (verdict == PROBE_MISS)
            continue;
        if (signo == (SIGTRAP | 0x80)) {
            r->task.in_syscall = true;
            return AT_SYSCALL;
        }
        if (signo == SIGTRAP && step && r->task.in_syscall &&
            regs->rip == from) { /* the end of the syscall; nothing
                                         was executed. Not all kernels stop there: those with SYSEMU do not */
            r->task.in_syscall = false;
            write_debug(r, 6, 0);
            continue;
        }
        r->task.in_syscall = false;
        if (signo == SIGTRAP && explain_trap(r, regs, step, stop))
            return AT_STOP;
        if (signo == SIGSTOP && interrupt_wanted) {
            interrupt_wanted = 0;
            *stop = (struct replay_stop){.kind = STOP_INTERRUPT};
            return AT_STOP;
        }
        if (signo == SIGSEGV || signo == SIGBUS || signo == SIGILL || signo == SIGFPE ||
            signo == SIGTRAP) {
            *stop = (struct replay_stop){.kind = STOP_SIGNAL, .signo = signo};
            return AT_FAULT;
        }
        /* any other signal is none of the replayed program's */
    }
}

/* Executes the instruction at which the task stands, whose breakpoint is out of memory: all rounds
 * of a REP one, for it is come to once, unless one instruction at most is wanted. There may be a
 * million of them; then a debug register, if one is free, stops the task behind it. An interruption
 * waits: whoever is interrupted at a breakpoint has just come to it. */
static enum reached step_off(struct replay *r, bool step, struct user_regs_struct *regs,
                             struct replay_stop *stop)
{
    uint64_t from = regs->rip;
    struct x86_insn insn = {0};
    uint8_t code[15];
    size_t n = tracee_read(&r->task, from, code, sizeof code);
    bool again = !step && x86_decode(code, n, &insn) && insn.flow == X86_REPEAT;
    int slot = again ? free_watch(r) : -1;
    sig_atomic_t interrupted = 0;
    enum reached reached;
    if (slot >= 0)
        replay_set_watch(r, slot, from + insn.length, 1, WATCH_EXECUTE);
    do {
        interrupted |= interrupt_wanted;
        interrupt_wanted = 0;
        reached = run_task(r, slot < 0, regs, stop);
    } while (reached == AT_STOP && (stop->kind == STOP_INTERRUPT ||
                                    (again && stop->kind == STOP_STEP && regs->rip == from)));
    if (slot >= 0)
        replay_clear_watch(r, slot);
    if (slot >= 0 && reached == AT_STOP && stop->kind == STOP_WATCH && stop->watch == slot)
        *stop = (struct replay_stop){.kind = STOP_STEP};
    interrupt_wanted |= interrupted;
    return reached;
}

/* run_task(), but a breakpoint where the task stands is not met again if the caller began there
 * (`first`): the instruction under it is executed. If an event led there, it is met. */
enum reached run_on(struct replay *r, bool step, bool first, struct user_regs_struct *regs,
                           struct replay_stop *stop)
{
    ptrace(PTRACE_GETREGS, r->task.pid, 0, regs);
    struct breakpoint *b = breakpoint_at(r, regs->rip);
    if (!first && b && (b->wanted || b->call)) {
        *stop = (struct replay_stop){.kind = STOP_BREAKPOINT};
        return AT_STOP;
    }
    insert_breakpoints(r);
    if (b && (b = breakpoint_at(r, regs->rip)) && (b->inserted || filter_stands(r, b))) {
        if (b->inserted)
            tracee_write(&r->task, b->addr, &b->original, 1);
        else
            probes_pass(r->probes, regs);
        b->inserted = false;
        enum reached reached = step_off(r, step, regs, stop);
        insert_breakpoints(r);
        if (step || reached != AT_STOP || stop->kind != STOP_STEP)
            return reached;
        if ((b = breakpoint_at(r, regs->rip)) && b->inserted) {
            *stop = (struct replay_stop){.kind = STOP_BREAKPOINT};
            return AT_STOP;
        }
    }
    return run_counting(r, step, regs, stop);
}

/* ---- one event ---- */

static bool same_registers(const struct user_regs_struct *a, const struct user_regs_struct *b)
{
    for (size_t i = 0; i < sizeof compared / sizeof *compared; i++)
        if (*(const uint64_t *)((const char *)a + compared[i].offset) !=
            *(const uint64_t *)((const char *)b + compared[i].offset))
            return false;
    return a->rax == b->rax && a->rcx == b->rcx;
}

/* (1) The task is at a syscall; is it the event's? Applies it: entry registers, result, memory. */
static void apply_syscall(struct replay *r, const struct event *e,
                          const struct user_regs_struct *is, struct replay_stop *stop)
{
    struct user_regs_struct regs = e->regs;
    struct thread *t = thread_of(r, e->tid);
    if (e->type != EV_LEAVE && !t->in_kernel) {
        int nr = is->orig_rax;
        if (nr != (e->nr < 0 ? e->nr : e->nr & ~INT80))
            diverged(r, e, "the syscall is %s (%d), was %s (%lld)", syscall_name(nr), nr,
                     syscall_name(e->nr), (long long)e->nr);
        verify(r, e, is, &e->regs);
    }
    if (e->type == EV_ENTER) {
        t->in_kernel = true;
        write_regs(r, &regs);
        apply_items(r, e, stop);
        return;
    }
    t->in_kernel = false;
    regs.rax = e->result;
    write_regs(r, &regs);
    apply_items(r, e, stop);
    if (event_regs(e, &regs))
        write_regs(r, &regs);
}

/* (3), (2) A signal: the registers and the frame as the kernel left them. */
static void apply_signal(struct replay *r, const struct event *e, struct replay_stop *stop)
{
    r->announced = false;
    if (e->how & SIG_HANDLER) {
        write_regs(r, &e->regs);
        apply_items(r, e, stop);
    } else if (e->how & SIG_FATAL) {
        r->exit_status = e->nr;
    }
}

/* (4) The end of a thread, and with the last one of the process, of the replay. */
static void apply_exit(struct replay *r, const struct event *e, struct replay_stop *stop)
{
    if (e->tid == r->pid)
        r->exit_status = e->result;
    if (r->thread_count > 1) {
        apply_items(r, e, stop);
        remove_thread(r, e->tid);
        return;
    }
    r->ended = true;
}

/* Does the event need code of its thread to run first, and how far? */
static bool needs_running(struct replay *r, const struct event *e)
{
    struct user_regs_struct now, was;
    struct thread *t = thread_of(r, e->tid);
    switch (e->type) {
    case EV_SYSCALL: case EV_INSN: case EV_PREEMPT:
        return true;
    case EV_ENTER: /* a clone that took its time entered first, and tells of the child by a second one */
        return !t->in_kernel;
    case EV_SIGNAL:
        if (t->in_kernel)
            return false;
        /* once announced it has happened; after int3 it would not do so again */
        if (e->how & SIG_FAULT)
            return !r->announced;
        ptrace(PTRACE_GETREGS, r->task.pid, 0, &now);
        return event_regs(e, &was) && !same_registers(&now, &was);
    default:
        return false;
    }
}

/* The task ran and stopped at a syscall or fault instead of `stop`; it must be where event e is. */
static void check_arrival(struct replay *r, const struct event *e, enum reached reached, int signo,
                          const struct user_regs_struct *is)
{
    struct user_regs_struct was = e->regs, here = *is;
    if (reached == AT_POINT)
        return;
    bool syscall = e->type == EV_SYSCALL || e->type == EV_ENTER ||
                   (e->type == EV_SIGNAL && !(e->how & SIG_FAULT));
    if (syscall != (reached == AT_SYSCALL) || e->type == EV_PREEMPT)
        diverged(r, e, "%s%s at pc 0x%llx",
                 reached == AT_SYSCALL ? "it makes the syscall " : "it raises ",
                 reached == AT_SYSCALL ? syscall_name((int)is->orig_rax) : strsignal(signo),
                 (unsigned long long)is->rip);
    if (e->type == EV_SYSCALL || e->type == EV_ENTER || !event_regs(e, &was))
        return;
    if (reached == AT_SYSCALL) /* (3) before a syscall it has not entered yet */
        here.rip -= 2;
    verify(r, e, &here, &was);
}

/* The task stands where event e happened (`is`: its registers): do to it what the event did. Sets
 * *stop to STOP_EVENT, or STOP_WATCH if it wrote to something watched. */
static void apply(struct replay *r, const struct event *e, const struct user_regs_struct *is,
                  struct replay_stop *stop)
{
    *stop = (struct replay_stop){.kind = STOP_EVENT, .tid = e->tid, .syscallno = -1};
    progress_at(e->number, r->rec->count);
    switch (e->type) {
    case EV_SYSCALL: case EV_ENTER: case EV_LEAVE:
        stop->syscallno = e->nr;
        apply_syscall(r, e, is, stop);
        break;
    case EV_EXEC: replay_exec(r, e); break;
    case EV_SIGNAL: apply_signal(r, e, stop); break;
    case EV_INSN:
        write_regs(r, &e->regs);
        apply_items(r, e, stop);
        break;
    case EV_PREEMPT: break;
    case EV_EXIT: apply_exit(r, e, stop); break;
    case EV_MEMORY: apply_items(r, e, stop); break;
    default: diverged(r, e, "this version cannot replay such an event");
    }
    r->returned = e->type == EV_SYSCALL || e->type == EV_LEAVE ? e->nr
                  : e->type == EV_EXEC                         ? SYS_execve
                                                               : -1;
    r->returned_tid = e->tid;
    if (e->pid == r->pid) {
        r->done++;
        restart_filters(r);
    }
    r->next++;
    r->at_event = true;
    const struct event *then = next_event(r);
    if (then && !r->ended) /* whoever looks now sees the thread that runs next */
        switch_thread(r, thread_of(r, then->tid));
}

static bool at_breakpoint(struct replay *r)
{
    struct user_regs_struct regs;
    ptrace(PTRACE_GETREGS, r->task.pid, 0, &regs);
    struct breakpoint *b = breakpoint_at(r, regs.rip);
    return b && b->wanted;
}

/* A signal is about to be applied: the caller hears of it first, with the registers as they were
 * when it came, and the next run applies it. */
static void announce_signal(struct replay *r, const struct event *e, enum reached reached,
                            struct replay_stop *stop)
{
    struct user_regs_struct was;
    /* (3) back out of the syscall it has not entered */
    if (reached == AT_SYSCALL && event_regs(e, &was))
        write_regs(r, &was);
    r->announced = true;
    *stop = (struct replay_stop){.kind = STOP_SIGNAL, .signo = e->nr, .tid = e->tid, .syscallno = -1};
}

/* A SIGBUS is next: the page, which had lost its file then, is here; take it away until the event.
 * It was gone all the time since the event before, as only a syscall shortens a file. */
static void lose_page(struct replay *r, const struct event *e)
{
    siginfo_t info;
    const uint8_t *at = e->items;
    if (e->type != EV_SIGNAL || e->nr != SIGBUS || !(e->how & SIG_FAULT))
        return;
    for (struct item i; trace_next_item(e, &at, &i);)
        if (i.kind == I_SIGINFO && i.len == sizeof info) {
            memcpy(&info, i.data, sizeof info);
            inject(&r->task, SYS_mprotect, (uint64_t)info.si_addr & ~4095ull, 4096, 0, 0, 0, 0);
        }
}

/* There is nothing after this: always true, with STOP_EXIT in *stop, however often it is asked. */
static bool at_end(struct replay *r, struct replay_stop *stop)
{
    r->ended = true;
    *stop =
        (struct replay_stop){.kind = STOP_EXIT,
                             .tid = r->threads[r->current].tid,
                             .signo = WIFSIGNALED(r->exit_status) ? WTERMSIG(r->exit_status) : 0,
                             .status = WIFEXITED(r->exit_status) ? WEXITSTATUS(r->exit_status) : 0};
    return true;
}

/* Run to and over the next event. True: something the caller of replay_run wants to hear of is in
 * *stop. With `step`, the task executes one instruction at most. */
bool advance(struct replay *r, bool step, bool first, struct replay_stop *stop)
{
    struct user_regs_struct regs = {0};
    const struct event *e = next_event(r);
    if (!e || r->ended)
        return at_end(r, stop);
    switch_thread(r, thread_of(r, e->tid));
    enum reached reached = AT_STOP;
    if (needs_running(r, e)) {
        lose_page(r, e);
        r->returned = -1;
        bool caught = catch_call(r, e, step);
        reached = e->type == EV_PREEMPT ? seek_run(r, e, step, first, &regs, stop)
                                        : run_on(r, step, first, &regs, stop);
        stop->tid = e->tid;
        stop->syscallno = -1;
        if (caught && clear_call_breakpoint(r, e->regs.rip - 2) && reached == AT_STOP &&
            stop->kind == STOP_BREAKPOINT && regs.rip == e->regs.rip - 2)
            *stop = (struct replay_stop){.kind = STOP_SYSCALL, .tid = e->tid, .syscallno = e->nr & ~INT80};
        if (reached == AT_STOP)
            return true;
        check_arrival(r, e, reached, stop->signo, &regs);
    }
    if (reached == AT_STOP && e->type == EV_SIGNAL && !first && !r->threads[r->current].in_kernel &&
        at_breakpoint(r)) {
        /* come to first */
        *stop = (struct replay_stop){.kind = STOP_BREAKPOINT, .tid = e->tid, .syscallno = -1};
        return true;
    }
    if (e->type == EV_SIGNAL && !r->announced) {
        announce_signal(r, e, reached, stop);
        return true;
    }
    apply(r, e, &regs, stop);
    if (r->ended) /* the instant the last event is over is the end, and not told of twice */
        return at_end(r, stop);
    return stop->kind != STOP_EVENT || (step && e->type != EV_PREEMPT) ||
           syscall_in(r->catching, r->returned);
}

/* A step, or a timer, has led to here. If that is where the next events are preemptions, they take
 * place at once: the instant has one name, however one comes to it. */
static void settle(struct replay *r)
{
    struct user_regs_struct regs;
    struct replay_stop quiet;
    int64_t returned = r->returned;
    pid_t tid = r->returned_tid;
    for (const struct event *e; !r->ended && (e = next_event(r)) && e->type == EV_PREEMPT;) {
        ptrace(PTRACE_GETREGS, r->task.pid, 0, &regs);
        if (!seek_there(r, e, &regs))
            break;
        apply(r, e, &regs, &quiet);
        r->returned = returned;
        r->returned_tid = tid;
    }
}

struct replay_stop replay_run(struct replay *r, enum replay_how how, uint64_t until_event)
{
    struct replay_stop stop;
    if (r->diverted)
        return divert_run(r, how);
    r->passing = r->catching && replay_calling(r) >= 0 ? r->next : SIZE_MAX;
    r->ran = false;
    for (bool first = true;;) {
        const struct event *e = next_event(r);
        if (r->done >= until_event && how == RUN_CONT && !r->ended) {
            stop = (struct replay_stop){
                .kind = STOP_EVENT, .tid = r->threads[r->current].tid, .syscallno = -1};
            return stop;
        }
        bool told = advance(r, how == RUN_STEP, first, &stop);
        /* a preemption whose thread goes on is no place of its own: it still stands where it
         * stood */
        bool goes_on = e && e->type == EV_PREEMPT && e->tid == replay_current_tid(r);
        if (!told && (how == RUN_CONT || goes_on)) {
            first = first && goes_on && !r->ran;
            continue;
        }
        if (how == RUN_STEP && stop.kind == STOP_EVENT)
            stop.kind = STOP_STEP;
        if (stop.kind == STOP_STEP || stop.kind == STOP_INTERRUPT ||
            (how == RUN_STEP && stop.kind == STOP_WATCH))
            settle(r);
        return stop;
    }
}

/* ---- sessions, checkpoints ---- */

static void join_recording(struct replay *r)
{
    r->rec->users++;
    r->sibling = r->rec->replays;
    r->rec->replays = r;
}

/* The recording goes with the last that uses it. */
static void leave_recording(struct replay *r)
{
    struct recording *rec = r->rec;
    struct replay **at = &rec->replays;
    while (*at != r)
        at = &(*at)->sibling;
    *at = r->sibling;
    if (--rec->users > 0)
        return;
    rec->users = 1; /* while the instants' own replays go */
    instants_free(rec);
    trace_close(rec->trace);
    free(rec->events);
    seek_forget(rec);
    free(rec);
}

struct replay *replay_new(struct recording *rec, pid_t pid)
{
    struct replay *r = calloc(1, sizeof *r);
    r->rec = rec;
    r->pid = pid;
    r->probes = probes_new();
    r->returned = -1;
    join_recording(r);
    return r;
}

/* Kills its task. */
void replay_free(struct replay *r)
{
    int status;
    if (r->task.pid) {
        kill(r->task.pid, SIGKILL);
        while (wait_stop(r->task.pid, &status) == r->task.pid && WIFSTOPPED(status))
            ;
        close(r->task.mem);
    }
    free_objects(r);
    for (size_t i = 0; i < r->thread_count; i++)
        free(r->threads[i].xsave);
    leave_recording(r);
    probes_free(r->probes);
    free(r->threads);
    free(r->breakpoints);
    free(r);
}

/* Fork the task where it stands: a clone() injected through the stub page, with CLONE_PARENT so
 * that the replayed program has no child. The new task's id; it is stopped, with the same
 * registers. */
static pid_t fork_task(struct replay *r)
{
    struct user_regs_struct saved, regs;
    unsigned long child = 0;
    int status = 0;
    ptrace(PTRACE_GETREGS, r->task.pid, 0, &saved);
    regs = saved;
    regs.rip = STUB_PAGE;
    regs.rax = SYS_clone;
    regs.rdi = CLONE_PARENT | SIGCHLD;
    regs.rsi = regs.rdx = regs.r10 = regs.r8 = 0;
    regs.orig_rax = -1;
    ptrace(PTRACE_SETREGS, r->task.pid, 0, &regs);
    while (!child) {
        ptrace(PTRACE_SINGLESTEP, r->task.pid, 0, 0);
        if (wait_stop(r->task.pid, &status) < 0 || !WIFSTOPPED(status))
            break;
        if (status >> 16)
            ptrace(PTRACE_GETEVENTMSG, r->task.pid, 0, &child);
        else if (ptrace(PTRACE_GETREGS, r->task.pid, 0, &regs) != 0 || regs.rip != STUB_PAGE)
            break;
    }
    if (!child) {
        fprintf(stderr, "rr: cannot fork a checkpoint: %s\n", strerror(-(int)regs.rax));
        exit(EXIT_INTERNAL);
    }
    wait_stop(child, &status);
    ptrace(PTRACE_SINGLESTEP, r->task.pid, 0, 0); /* out of the clone, which has been reported */
    wait_stop(r->task.pid, &status);
    saved.orig_rax = -1;
    ptrace(PTRACE_SETREGS, r->task.pid, 0, &saved);
    ptrace(PTRACE_SETREGS, child, 0, &saved);
    return child;
}

/* Both go on from here, each with a task and breakpoints of its own; the recording is shared. */
struct replay *replay_fork(struct replay *r)
{
    struct replay *c = malloc(sizeof *c);
    *c = *r;
    join_recording(c);
    c->threads = malloc(r->thread_count * sizeof *c->threads);
    for (size_t i = 0; i < r->thread_count; i++) {
        c->threads[i] = r->threads[i];
        if (r->threads[i].xsave) {
            c->threads[i].xsave = malloc(r->threads[i].xsave_len);
            memcpy(c->threads[i].xsave, r->threads[i].xsave, r->threads[i].xsave_len);
        }
    }
    c->breakpoints = malloc((r->breakpoint_count + 1) * sizeof *c->breakpoints);
    if (r->breakpoint_count)
        memcpy(c->breakpoints, r->breakpoints, r->breakpoint_count * sizeof *c->breakpoints);
    c->probes = probes_copy(r->probes);
    c->task.pid = fork_task(r);
    c->task.mem = open_mem(c->task.pid);
    c->task.owner = c;
    c->task.in_syscall = r->task.in_syscall = false;
    fork_objects(r, c);
    count_fork(r, c);
    for (int i = 0; i < WATCH_SLOTS; i++)
        if (c->watch[i].on)
            arm_watch(c, i); /* debug registers do not go through a fork */
    return c;
}

/* ---- looking ---- */

uint64_t replay_event(const struct replay *r) { return r->done; }
uint64_t replay_last_event(const struct replay *r) { return r->total; }
pid_t replay_pid(const struct replay *r) { return r->pid; }
pid_t replay_current_tid(const struct replay *r) { return r->threads[r->current].tid; }
const char *replay_exe(const struct replay *r) { return r->exe; }

size_t replay_tids(const struct replay *r, pid_t *tids, size_t max)
{
    size_t n = 0;
    for (; n < r->thread_count && n < max; n++)
        tids[n] = r->threads[n].tid;
    return n;
}

/* The resume flag is the kernel's, not the program's (pushf shows none): it says how the task was
 * stopped. */
bool replay_get_regs(struct replay *r, pid_t tid, struct user_regs_struct *regs)
{
    enum { RESUME_FLAG = 1 << 16 };
    struct thread *t = thread_of(r, tid);
    if (!t)
        return false;
    *regs = t->regs;
    bool got = t != &r->threads[r->current] || ptrace(PTRACE_GETREGS, r->task.pid, 0, regs) == 0;
    regs->eflags &= ~(uint64_t)RESUME_FLAG;
    return got;
}

size_t replay_get_xsave(struct replay *r, pid_t tid, void *buf, size_t size)
{
    struct thread *t = thread_of(r, tid);
    if (t == &r->threads[r->current])
        return get_xsave(r->task.pid, buf, size);
    size_t n = t ? t->xsave_len < size ? t->xsave_len : size : 0;
    if (n)
        memcpy(buf, t->xsave, n);
    return n;
}

ssize_t replay_read_mem(struct replay *r, uint64_t addr, void *buf, size_t len)
{
    size_t n = tracee_read(&r->task, addr, buf, len);
    for (size_t i = 0; i < r->breakpoint_count; i++) {
        const struct breakpoint *b = &r->breakpoints[i];
        if (b->inserted && b->addr - addr < n)
            ((uint8_t *)buf)[b->addr - addr] = b->original;
    }
    probes_hide(r->probes, addr, buf, n);
    return n;
}

size_t replay_auxv(const struct replay *r, void *buf, size_t size)
{
    size_t n = r->auxv_len < size ? r->auxv_len : size;
    memcpy(buf, r->auxv, n);
    return n;
}

const char *replay_file(const struct replay *r, const char *path)
{
    static char buf[4200];
    return trace_find_file(r->rec->trace, path, buf, sizeof buf);
}

/* ---- rr replay ---- */

/* A whole decimal or 0x number up to max, or a usage error. */
static uint64_t number(const char *text, const char *option, uint64_t max)
{
    char *end;
    errno = 0;
    uint64_t n = strtoull(text, &end, 0);
    if (errno || end == text || *end || n > max || *text == '-') {
        fprintf(stderr, "rr: replay %s %s: not a number from 0 to %llu\n", option, text,
                (unsigned long long)max);
        exit(EXIT_USAGE);
    }
    return n;
}

int replay_main(int argc, char **argv)
{
    struct replay_options o = {.port = -1, .guest_port = -1};
    static const struct option words[] = {
        {"guest-port", required_argument, NULL, 'G'}, {"checkpoint-mem", required_argument, NULL, 'M'}, {NULL, 0, NULL, 0}};
    bool all = false, quiet = false;
    pid_t pid = 0;
    int opt;
    opterr = 0;
    while ((opt = getopt_long(argc, argv, "+as:p:g:eqx:", words, NULL)) != -1)
        switch (opt) {
        case 'a': all = true; break;
        case 's': o.port = number(optarg, "-s", 65535); break;
        case 'G': o.guest_port = number(optarg, "--guest-port", 65535); break;
        case 'M':
            if (parse_size(optarg, &o.memory))
                break;
            fprintf(stderr, "rr: replay --checkpoint-mem %s: not a size like 512M\n", optarg);
            return EXIT_USAGE;
        case 'p': pid = number(optarg, "-p", INT32_MAX); break;
        case 'g': o.start_event = number(optarg, "-g", UINT64_MAX); break;
        case 'e': o.start_at_end = true; break;
        case 'q': quiet = true; break;
        case 'x': o.gdb_script = optarg; break;
        default:
            fprintf(stderr, "rr: replay: -%c is no option, or lacks its value; rr help replay\n",
                    optopt);
            return EXIT_USAGE;
        }
    const char *dir = optind < argc && strcmp(argv[optind - 1], "--") ? argv[optind++] : NULL;
    if (optind < argc && !strcmp(argv[optind], "--"))
        optind++;
    o.gdb_args = argv + optind;
    sched_getaffinity(0, sizeof o.all_cpus, &o.all_cpus);
    trap_as_tracees();
    struct replay *r = replay_open(dir, pid);
    if (!r)
        return EXIT_INTERNAL;
    replay_echo(!quiet);
    return all ? replay_all(r) : gdb_replay_session(r, &o);
}
