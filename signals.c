/* signals.c - recording signals.
 *
 * Problem: a signal's handler must start, in replay, at the very instruction where it started in
 * the recording, and there is no counter to say which that was.
 *
 * How, by cases:
 *   a fault        the instruction faults again by itself; nothing needs to be named
 *   at an event    the thread has executed nothing since its last event (a signal that ended a syscall,
 *                  raise(), abort()): the place is "right after that event"
 *   anything else  is held until the thread enters its next syscall, which it then has not entered yet:
 *                  the place is "before that syscall", where replay stops by itself; if it computes and
 *                  enters none for a while, preempt.c finds a name for an instant in between
 * What the kernel then does to the thread is written down as it comes out: the signal frame in
 * memory, the registers at the handler's first instruction. Replay writes both and knows nothing of
 * handlers, masks and alternate stacks.
 *
 * Source: signal(7), ptrace(2) "Signal injection and suppression". Start reading at
 * record_signal_stop().
 */
#define _GNU_SOURCE
#include "record.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/ucontext.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- what a signal will do ---- */

/* One of the masks of /proc/TID/status: is signo in it? */
static bool in_status_mask(pid_t tid, const char *name, int signo)
{
    char path[64], buf[4096] = "";
    snprintf(path, sizeof path, "/proc/%d/status", (int)tid);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    ssize_t n = read(fd, buf, sizeof buf - 1);
    close(fd);
    const char *p = n > 0 ? strstr(buf, name) : NULL;
    return p && strtoull(p + strlen(name), NULL, 16) >> (signo - 1) & 1;
}

static bool kills_by_default(int signo)
{
    switch (signo) {
    case SIGCHLD: case SIGURG: case SIGWINCH: case SIGCONT:
    case SIGSTOP: case SIGTSTP: case SIGTTIN: case SIGTTOU:
        return false;
    }
    return true;
}

/* Raised by the instruction the thread stands at, and so again in replay? */
bool is_fault(const siginfo_t *info)
{
    switch (info->si_signo) {
    case SIGSEGV: case SIGBUS: case SIGILL: case SIGFPE: case SIGTRAP:
        return info->si_code > 0;
    }
    return false;
}

/* ---- has t moved since its last event? ----
 *
 * Registers that are the same do not say so where it stands in a loop: it may have come round, and
 * found memory changed. The resume flag does: it is there to hold back a breakpoint for one
 * instruction, and the processor clears it when one is over. A program cannot see it. (After other
 * events than those of a place in a loop, the registers do say so: a syscall leaves its own address
 * in rcx.) */
enum { RESUME_FLAG = 1 << 16 };

/* Has nothing been executed between the two? */
bool nothing_executed(const struct user_regs_struct *a, const struct user_regs_struct *b)
{
    const uint64_t tracers = RESUME_FLAG | 0x100; /* the trap flag */
    return a->rip == b->rip && a->rsp == b->rsp && a->rax == b->rax && a->rbx == b->rbx &&
           a->rcx == b->rcx && a->rdx == b->rdx && a->rsi == b->rsi && a->rdi == b->rdi &&
           a->rbp == b->rbp && a->r8 == b->r8 && a->r9 == b->r9 && a->r10 == b->r10 &&
           a->r11 == b->r11 && a->r12 == b->r12 && a->r13 == b->r13 && a->r14 == b->r14 &&
           a->r15 == b->r15 && (a->eflags & ~tracers) == (b->eflags & ~tracers);
}

static void set_resume_flag(struct task *t, bool on)
{
    struct user_regs_struct r;
    if (ptrace(PTRACE_GETREGS, t->tid, 0, &r) != 0)
        return;
    uint64_t flags = on ? r.eflags | RESUME_FLAG : r.eflags & ~(uint64_t)RESUME_FLAG;
    ptrace(PTRACE_POKEUSER, t->tid, offsetof(struct user_regs_struct, eflags), flags);
    t->marked = on;
}

/* t stands at an event, in what may be a loop. */
void mark_place(struct task *t)
{
    set_resume_flag(t, true);
}

/* t has stopped with these registers. Does it stand where its last event left it? */
bool in_place(const struct task *t, const struct user_regs_struct *now)
{
    return nothing_executed(now, &t->regs) && (!t->marked || now->eflags & RESUME_FLAG);
}

/* ---- delivery ---- */

/* The frame the kernel has just put on the stack at rsp: up to the end of the floating point state
 * it points to, whose size it says itself (struct _fpx_sw_bytes at offset 464). */
static void record_frame(struct task *t, uint64_t rsp)
{
    struct { uint64_t return_address; ucontext_t uc; } frame;
    uint64_t end = rsp + sizeof frame + 128;
    uint32_t sw[2];
    if (tracee_read(&t->tracee, rsp, &frame, sizeof frame) >
        offsetof(__typeof__(frame), uc.uc_sigmask)) {
        uint64_t fp = (uint64_t)frame.uc.uc_mcontext.fpregs;
        if (fp && tracee_read(&t->tracee, fp + 464, sw, 8) == 8)
            end = fp + (sw[0] == 0x46505853 ? sw[1] : 512);
    }
    if (end > rsp && end - rsp < 65536)
        event_mem(t, rsp, end - rsp);
}

/* The SIGBUS of a page that is mapped but has no file behind it any more. Replay has the page, and
 * must take it away up to here: this item gives it back, with the protection it has. */
static void record_lost_page(const struct mapping *m, void *data)
{
    uint64_t page = *(const uint64_t *)data & ~4095ull;
    uint32_t prot = m->prot;
    if (m->start <= page && page < m->end)
        trace_item(rec.trace, I_PROTECT, page, 4096, &prot, 4);
}

/* The handler runs: let the kernel make its frame, and stop before its first instruction. A step
 * with the signal does just that. False: the frame does not fit on the stack, and t has stopped
 * again, of the SIGSEGV that this is. */
static bool deliver_to_handler(struct task *t, const siginfo_t *info, uint32_t how)
{
    struct user_regs_struct before = t->regs;
    uint8_t xsave[XSAVE_MAX];
    int status = 0;
    if (t->marked) /* or the frame would show it */
        set_resume_flag(t, false);
    ptrace(PTRACE_SINGLESTEP, t->tid, 0, info->si_signo);
    while (waitpid(t->tid, &status, __WALL) < 0 && errno == EINTR)
        ;
    if (WIFSTOPPED(status) && WSTOPSIG(status) == SIGSEGV)
        return false;
    if (!WIFSTOPPED(status) || WSTOPSIG(status) != SIGTRAP) {
        keep_stop(t, status);
        return true;
    }
    ptrace(PTRACE_GETREGS, t->tid, 0, &t->regs);
    t->regs.orig_rax = -1;
    event_begin(t, EV_SIGNAL, &t->regs, info->si_signo, 0, how | SIG_HANDLER);
    trace_item(rec.trace, I_REGS, 0, 0, &before, sizeof before);
    trace_item(rec.trace, I_SIGINFO, 0, 0, info, sizeof *info);
    if (how & SIG_FAULT && info->si_signo == SIGBUS)
        for_each_map(t->tid, record_lost_page, (void *)&info->si_addr);
    record_frame(t, t->regs.rsp);
    size_t n = get_xsave(t->tid, xsave, sizeof xsave);
    trace_item(rec.trace, I_XSAVE, 0, n, xsave, n);
    event_end();
    t->at_event = true;
    return true;
}

/* Deliver a signal at t's signal-delivery-stop; t->regs are current. */
static void deliver(struct task *t, const siginfo_t *info, bool fault)
{
    siginfo_t instead;
    int signo = info->si_signo;
    uint32_t how = fault ? SIG_FAULT : 0;
    bool forced = fault && in_status_mask(t->tid, "SigBlk:", signo); /* a blocked fault kills */
    if (!forced && in_status_mask(t->tid, "SigCgt:", signo)) {
        record_interrupted(t);
        if (!deliver_to_handler(t, info, how) &&
            ptrace(PTRACE_GETSIGINFO, t->tid, 0, &instead) == 0 &&
            ptrace(PTRACE_GETREGS, t->tid, 0, &t->regs) == 0)
            deliver(t, &instead, fault); /* of a SIGSEGV, the next one kills: no third time */
        return;
    }
    if (forced || fault || (kills_by_default(signo) && !in_status_mask(t->tid, "SigIgn:", signo))) {
        record_interrupted(t);
        event_begin(t, EV_SIGNAL, &t->regs, signo, 0, how | SIG_FATAL);
        trace_item(rec.trace, I_REGS, 0, 0, &t->regs, sizeof t->regs);
        trace_item(rec.trace, I_SIGINFO, 0, 0, info, sizeof *info);
        event_end();
    }
    t->inject = signo; /* the kernel kills, stops, or ignores */
}

/* ---- signals that wait ---- */

static void append(struct held_signal **list, struct held_signal *s)
{
    while (*list)
        list = &(*list)->next;
    *list = s;
    s->next = NULL;
}

/* An asynchronous signal for t, met where it cannot be delivered: it waits for t's next event. */
void hold_signal(struct task *t, const siginfo_t *info)
{
    struct held_signal *s = malloc(sizeof *s);
    s->info = *info;
    append(&t->signals, s);
}

/* The first of t's held signals, to be injected; 0: it has none. t stands before a syscall it has
 * not entered. (It stays pending if the program has blocked it since.) */
int next_held(struct task *t)
{
    struct held_signal *s = t->signals;
    if (!s)
        return 0;
    t->signals = s->next;
    append(&t->sent, s);
    return s->info.si_signo;
}

/* The same where t stands at an event that nothing can be injected at (ptrace(2)): sent again, the
 * signal stops t before any instruction. If the queue of its kind is full, it waits on. */
void send_held(struct task *t)
{
    if (t->signals && syscall(SYS_tgkill, t->pid, t->tid, t->signals->info.si_signo) == 0)
        next_held(t);
}

void forget_signals(struct task *t)
{
    struct held_signal *lists[] = {t->signals, t->sent};
    for (int i = 0; i < 2; i++)
        for (struct held_signal *s = lists[i], *next; s; s = next) {
            next = s->next;
            free(s);
        }
}

/* Was this signal sent by next_held() or send_held()? */
static bool sent_by_us(const siginfo_t *info)
{
    return info->si_code == SI_KERNEL || (info->si_code == SI_USER && info->si_pid == 0) ||
           (info->si_code == SI_TKILL && (info->si_pid == getpid() || info->si_pid == 0));
}

/* A signal has come to t at an event. If one of its number was held and sent again, `info` becomes
 * what was held. Should this be another, which was queued before that was sent, it is its turn
 * after it: of a real-time signal the one we sent is yet to come, and will stand for this one; of
 * the others, one at a time is pending, and ours was not. */
static void match_held(struct task *t, siginfo_t *info)
{
    struct held_signal **p = &t->sent, *s;
    siginfo_t came = *info;
    while (*p && (*p)->info.si_signo != came.si_signo)
        p = &(*p)->next;
    if (!(s = *p))
        return;
    *info = s->info;
    ptrace(PTRACE_SETSIGINFO, t->tid, 0, info);
    if (!sent_by_us(&came) && came.si_signo >= SIGRTMIN) {
        s->info = came;
        return;
    }
    *p = s->next;
    free(s);
    if (!sent_by_us(&came))
        hold_signal(t, &came);
}

/* t comes back from a syscall with `result`. Some make signals that say they are faults: a program
 * queues itself one it has had (crash handlers do, to pass it on), and rt_sigreturn answers a frame
 * that is none with a SIGSEGV, which is pending by now, and 0. */
void note_raised(struct task *t, int64_t result)
{
    const struct user_regs_struct *e = &t->entry;
    struct __ptrace_peeksiginfo_args pending = {.nr = 32};
    siginfo_t info[32] = {0};
    long n = 0;
    if (t->nr == SYS_rt_sigqueueinfo || t->nr == SYS_rt_tgsigqueueinfo) {
        bool to_thread = t->nr == SYS_rt_tgsigqueueinfo;
        n = result == 0 && tracee_read(&t->tracee, to_thread ? e->r10 : e->rdx, info, sizeof *info);
        info->si_signo = to_thread ? e->rdx : e->rsi;
    } else if (t->nr == SYS_rt_sigreturn && result == 0) {
        n = ptrace(PTRACE_PEEKSIGINFO, t->tid, &pending, info);
    }
    for (long i = 0; i < n; i++)
        if (is_fault(&info[i]))
            t->raised |= 1ull << info[i].si_signo;
}

/* Is this one of those? Then t has executed nothing since. */
static bool was_raised(struct task *t, const siginfo_t *info, const struct user_regs_struct *now)
{
    uint64_t bit = 1ull << info->si_signo;
    bool was = t->raised & bit && in_place(t, now);
    t->raised &= ~bit;
    return was;
}

/* t is at a signal-delivery-stop. */
void record_signal_stop(struct task *t, int signo)
{
    struct user_regs_struct now;
    siginfo_t info;
    if (ptrace(PTRACE_GETSIGINFO, t->tid, 0, &info) != 0 ||
        ptrace(PTRACE_GETREGS, t->tid, 0, &now) != 0)
        return;
    if (((signo == SIGSEGV && (info.si_code == SI_KERNEL || (uint64_t)info.si_addr == now.rip)) ||
         (signo == SIGILL && info.si_code == ILL_ILLOPN)) &&
        record_instruction(t, &now))
        return;
    /* (4), SYS_USER_DISPATCH: instead of a syscall, of which we saw nothing */
    if (signo == SIGSYS && info.si_code == 2) {
        t->regs = now;
        t->regs.rip -= 2; /* replay stops at the instruction, as at any that enters the kernel */
        deliver(t, &info, false);
    } else if (is_fault(&info) && !was_raised(t, &info, &now)) { /* (3) */
        t->regs = now;
        deliver(t, &info, true);
    } else if (t->restarting || in_place(t, &now)) { /* (4), at an event */
        match_held(t, &info);
        t->regs = now;
        deliver(t, &info, false);
    } else { /* (4), anywhere else */
        hold_signal(t, &info);
    }
}
