/* family.c - the processes of a recording: where a replay begins, births and execs, and all of them
 * at once.
 *
 * A `struct replay` is one address space. In `rr replay -a` each fork makes another one, and all go
 * on together, the one whose event is next in the recording first. Else the replay follows one
 * process: it begins at the process's own exec, or, if that runs its parent's program, at the
 * parent's, and becomes the child where it was born.
 *
 * Start reading at replay_open(), then replay_born().
 */
#define _GNU_SOURCE
#include "replay.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

/* The processes of `rr replay -a`, by the order they were born in. */
static struct replay *family[4096];
static size_t family_size;

/* Where in the recording the process began: the event that says so, with the parent's pid. NULL: it
 * is the first. */
static const struct event *birth_of(const struct recording *rec, pid_t pid)
{
    for (size_t i = 0; i < rec->count; i++) {
        const uint8_t *at = rec->events[i].items;
        struct item_newtask n;
        for (struct item it;
             rec->events[i].type == EV_ENTER && trace_next_item(&rec->events[i], &at, &it);)
            if (it.kind == I_NEWTASK) {
                memcpy(&n, it.data, sizeof n);
                if (n.pid == pid && n.tid == n.pid)
                    return &rec->events[i];
            }
    }
    return NULL;
}

/* The pids from the first process down to `pid`: is `ancestor` one of them? */
static bool leads_to(const struct recording *rec, pid_t ancestor, pid_t pid)
{
    const struct event *birth;
    while (ancestor != pid && (birth = birth_of(rec, pid)))
        pid = birth->pid;
    return ancestor == pid;
}

/* The exec from which a replay of `pid` starts: its own first one, or, if it runs its parent's
 * program, the last before its birth that made that. NULL: there is no such process. */
static const struct event *first_exec(const struct recording *rec, pid_t pid)
{
    const struct event *birth, *end = rec->events + rec->count, *last = NULL;
    for (const struct event *e = rec->events; e < end; e++)
        if (e->type == EV_EXEC && e->pid == pid)
            return e;
    while (!last && (birth = birth_of(rec, pid))) {
        pid = birth->pid;
        for (const struct event *e = rec->events; e < birth; e++)
            if (e->type == EV_EXEC && e->pid == pid)
                last = e;
    }
    return last;
}

/* r becomes the process that the thread `n` began, and forgets the threads of the parent. */
static void become_child(struct replay *r, const struct item_newtask *n)
{
    for (size_t i = 0; i < r->thread_count; i++)
        free(r->threads[i].xsave);
    r->thread_count = r->current = 0;
    add_thread(r, n->tid, n->pid);
    write_regs(r, &n->regs);
    if (n->child_tid)
        tracee_write(&r->task, n->child_tid, &n->tid, 4);
    if (r->all)
        r->pid = n->pid;
}

/* A task was born at event e: a thread of ours, or a process, which is followed if it is the one we
 * are after, or all are. vfork and its like share our memory until they exec: threads, as far as we
 * care. True: r is the child now. */
bool replay_born(struct replay *r, const struct event *e, const struct item_newtask *n)
{
    if (n->flags & CLONE_VM) {
        struct user_regs_struct now;
        struct thread *t = add_thread(r, n->tid, n->pid);
        uint8_t xsave[XSAVE_MAX];
        t->regs = n->regs;
        t->xsave_len = get_xsave(r->task.pid, xsave, sizeof xsave);
        t->xsave = malloc(t->xsave_len);
        memcpy(t->xsave, xsave, t->xsave_len);
        ptrace(PTRACE_GETREGS, r->task.pid, 0, &now);
        if (n->child_tid)
            tracee_write(&r->task, n->child_tid, &n->tid, 4);
    } else if (r->all && family_size < sizeof family / sizeof *family) {
        struct replay *c = replay_fork(r);
        c->next = e - r->rec->events + 1;
        c->done = 0;
        become_child(c, n);
        family[family_size++] = c;
    } else if (!r->all && leads_to(r->rec, n->pid, r->pid)) {
        become_child(r, n);
        return true;
    }
    return false;
}

/* A thread of r has execed. If it was a process of its own that shared our memory (vfork), it
 * leaves us, to be followed like any child; else r is the new program from now on. */
void replay_exec(struct replay *r, const struct event *e)
{
    struct thread *other = NULL;
    for (size_t i = 0; i < r->thread_count; i++)
        if (r->threads[i].pid != e->pid)
            other = &r->threads[i];
    if (!other || (!r->all && leads_to(r->rec, e->pid, r->pid))) {
        build_process(r, e);
        return;
    }
    remove_thread(r, e->tid);
    if (r->all && family_size < sizeof family / sizeof *family) {
        struct replay *c = replay_new(r->rec, e->pid);
        c->all = true;
        c->next = e - r->rec->events + 1;
        build_process(c, e);
        family[family_size++] = c;
    }
}

/* We and all tasks on one processor: a stop there costs a twentieth of one between two. On that of
 * the recording, if it says which and we may: what cpuid says, and glibc keeps, has the processor's
 * number in it. */
static void stay_on_one_cpu(int recorded)
{
    cpu_set_t one, all;
    int cpu = sched_getcpu();
    sched_getaffinity(0, sizeof all, &all);
    if (recorded >= 0 && recorded < CPU_SETSIZE && CPU_ISSET(recorded, &all))
        cpu = recorded;
    CPU_ZERO(&one);
    CPU_SET(cpu < 0 ? 0 : cpu, &one);
    sched_setaffinity(0, sizeof one, &one);
}

/* r replays an ancestor: let it, in silence, until it has become the process that is wanted. */
static void run_to_birth(struct replay *r)
{
    struct replay_stop stop = {0};
    bool echo = replay_echo(false);
    progress_begin("going to where the process begins");
    while (r->threads[0].pid != r->pid && stop.kind != STOP_EXIT)
        advance(r, false, true, &stop);
    progress_end();
    replay_echo(echo);
    if (r->threads[0].pid == r->pid)
        return;
    fprintf(stderr, "rr: %s: process %d shared its parent's memory to its end; debug it there\n",
            trace_dir(r->rec->trace), (int)r->pid);
    exit(EXIT_INTERNAL);
}

/* The process's first exec is where it begins, or its birth, for one that never made one: then an
 * ancestor is run up to there. */
struct replay *replay_open(const char *dir, pid_t pid)
{
    struct recording *rec = load_recording(dir);
    if (!rec)
        return NULL;
    struct replay *r = replay_new(rec, pid ? pid : rec->events[0].pid);
    const struct event *start = first_exec(rec, r->pid);
    if (!start) {
        fprintf(stderr, "rr: %s: no process %d in it; rr ps lists them\n", trace_dir(rec->trace),
                (int)pid);
        replay_free(r);
        return NULL;
    }
    r->next = start - rec->events;
    stay_on_one_cpu(start->result);
    build_process(r, start);
    r->next++;
    run_to_birth(r);
    r->total = count_events(rec, r->pid, r->next);
    return r;
}

/* ---- rr replay -a ---- */

/* The member of the family whose next event is the earliest; NULL when all have ended. Who has is
 * done with: a program may make thousands of processes. The first stays, for its exit status. */
static struct replay *earliest(void)
{
    struct replay *best = NULL;
    size_t kept = 0;
    for (size_t i = 0; i < family_size; i++) {
        struct replay *r = family[i];
        if (!next_event(r))
            r->ended = true;
        if (!r->ended && (!best || r->next < best->next))
            best = r;
        if (r->ended && i > 0)
            replay_free(r);
        else
            family[kept++] = r;
    }
    family_size = kept;
    return best;
}

/* `rr replay -a`: all processes, to their ends; the exit status of the first. What was cut off
 * replays as far as it goes, and ends with EXIT_INTERNAL. */
int replay_all(struct replay *first)
{
    struct replay *r;
    first->all = true;
    family[family_size++] = first;
    progress_begin("replaying");
    while ((r = earliest())) {
        struct replay_stop stop;
        advance(r, false, true, &stop);
    }
    progress_end();
    int status = first->exit_status;
    bool cut = trace_cut_short(first->rec->trace);
    for (size_t i = 0; i < family_size; i++)
        replay_free(family[i]);
    if (cut)
        /* the recording has no end to take a status from; a line has said so */
        return EXIT_INTERNAL;
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}
