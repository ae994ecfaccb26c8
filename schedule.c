/* schedule.c - which thread of the recorded tree runs, and for how long.
 *
 * Problem: one thread at a time runs user code, so that the trace is one sequence; yet all must
 * come on as they would by themselves: one that sleeps in the kernel keeps nobody from running, one
 * that spins until another has done something is stopped for that other, and who was woken goes on
 * soon.
 *
 * The idea: a turn. A task runs until it sleeps in the kernel, or until its turn is over. That is
 * so
 *
 *        0        short_turn                       + rec.slice
 *        |------------|-------------------------------|----> time that others have waited
 *          goes on      ends at its next event,          is ended by force, at an
 *                       which costs nothing              instruction that gets a name
 *
 * where the timer runs only while somebody waits. Stops of other tasks are collected as they come,
 * and kept with their task; what they mean is written down when the task is picked: so an event
 * stands in the trace where its task goes on. (Two exceptions see to it that the kernel's writes to
 * memory are in the trace before others can see them: settle_others() and finish_woken().)
 *
 * Source: ptrace(2), waitpid(2), proc(5) for the state letters. Start reading at pick().
 */
#define _GNU_SOURCE
#include "rr.h"
#include "preempt.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* ---- stops ---- */

/* t stopped while somebody else had the turn, or t itself did something else: handled when its turn
 * comes. */
void keep_stop(struct task *t, int status)
{
    t->has_stop = true;
    t->pending_status = status;
}

/* Wait for a stop of any task (flags 0) or look for one (WNOHANG), and keep it with its task.
 * False: none. Stops are handled later, when their task's turn comes: the event then stands in the
 * trace after what the current task does now. */
bool collect(int flags)
{
    int status;
    pid_t tid = waitpid(-1, &status, __WALL | flags);
    if (tid <= 0)
        return false;
    struct task *t = find_task(tid);
    if (t)
        keep_stop(t, status);
    else if (WIFSTOPPED(status))
        add_task(tid, 0); /* newborn, and here before its parent has told of it: task_born() */
    return true;
}

/* The state letter of t, which stands behind the last ')' of its stat file; 'X' if it is gone:
 * another thread's exec took it. The file of the thread: that of the process adds up all. */
static char state_letter(struct task *t)
{
    char path[64], buf[512] = "";
    snprintf(path, sizeof path, "/proc/%d/task/%d/stat", (int)t->pid, (int)t->tid);
    if (t->stat < 0)
        t->stat = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = pread(t->stat, buf, sizeof buf - 1, 0);
    const char *p = n > 0 ? strrchr(buf, ')') : NULL;
    return p ? p[2] : 'X';
}

/* Is t, which entered the kernel and did not come back at once, asleep there? With 't', its stop is
 * there to be collected; 'Z' is the leader, who cannot go before the others. */
static bool asleep(struct task *t)
{
    return strchr("STZX", state_letter(t));
}

/* ---- turns ---- */

/* A turn ends at the first event after the one time, which costs nothing; and after the other by
 * force, at any instruction. Naming that takes a while, longer the more memory there is: it must
 * not take more than a tenth of the time. */
static const double short_turn = 0.002, long_turn = 0.005;
/* between the two looks that it may take: long enough for most loops around the innermost one */
static const double a_moment = 0.001;

static void on_timer(int signo)
{
    (void)signo;
    rec.slice_over = 1;
}

static void set_timer(double seconds)
{
    long us = seconds * 1e6;
    struct itimerval t = {{us / 1000000, us % 1000000}, {us / 1000000, us % 1000000}};
    setitimer(ITIMER_REAL, &t, NULL);
    rec.timer_on = us != 0;
}

/* Does a task wait for its turn since it has slept in a syscall? What it waited for was urgent,
 * perhaps. */
static bool somebody_woke(const struct task *t)
{
    for (struct task *o = rec.tasks; o; o = o->next)
        if (o != t && (o->in_syscall ? o->has_stop : o->woken))
            return true;
    return false;
}

/* How long t may go on till the timer strikes: for the first time, or the second. By lot, for a
 * race that is always run alike is never lost; with -c the turns differ more: short ones shake out
 * races, in long ones threads starve. A signal waits less long, and so does who comes back from a
 * syscall, or who is waited for by one that spins. */
static double turn_length(const struct task *t)
{
    if (rec.chaos)
        return 0.0005 * (1 << rand() % 8);
    double length = !rec.rotate                      ? short_turn
                    : t->signals || somebody_woke(t) ? rec.slice / 10
                                                     : rec.slice;
    if (t->spins)
        length /= 5;
    return length * (1 + rand() % 4) / 4;
}

/* Seconds of the processor that the recorder has used. */
static double own_time(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return t.tv_sec + t.tv_nsec * 1e-9;
}

static bool others_could_run(const struct task *t)
{
    for (struct task *o = rec.tasks; o; o = o->next)
        if (o != t && (o->has_stop || o->state == TASK_READY))
            return true;
    return false;
}

/* Does somebody wait for t's turn to end: another task, or a signal for t itself? */
static bool somebody_waits(const struct task *t)
{
    return t->signals || others_could_run(t);
}

/* The timer has struck. At t's next event, another task goes on; and if there has been none when it
 * strikes again, t is made to stop in the middle of its code: stop_event() goes on. */
void end_turn(struct task *t)
{
    bool asked = rec.rotate;
    rec.slice_over = 0;
    set_timer(0);
    if (!t || !somebody_waits(t))
        return;
    rec.rotate = true;
    set_timer(turn_length(t));
    if (asked && t->state == TASK_RUNNING && !t->has_stop) {
        t->interrupted = true; /* maybe again: the kernel forgets it when a signal stops t first */
        ptrace(PTRACE_INTERRUPT, t->tid, 0, 0);
    }
}

/* Before the first task runs. */
void schedule_start(unsigned seed)
{
    srand(seed);
    rec.slice = long_turn;
    /* no SA_RESTART: it ends a waitpid */
    sigaction(SIGALRM, &(struct sigaction){.sa_handler = on_timer}, NULL);
}

/* ---- who is next ---- */

/* The next task to run, or whose stop is to be handled: the current one goes on while it can, then
 * the others in turn. NULL: all are asleep in the kernel. */
struct task *pick(void)
{
    struct task *c = rec.current;
    bool turn_over = c && (c->yields || (rec.rotate && c->at_event && !c->has_stop &&
                                         !c->in_syscall && !c->restarting));
    if (c && !turn_over && (c->has_stop || c->state == TASK_READY))
        return c;
    if (c)
        c->yields = false;
    rec.rotate = false;
    for (struct task *t = c ? c->next : rec.tasks; t; t = t->next)
        if (t->has_stop || t->state == TASK_READY)
            return t;
    for (struct task *t = rec.tasks; t && t != (c ? c->next : NULL); t = t->next)
        if (t->has_stop || t->state == TASK_READY)
            return t;
    return NULL;
}

/* t was let run. Come back when it has stopped, or sleeps in the kernel while others could run. */
void wait_for(struct task *t)
{
    bool may_wait = t->state == TASK_IN_KERNEL &&
                    (rec.supervised || syscall_may_wait(t->nr, t->entry.rsi));
    while (!t->has_stop && t->state != TASK_READY) {
        if (rec.slice_over)
            end_turn(t);
        if (!rec.timer_on && somebody_waits(t))
            set_timer(turn_length(t));
        if (!may_wait || !others_could_run(t)) {
            if (!collect(0) && errno != EINTR)
                return;
        } else {
            sched_yield(); /* it is on this CPU, too: give it the chance to come back */
            if (!collect(WNOHANG) && asleep(t))
                break;
        }
    }
}

/* ---- what the kernel writes for others ---- */

/* Has t's process other threads? */
bool has_siblings(const struct task *t)
{
    for (struct task *o = rec.tasks; o; o = o->next)
        if (o != t && o->space == t->space)
            return true;
    return false;
}

/* Does o sleep in a syscall that writes memory as it wakes, and others can see that? So does one
 * that takes over a futex whose owner has died: it is the waiter who writes that down there. */
static bool will_write(struct task *o)
{
    int op = o->entry.rsi & FUTEX_CMD_MASK;
    bool inherits = o->nr == SYS_futex && (op == FUTEX_LOCK_PI || op == FUTEX_LOCK_PI2);
    return (syscall_fills(o->nr) || inherits) && others_see(o);
}

/* A task has done something that may have woken others from syscalls that write memory: a byte was
 * sent, and a thread sleeps in a read; or it has died. The kernel fills the buffer of such a
 * one as soon as it gets the CPU, and its siblings, and who shares that memory, may see that at
 * once; in replay they see it at the event of its return. So that these are the same, it gets the
 * CPU now, before any user code, and its event is next. (What is woken from outside, or by the
 * clock, is scratch.c's; but for buffers behind an iovec: a thread that watches one of those
 * without entering the kernel may see it early.) */
void finish_woken(void)
{
    rec.woke = false;
    for (struct task *o = rec.tasks; o; o = o->next) {
        if (o->state != TASK_IN_KERNEL || !o->entered || !will_write(o))
            continue;
        do
            sched_yield();
        /* not 'D': a vfork's parent */
        while (!o->has_stop && (collect(WNOHANG) || state_letter(o) == 'R'));
        if (!o->has_stop || !WIFSTOPPED(o->pending_status) ||
            WSTOPSIG(o->pending_status) != (SIGTRAP | 0x80))
            continue;
        o->has_stop = false;
        shared_switch(o);
        handle_stop(o, o->pending_status);
    }
}

/* The current task has sent SIGKILL. Whoever it was for needs no turn to die, and as it does, the
 * kernel zeroes its thread id and marks the robust mutexes it held, in memory that others may have
 * as well: at an instant that nobody knows, so that replay could not do the same. So that is waited
 * for, before any user code. */
void finish_killed(void)
{
    struct task *o = rec.tasks;
    rec.killed = false;
    while (o) {
        while (o != rec.current && !o->has_stop && (collect(WNOHANG) || state_letter(o) == 'R'))
            sched_yield();
        bool dead = o->has_stop && (WIFEXITED(o->pending_status) || WIFSIGNALED(o->pending_status));
        o->has_stop &= !dead;
        if (dead)
            handle_stop(o, o->pending_status);
        o = dead ? rec.tasks : o->next; /* a process's leader is the last of it */
    }
    if (rec.current)
        shared_tell(rec.current, true);
}

/* The kernel may have written to t's memory for a thread whose syscall is over but not yet in the
 * trace. It is to be there before an instant is named by what is in memory. (Not where scratch.c
 * has what it wrote.) */
static void settle_others(const struct task *t)
{
    for (struct task *o = rec.tasks; o; o = o->next) {
        /* a vfork's parent is in state 'D' till its child is gone, and has nothing to write */
        if (o == t || o->space != t->space || !o->in_syscall || o->loan_count ||
            syscall_class(o->nr) == SC_CLONE)
            continue;
        while (collect(WNOHANG) || (o->state == TASK_IN_KERNEL && !o->has_stop && !asleep(o)))
            sched_yield();
        if (o->has_stop && WIFSTOPPED(o->pending_status) &&
            WSTOPSIG(o->pending_status) == (SIGTRAP | 0x80)) {
            o->has_stop = false;
            handle_stop(o, o->pending_status);
        }
    }
}

/* t stands anywhere. If it has executed something since its last event, the place gets a name; and
 * there its signals come. */
void preempt(struct task *t)
{
    struct user_regs_struct now;
    bool at_event = ptrace(PTRACE_GETREGS, t->tid, 0, &now) == 0 && in_place(t, &now);
    double before = own_time();
    if (!at_event)
        settle_others(t);
    enum preempted done = at_event ? PREEMPT_DONE : record_preempt(t);
    if (done == PREEMPT_AGAIN) {
        set_timer(a_moment);
        rec.slice_over = 0; /* it may have struck while the look was taken */
    }
    if (done != PREEMPT_DONE)
        return; /* it will be at an event in a moment, of itself, or stop here again */
    double cost = own_time() - before;
    rec.slice = cost * 10 > long_turn ? cost * 10 : long_turn;
    t->at_event = true;
    send_held(t);
}
