/* instant.c - an instant of the debugger's, between two events of the recording, as an event of its
 * own.
 *
 * Problem: Ctrl-C stops a replay anywhere in a stretch without events. Where is that? Nobody has
 * counted instructions, and to count how often one of them comes until there, from the event
 * before, would take many times as long as the program did.
 *
 * The idea: a recording names such instants already, those of its preemptions: by the state of the
 * process (preempt.c), and seek.c finds them again at nearly full speed. So the instant becomes a
 * preemption, in the copy of the recording that is in memory:
 *
 *          event 311                       event 312              311        312        313
 *     --------|------------------^-------------|-----      ->  -----|----------|----------|----
 *                             Ctrl-C                                        inserted
 *
 * To all that travels through time it is an event like others: recipes begin at it, checkpoints
 * stand at it, and of any two machines the clock tells which comes first.
 *
 * Guarantee: as in seek.c. And more is known than in a recording, as the process is at hand: a copy
 * of it that stands there. Other instants are compared with that, and the first words of memory
 * that differ are what seek.c's probe learns.
 *
 * Users never see the numbers this makes: replay_recorded() is how many events of the recording
 * there are before a clock's.
 *
 * Start reading at replay_mark().
 */
#define _GNU_SOURCE
#include "preempt.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>

enum {
    COPIES = 12,  /* kept of processes; where one is no more, a digest has to do, and nothing is learnt */
    NEAR = 4096   /* bytes around what a register points to: looked at before all the rest */
};

struct instant {
    uint64_t pc;
    struct item_point point;
    struct ranges memory;  /* all of it that can differ */
    struct replay *there;  /* a copy of the process, which nobody runs; NULL: no more */
    struct instant *next;  /* the one made before it */
};

/* ---- making one ---- */

/* All memory the process could know itself by, but for the dead parts of its stacks (digest.c). */
static struct ranges memory_of(struct replay *r)
{
    struct user_regs_struct regs;
    struct ranges all = ranges_with_shared(r->task.pid);
    for (size_t i = 0; i < r->thread_count; i++)
        if (replay_get_regs(r, r->threads[i].tid, &regs))
            ranges_cut_stack(&all, regs.rsp);
    return all;
}

/* A copy of r that does not keep the recording in use. */
static struct replay *copy_of(struct replay *r)
{
    struct replay *copy = replay_fork(r);
    copy->rec->users--;
    return copy;
}

static void free_copy(struct instant *i)
{
    i->there->rec->users++;
    replay_free(i->there);
    i->there = NULL;
}

/* The oldest copies go. */
static void bound_copies(struct recording *rec)
{
    size_t copies = 0;
    for (struct instant *i = rec->instants; i; i = i->next)
        if (i->there && ++copies > COPIES)
            free_copy(i);
}

/* e is inserted into the recording at `index`: whoever has that event behind it has one more behind
 * it now. Of those in between the two events nobody knows: they count as before it. */
static void insert_event(struct recording *rec, size_t index, const struct event *e)
{
    rec->events = realloc(rec->events, (rec->count + 1) * sizeof *e);
    memmove(rec->events + index + 1, rec->events + index, (rec->count - index) * sizeof *e);
    rec->events[index] = *e;
    rec->count++;
    for (struct replay *r = rec->replays; r; r = r->sibling) {
        bool own = r->pid == e->pid;
        r->total += own;
        if (r->passing != SIZE_MAX && r->passing >= index)
            r->passing++;
        if (r->next > index || r->announced || r->ended) {
            r->next++;
            r->done += own;
        }
    }
}

/* Whoever stands at an event that is a preemption has it behind it. */
static void pass_where_it_is(struct replay *r, const struct event *e)
{
    struct user_regs_struct regs;
    if (r->pid == e->pid && !r->ended && !r->diverted && next_event(r) == e &&
        ptrace(PTRACE_GETREGS, r->task.pid, 0, &regs) == 0 && seek_there(r, e, &regs)) {
        replay_pass_mark(r);
        r->at_event = true;
    }
}

/* Make where r stands, in its own code and between two events, an event; r has it behind it then,
 * and so have others that stand there. Those that stand elsewhere between the same two events have
 * not: replay_pass_mark() is for those of them to which that is unjust. */
void replay_mark(struct replay *r)
{
    static const uint8_t no_items[1];
    const struct event *after = next_event(r);
    size_t index = after - r->rec->events;
    struct instant *i = calloc(1, sizeof *i);
    struct event e = {.number = after->number, .type = EV_PREEMPT, .tid = after->tid,
                      .pid = r->pid, .instant = i, .items = no_items, .items_end = no_items};
    remove_breakpoints(r);
    probes_remove_all(r->probes, &r->task);
    ptrace(PTRACE_GETREGS, r->task.pid, 0, &e.regs);
    i->pc = e.regs.rip;
    i->memory = memory_of(r);
    i->point.memory = digest(&r->task, &i->memory);
    i->point.xsave = digest_xsave(r->task.pid);
    for (int reg = 0; reg < 16; reg++)
        i->point.order[reg] = reg;
    tracee_read(&r->task, e.regs.rip, i->point.code, sizeof i->point.code);
    insert_event(r->rec, index, &e);
    i->there = copy_of(r);
    i->next = r->rec->instants;
    r->rec->instants = i;
    bound_copies(r->rec);
    for (struct replay *other = r->rec->replays; other; other = other->sibling)
        if (other != i->there)
            pass_where_it_is(other, &r->rec->events[index]);
}

/* r stands behind the inserted event that counts as its next. */
void replay_pass_mark(struct replay *r)
{
    r->next = next_event(r) - r->rec->events + 1;
    r->done++;
}

/* Would a probe fit where r stands: can an event be inserted here that is found again soon? */
bool replay_suits(struct replay *r)
{
    struct user_regs_struct regs;
    remove_breakpoints(r);
    return replay_get_regs(r, replay_current_tid(r), &regs) &&
           probe_suits(r->probes, &r->task, regs.rip, false);
}

/* Is there an instant at this address already? Then it is a good one for the next: probes for all
 * of them stand in the same place, and the fewer places there are, the fewer are in the way of
 * breakpoints. */
bool replay_marked(const struct replay *r, uint64_t pc)
{
    const struct instant *i = r->rec->instants;
    while (i && i->pc != pc)
        i = i->next;
    return i != NULL;
}

/* Does r stand where an event has just taken place, and nothing after it? */
bool replay_at_event(const struct replay *r) { return r->at_event; }

/* Of the first `clock` events of r's process, how many were recorded? */
uint64_t replay_recorded(const struct replay *r, uint64_t clock)
{
    uint64_t inserted = 0, own = r->done;
    for (size_t i = r->next; i-- > 0 && r->rec->instants;) {
        const struct event *e = &r->rec->events[i];
        own -= e->pid == r->pid;
        inserted += e->pid == r->pid && e->instant && own < clock;
    }
    own = r->done;
    for (size_t i = r->next; i < r->rec->count && own < clock && r->rec->instants; i++) {
        const struct event *e = &r->rec->events[i];
        own += e->pid == r->pid;
        inserted += e->pid == r->pid && e->instant != NULL;
    }
    return clock - inserted;
}

/* ---- finding it again ---- */

/* What a preemption carries in its items. */
const struct item_point *instant_point(const struct instant *i) { return &i->point; }

/* Pieces of the memory around what registers point to, and the top of the stack. */
static struct ranges near_registers(const struct instant *i, struct user_regs_struct *regs)
{
    struct ranges near = {0};
    for (unsigned reg = 0; reg < 16; reg++) {
        uint64_t at = *x86_register(regs, reg) & ~(uint64_t)(NEAR - 1);
        if (at)
            ranges_add(&near, at, at + NEAR, false);
    }
    ranges_add(&near, regs->rsp & ~7ull, (regs->rsp & ~7ull) + NEAR, false);
    struct ranges common = ranges_common(&near, &i->memory);
    ranges_free(&near);
    return common;
}

/* r stands at the instant's registers, with all breakpoints out. Is its memory the instant's,
 * too? If not, *count words of it that differ, *count at most, are in `word`, with what they are
 * to be. */
bool instant_memory(struct replay *r, const struct instant *i, struct user_regs_struct *regs,
                    struct probe_word *word, size_t *count)
{
    size_t most = *count;
    *count = 0;
    if (!i->there)
        return digest(&r->task, &i->memory) == i->point.memory;
    struct ranges near = near_registers(i, regs);
    *count = ranges_differ(&r->task, &i->there->task, &near, word, most);
    ranges_free(&near);
    if (!*count)
        *count = ranges_differ(&r->task, &i->there->task, &i->memory, word, most);
    return *count == 0;
}

/* The recording is no more. */
void instants_free(struct recording *rec)
{
    while (rec->instants) {
        struct instant *i = rec->instants;
        rec->instants = i->next;
        if (i->there)
            free_copy(i);
        ranges_free(&i->memory);
        free(i);
    }
}
