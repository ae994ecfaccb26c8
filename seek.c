/* seek.c - finding, in replay, an instant that preempt.c named.
 *
 * Problem: run the task on until its registers and memory are those of the event, in about the time
 * the recording took for it.
 *
 * Guarantee: the task is stopped at the first instant, from where it stands, at which all of the
 * state is equal; if it comes to another event before that, the replay has diverged.
 *
 * How: by whichever of these ways the place allows; the code is tagged with them:
 *
 *   (1) a probe at the instruction compares the general registers, and then words of memory, inside the
 *       process. What it lets through is looked at here, from the cheapest difference to the dearest:
 *       registers, the hints (words of memory the recorder has written down), the digest of everything.
 *       A hint that differs where the registers did not is added to what the probe compares: so it
 *       learns the loop around the loop around the loop, and one that has stopped in vain stops no more. (So
 *       do vector registers: to compare all of them each time is too dear.)
 *   (2) an int3, where a breakpoint of the debugger is in the way of the probe's jump, or none fits
 *   (3) a debug register, where the instruction is not in memory yet (a JIT compiler will write it); when
 *       it fires, it is, and (1) goes on
 *   (4) one look at each instruction, when the debugger steps anyway
 *
 * When arrivals at that instruction are counted (count.c), it is the probe of (1) that does it.
 *
 * Start reading at seek_run().
 */
#define _GNU_SOURCE
#include "preempt.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>

/* words learnt from one stop in vain; from all (PROBE_WORDS: 200) */
enum { LEARN = 4, LEARNT_MAX = 150 };

/* What stops in vain have taught about an event. Kept with the recording: going back comes here
 * again. */
struct learnt {
    uint64_t event;
    const struct instant *instant;
    struct probe_word words[LEARNT_MAX];
    size_t count;
    unsigned vectors;   /* bit N: vector register N differed */
    struct learnt *next;
};

/* The event's item_point. */
static bool get_point(const struct event *e, struct item_point *p)
{
    const uint8_t *at = e->items;
    if (e->instant) {
        *p = *instant_point(e->instant);
        return true;
    }
    for (struct item i; trace_next_item(e, &at, &i);)
        if (i.kind == I_POINT && i.len == sizeof *p) {
            memcpy(p, i.data, sizeof *p);
            return true;
        }
    return false;
}

static struct learnt *learnt_of(struct replay *r, const struct event *e)
{
    struct learnt *l = r->rec->learnt;
    while (l && (l->event != e->number || l->instant != e->instant))
        l = l->next;
    if (!l) {
        l = calloc(1, sizeof *l);
        l->event = e->number;
        l->instant = e->instant;
        l->next = r->rec->learnt;
        r->rec->learnt = l;
    }
    return l;
}

void seek_forget(struct recording *rec)
{
    while (rec->learnt) {
        struct learnt *next = rec->learnt->next;
        free(rec->learnt);
        rec->learnt = next;
    }
}

/* ---- is this it? ---- */

/* All registers that ptrace shows, but those that say how the kernel was entered, and the trap and
 * resume flags, which are the tracer's. */
static bool same_state(const struct user_regs_struct *a, const struct user_regs_struct *b)
{
    return nothing_executed(a, b) && a->fs_base == b->fs_base && a->gs_base == b->gs_base;
}

/* One hint against memory: are they the same? If not, the first words that differ are learnt. */
static bool check_hint(struct replay *r, const struct item *i, struct learnt *l)
{
    uint64_t is[1024], was;
    size_t size = i->len < sizeof is ? i->len : sizeof is, learned = 0;
    if (tracee_read(&r->task, i->addr, is, size) == size && !memcmp(is, i->data, size))
        return true;
    for (size_t k = 0; k < size / 8 && learned < LEARN && l->count < LEARNT_MAX; k++) {
        memcpy(&was, i->data + k * 8, 8);
        if (is[k] != was) {
            l->words[l->count++] = (struct probe_word){i->addr + k * 8, was};
            learned++;
        }
    }
    return false;
}

/* The vector registers that e has recorded. False: it has none. */
static bool get_vectors(const struct event *e, uint64_t low[16])
{
    const uint8_t *at = e->items;
    for (struct item i; trace_next_item(e, &at, &i);)
        if (i.kind == I_VECTORS && i.len == 16 * sizeof *low) {
            memcpy(low, i.data, i.len);
            return true;
        }
    return false;
}

/* Are all registers that ptrace calls floating point those of e? If not, which vector registers
 * differ is learnt. */
static bool check_xsave(struct replay *r, const struct event *e, const struct item_point *p,
                        struct learnt *l)
{
    uint64_t is[16], was[16];
    if (digest_xsave(r->task.pid) == p->xsave)
        return true;
    vector_registers(r->task.pid, is);
    for (unsigned i = 0; i < 16 && get_vectors(e, was); i++)
        l->vectors |= (is[i] != was[i]) << i;
    return false;
}

/* same_memory() for an event that was not recorded: it is the copy's memory. */
static bool same_as_instant(struct replay *r, const struct event *e, const struct item_point *p)
{
    struct learnt *l = learnt_of(r, e);
    struct user_regs_struct regs = e->regs;
    size_t count = LEARNT_MAX - l->count < LEARN ? LEARNT_MAX - l->count : LEARN;
    for (size_t i = l->count; i-- > 0;) { /* what was different before */
        uint64_t is = 0;
        if (tracee_read(&r->task, l->words[i].address, &is, 8) != 8 || is != l->words[i].value)
            return false;
    }
    remove_breakpoints(r);
    bool same = instant_memory(r, e->instant, &regs, l->words + l->count, &count) &&
                digest_xsave(r->task.pid) == p->xsave;
    l->count += count;
    return same;
}

/* The task stands at e's registers. Is its memory e's, too? */
static bool same_memory(struct replay *r, const struct event *e, const struct item_point *p)
{
    struct ranges ranges = {0};
    const uint8_t *at = e->items;
    struct learnt *l = learnt_of(r, e);
    bool same = true;
    for (struct item i; same && trace_next_item(e, &at, &i);) {
        if (i.kind == I_HINT)
            same = check_hint(r, &i, l);
        if (i.kind == I_RANGE)
            ranges_add(&ranges, i.addr, i.addr + i.size, false);
    }
    remove_breakpoints(r); /* they may lie in memory that is writable */
    if (same && (same = check_xsave(r, e, p, l))) {
        ranges_find_files(&ranges, r->task.pid);
        same = digest(&r->task, &ranges) == p->memory;
    }
    ranges_free(&ranges);
    return same;
}

/* Does the task, with these registers, stand where e is? */
bool seek_there(struct replay *r, const struct event *e, const struct user_regs_struct *regs)
{
    struct item_point p;
    if (!same_state(regs, &e->regs))
        return false;
    if (!get_point(e, &p))
        diverged(r, e, "the event does not say where it is");
    return e->instant ? same_as_instant(r, e, &p) : same_memory(r, e, &p);
}

/* ---- getting there ---- */

/* What a probe is to compare: the registers in the recorder's order, the words it noted, and the
 * learnt. */
static void compare_all(struct replay *r, const struct event *e, const struct item_point *p,
                        struct probe_compare *c)
{
    struct user_regs_struct regs = e->regs;
    const struct learnt *l = learnt_of(r, e);
    const uint8_t *at = e->items;
    uint64_t low[16];
    *c = (struct probe_compare){0};
    for (int i = 0; i < 16; i++)
        c->values[c->value_count++] =
            (struct probe_value){*x86_register(&regs, p->order[i] & 15), p->order[i] & 15};
    for (unsigned i = 0; i < 16 && l->vectors; i++)
        if (l->vectors >> i & 1 && get_vectors(e, low))
            c->values[c->value_count++] = (struct probe_value){low[i], PROBE_XMM0 + i};
    for (size_t i = l->count; i > 0; i--)
        c->words[c->word_count++] = l->words[i - 1];
    for (struct item i; trace_next_item(e, &at, &i);)
        if (i.kind == I_HINT && i.len == 8 && c->word_count < PROBE_WORDS) {
            c->words[c->word_count].address = i.addr;
            memcpy(&c->words[c->word_count++].value, i.data, 8);
        }
}

/* Would a probe at site be in the way of a breakpoint? */
static bool breakpoint_near(struct replay *r, uint64_t site)
{
    for (size_t i = 0; i < r->breakpoint_count; i++)
        if (r->breakpoints[i].wanted && !r->breakpoints[i].filtered &&
            probe_covers(site, r->breakpoints[i].addr))
            return true;
    return false;
}

/* Where the event is, an arrival must stop: filters whose probe would be in the way go. */
static void clear_site(struct replay *r, uint64_t site)
{
    for (size_t i = 0; i < r->breakpoint_count; i++)
        if (probes_collide(site, r->breakpoints[i].addr))
            replay_filter(r, r->breakpoints[i].addr, NULL, 0, 0);
}

/* (3): a free debug register, set on the instruction at site; -1: none is free. */
static int watch_execution(struct replay *r, uint64_t site)
{
    int slot = free_watch(r);
    return slot >= 0 && replay_set_watch(r, slot, site, 1, WATCH_EXECUTE) ? slot : -1;
}

/* What lies in wait at the event's instruction. */
struct ambush {
    int probe, slot; /* -1: none */
    bool int3;       /* one that the debugger has not asked for */
};

static struct ambush lay_ambush(struct replay *r, const struct event *e)
{
    struct ambush a = {-1, -1, false};
    struct item_point p;
    struct probe_spec spec = {.kind = PROBE_COMPARE};
    uint8_t code[16] = {0};
    uint64_t site = e->regs.rip;
    if (!get_point(e, &p))
        diverged(r, e, "the event does not say where it is");
    remove_breakpoints(r);
    if (tracee_read(&r->task, site, code, sizeof code) == 0 ||
        memcmp(code, p.code, sizeof code) != 0) {
        a.slot = watch_execution(r, site); /* (3) */
        if (a.slot < 0)
            diverged(r, e, "its code is not there yet, and all debug registers are in use");
        return a;
    }
    if (!breakpoint_near(r, site)) {
        compare_all(r, e, &p, &spec.compare);
        if (counted_by_seek(r, site))
            spec.count = r->tally_enough ? r->tally_enough - r->tallied : UINT64_MAX;
        a.probe = probe_install(r->probes, &r->task, site, &spec); /* (1) */
    }
    if (a.probe < 0 && !(breakpoint_at(r, site) && breakpoint_at(r, site)->wanted))
        a.int3 = replay_set_breakpoint(r, site); /* (2) */
    return a;
}

/* Takes out what lay_ambush() put in. */
static void lift_ambush(struct replay *r, const struct event *e, const struct ambush *a)
{
    if (counted_by_seek(r, e->regs.rip) && a->probe >= 0)
        r->tallied += probe_hits(r->probes, &r->task, a->probe);
    else if (counted_by_seek(r, e->regs.rip))
        r->tally_failed = true;
    if (a->probe >= 0)
        probe_remove(r->probes, &r->task, a->probe);
    if (a->slot >= 0)
        replay_clear_watch(r, a->slot);
    if (a->int3)
        replay_clear_breakpoint(r, e->regs.rip);
}

/* Let the task run until it is where the preemption e is (AT_POINT), or until something else stops
 * it. Called by advance(), with `step` and `first` as there. */
enum reached seek_run(struct replay *r, const struct event *e, bool step, bool first,
                      struct user_regs_struct *regs, struct replay_stop *stop)
{
    clear_site(r, e->regs.rip);
    ptrace(PTRACE_GETREGS, r->task.pid, 0, regs);
    while (!seek_there(r, e, regs)) {
        if (step)
            return run_on(r, true, first, regs, stop); /* (4) */
        struct ambush a = lay_ambush(r, e);
        if (regs->rip == e->regs.rip)
            probes_pass(r->probes, regs);
        enum reached reached = run_on(r, false, first, regs, stop);
        lift_ambush(r, e, &a);
        bool ours = reached == AT_PROBE ||
                    (reached == AT_STOP && stop->kind == STOP_WATCH && stop->watch == a.slot);
        bool int3 = reached == AT_STOP && stop->kind == STOP_BREAKPOINT && regs->rip == e->regs.rip;
        if (int3 && !a.int3 && !seek_there(r, e, regs)) /* the debugger's own breakpoint there */
            return reached;
        if (!ours && !int3)
            return reached;
        if (counted_by_seek(r, e->regs.rip) && r->tally_enough && r->tallied == r->tally_enough &&
            !seek_there(r, e, regs)) {
            *stop = (struct replay_stop){.kind = STOP_INTERRUPT};
            return AT_STOP;
        }
        first = true;
    }
    return AT_POINT;
}
