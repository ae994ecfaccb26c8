/* live.c - a machine, and where it stands.
 *
 * Problem: a position has no number one could read off the machine. What is known of where it
 * stands must be worked out at every stop, from where it stood before and what stopped it.
 *
 * Guarantee: `exact` is true only if `here` is a recipe that leads to this very instant, whoever
 * follows it, from wherever. A count never misses an arrival and never has one twice.
 *
 * How: each trap that is armed counts how often it was sprung since `base`; whatever stops the
 * machine makes a recipe out of base and that count. Two rules make names agree, however an instant
 * is reached:
 *
 *   - The instant at which event e is over, before anything else ran, is the boundary of e. Standing
 *     at a there is an arrival at a "since e". Elsewhere the instruction one starts at does not count.
 *   - A watchpoint stops after its access. If a breakpoint is at the instruction where that leaves us,
 *     it has been arrived at, too: nothing will report it again.
 *
 * Start reading at live_run().
 */
#define _GNU_SOURCE
#include "travel.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* ---- small things ---- */

double seconds(void)
{
    struct timespec now;
    /* not by the vDSO: rdtsc traps (trap_as_tracees) */
    syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &now);
    return now.tv_sec + now.tv_nsec / 1e9;
}

void *must(void *memory)
{
    if (memory) return memory;
    fprintf(stderr, "rr: out of memory\n");
    exit(EXIT_INTERNAL);
}

bool same_trap(const struct trap *a, const struct trap *b)
{
    return a->kind == b->kind && a->addr == b->addr && a->len == b->len && a->type == b->type;
}

/* The same recipe, `back` apart? */
bool same_goal(const struct place *a, const struct place *b)
{
    if (a->event != b->event || a->mark != b->mark || a->n != b->n) return false;
    for (unsigned i = 0; i < a->n; i++)
        if (!same_trap(&a->seg[i].trap, &b->seg[i].trap) || a->seg[i].count != b->seg[i].count)
            return false;
    return true;
}

bool same_place(const struct place *a, const struct place *b)
{
    return same_goal(a, b) && a->back == b->back;
}

/* Lengthens a recipe. Equal neighbours become one: 3 steps and 1 step are 4 steps. False: too
 * long. */
bool place_extend(struct place *p, const struct trap *trap, uint64_t count)
{
    struct segment *last = p->n ? &p->seg[p->n - 1] : NULL;
    if (last && same_trap(&last->trap, trap)) {
        last->count += count;
        return true;
    }
    if (p->n == PLACE_SEGMENTS) return false;
    p->seg[p->n++] = (struct segment){ *trap, count };
    return true;
}

const struct trap a_step = { .kind = SEG_STEPS };

/* Makes run() return in so many seconds, by a signal. 0 takes the alarm back. */
static const struct target *alarm_target;
static void on_alarm(int signo)
{
    (void)signo;
    alarm_target->interrupt();
}

void alarm_in(const struct target *t, double delay)
{
    static timer_t timer;
    static bool made;
    alarm_target = t;
    if (!made) {
        struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN + 1 };
        struct sigaction action = { .sa_handler = on_alarm };
        sigaction(SIGRTMIN + 1, &action, NULL);
        timer_create(CLOCK_MONOTONIC, &event, &timer);
        made = true;
    }
    struct itimerspec when = {.it_value = {(time_t)delay, (long)((delay - (time_t)delay) * 1e9)}};
    timer_settime(timer, 0, &when, NULL);
}

volatile sig_atomic_t cancelled;

void timeline_start(void) { cancelled = 0; }

void timeline_cancel(void)
{
    cancelled = 1;
    if (alarm_target) alarm_target->interrupt();
}

/* ---- a live machine: running it, and knowing where it stands ---- */

bool is_boundary(const struct place *p)
{
    return !p->n && !p->back && p->mark == MARK_NONE;
}

/* The machine is known to stand at `place`; counting begins anew from here (rule 1 of counting). */
void live_at(const struct target *t, struct live *l, const struct place *place)
{
    uint64_t pc = is_boundary(place) && l->armed_count ? t->pc(l->m) : 0;
    struct place here = *place; /* it may be l->here itself, or l->base */
    l->exact = true;
    l->here = l->base = here;
    for (size_t i = 0; i < l->armed_count; i++) {
        struct armed *a = &l->armed[i];
        a->uncounted = false;
        a->count = is_boundary(place) && a->trap.kind == SEG_ARRIVE && a->trap.addr == pc;
    }
}

void live_free(const struct target *t, struct live *l)
{
    if (l->m) t->free(l->m);
    free(l->armed);
    *l = (struct live){ 0 };
}

/* A second machine at the same instant, with the same traps and counts. */
struct live live_fork(const struct target *t, const struct live *l)
{
    static unsigned voyages;
    struct live copy = *l;
    copy.m = t->fork(l->m);
    copy.voyage = ++voyages;
    if (!copy.m) {
        fprintf(stderr, "rr: cannot fork a checkpoint\n");
        exit(EXIT_INTERNAL);
    }
    copy.armed_size = l->armed_count;
    copy.armed = must(calloc(l->armed_count + 1, sizeof *l->armed));
    if (l->armed_count) memcpy(copy.armed, l->armed, l->armed_count * sizeof *l->armed);
    return copy;
}

struct armed *find_armed(struct live *l, const struct trap *trap)
{
    for (size_t i = 0; i < l->armed_count; i++)
        if (same_trap(&l->armed[i].trap, trap)) return &l->armed[i];
    return NULL;
}

static struct armed *breakpoint_at(struct live *l, uint64_t pc)
{
    struct trap trap = { .kind = SEG_ARRIVE, .addr = pc };
    return find_armed(l, &trap);
}

struct armed *watch_in_slot(struct live *l, int slot)
{
    for (size_t i = 0; i < l->armed_count; i++)
        if (l->armed[i].trap.kind == SEG_TOUCH && l->armed[i].slot == slot) return &l->armed[i];
    return NULL;
}

/* Inserts a trap. False: the address cannot be written, or no debug register is free. */
static bool arm(const struct target *t, struct live *l, const struct trap *trap)
{
    struct armed a = { .trap = *trap, .uncounted = !l->exact, .slot = -1 };
    if (trap->kind == SEG_ARRIVE) {
        if (!t->set_breakpoint(l->m, trap->addr)) return false;
    } else {
        for (int slot = WATCHES; slot--;)
            if (!watch_in_slot(l, slot)) a.slot = slot;
        if (a.slot < 0 || !t->set_watch(l->m, a.slot, trap->addr, trap->len, trap->type))
            return false;
    }
    if (l->armed_count == l->armed_size) {
        l->armed_size = l->armed_size * 2 + 8;
        l->armed = must(realloc(l->armed, l->armed_size * sizeof a));
    }
    l->armed[l->armed_count++] = a;
    return true;
}

void live_disarm(const struct target *t, struct live *l, size_t i)
{
    struct armed *a = &l->armed[i];
    if (a->trap.kind == SEG_ARRIVE) t->clear_breakpoint(l->m, a->trap.addr);
    else t->clear_watch(l->m, a->slot);
    *a = l->armed[--l->armed_count];
}

/* Makes the traps in the machine be those of gdb's stoppers (if asked) and `extra` (if any), no
 * others. A trap that is new starts counting here, and so must all the others, to be one recipe.
 * A stopper that cannot be inserted is left out: its page may be mapped later. */
void live_arm(struct timeline *tl, struct live *l, bool stoppers, const struct trap *extra)
{
    size_t before;
    for (size_t i = l->armed_count; i--;) {
        bool wanted = (extra && same_trap(extra, &l->armed[i].trap))
            || (tl->tally && same_trap(tl->tally, &l->armed[i].trap));
        for (struct stopper *s = stoppers ? tl->stoppers : NULL; s && !wanted; s = s->next)
            wanted = same_trap(&s->trap, &l->armed[i].trap);
        if (!wanted) live_disarm(tl->t, l, i);
    }
    l->catching = stoppers && tl->catching;
    if (tl->t->catch) tl->t->catch(l->m, l->catching ? &tl->caught : NULL);
    before = l->armed_count;
    if (extra && !find_armed(l, extra)) arm(tl->t, l, extra);
    if (tl->tally && !find_armed(l, tl->tally)) arm(tl->t, l, tl->tally);
    for (struct stopper *s = stoppers ? tl->stoppers : NULL; s; s = s->next)
        if (!find_armed(l, &s->trap)) arm(tl->t, l, &s->trap);
    if (l->exact && l->armed_count > before) live_at(tl->t, l, &l->here);
}

/* This instant is the one at which `a` was last sprung: `here` is the recipe that says so, if its
 * count is good. */
void live_name(struct live *l, const struct armed *a)
{
    l->here = l->base;
    l->exact = !a->uncounted && place_extend(&l->here, &a->trap, a->count);
}

/* It was sprung once more, just now. */
void live_sprung(struct live *l, struct armed *a)
{
    a->count++;
    live_name(l, a);
}

/* An instruction was stepped. From a known place that is one step more; from an unknown one what
 * was sprung must be counted as when running. */
static void stepped(const struct target *t, struct live *l, const struct replay_stop *stop)
{
    struct armed *here = breakpoint_at(l, t->pc(l->m)), *touched = NULL;
    if (l->exact && l->here.back) {
        l->here.back--;
        live_at(t, l, &l->here);
    } else if (l->exact && place_extend(&l->here, &a_step, 1)) {
        live_at(t, l, &l->here);
    } else {
        l->exact = false;
        if (stop->kind == STOP_WATCH) touched = watch_in_slot(l, stop->watch);
        if (touched) live_sprung(l, touched);
        if (here && l->fresh) {
            if (touched) here->count++;
            else live_sprung(l, here);
        }
    }
}

/* Before a run: tells the machine which arrivals need not stop it. A step stops anyway, and counts
 * by itself. */
static void tell_filters(const struct target *t, struct live *l, enum replay_how how)
{
    for (size_t i = 0; i < l->armed_count; i++) {
        struct armed *a = &l->armed[i];
        bool filter = a->filter && how == RUN_CONT;
        if (filter)
            t->filter(l->m, a->trap.addr, a->condition ? a->condition->code : NULL,
                      a->condition ? a->condition->size : 0, a->until ? a->until - a->count : 0);
        else if (a->filtered)
            t->filter(l->m, a->trap.addr, NULL, 0, 0);
        a->filtered = filter;
    }
}

/* After it: counts the arrivals that were passed over. */
static void count_passes(const struct target *t, struct live *l)
{
    for (size_t i = 0; i < l->armed_count; i++)
        if (l->armed[i].filtered) l->armed[i].count += t->passes(l->m, l->armed[i].trap.addr);
}

/* Lets the machine run once, and works out where it then stands. Cases, by the stop's kind:
 *   1 the boundary of an event     2 a step, maybe over an event      3 a breakpoint
 *   4 a watchpoint (rule 2 of counting; slot -1: touched by an event)
 *   5 a signal about to take place  6 the end      7 interrupted anywhere; a breakpoint that is
 *   just there counts as reached, for the machine will step off it when it goes on, and so does a syscall
 *   8 a syscall about to be made: what its instruction does is the next event, so it is come to
 * once */
static const double EXACT_TICK = 2.5e-9; /* what an instruction takes where the clock counts them */
struct replay_stop live_run(const struct target *t, struct live *l, enum replay_how how,
                            uint64_t until)
{
    uint64_t before = t->clock(l->m), pc = t->pc(l->m);
    double began = seconds();
    struct armed *a;
    tell_filters(t, l, how);
    bool calls = l->catching && t->calling(l->m) >= 0; /* and does until the clock ticks */
    struct replay_stop stop = t->run(l->m, how, until);
    uint64_t clock = t->clock(l->m);
    struct place boundary = { .event = clock };
    l->age = t->exact ? clock * EXACT_TICK : l->age + (seconds() - began);
    l->fresh = !(clock == before && (stop.kind == STOP_STEP || stop.kind == STOP_WATCH) &&
                 t->pc(l->m) == pc && t->repeats(l->m));
    if (clock != before) {
        l->base = boundary;
        for (size_t i = 0; i < l->armed_count; i++) l->armed[i].count = l->armed[i].uncounted = 0;
    }
    count_passes(t, l);
    /* 1, 2 */
    bool stepped_over = how == RUN_STEP && clock != before &&
                        (stop.kind == STOP_STEP || stop.kind == STOP_WATCH);
    bool whole = t->exact || stop.kind == STOP_EVENT || stepped_over
        || (stop.kind == STOP_WATCH && stop.watch < 0);
    if (stop.kind == STOP_SIGNAL)
        boundary = (struct place){.event = clock + 1, .mark = MARK_SIGNAL};
    if (stop.kind == STOP_EXIT) boundary.mark = MARK_END;
    if (whole || boundary.mark) {
        live_at(t, l, &boundary); /* 1, 5, 6 */
    } else if (how == RUN_STEP && stop.kind == STOP_INTERRUPT) {
        l->fresh = false; /* 2: nothing was executed */
    } else if (how == RUN_STEP) {
        stepped(t, l, &stop); /* 2 */
    } else if (stop.kind == STOP_WATCH && (a = watch_in_slot(l, stop.watch))) {
        live_sprung(l, a); /* 4 */
        if (l->fresh && (a = breakpoint_at(l, t->pc(l->m)))) a->count++;
    } else if ((a = breakpoint_at(l, t->pc(l->m)))) {
        stop.kind = STOP_BREAKPOINT; /* 3, 7 */
        live_sprung(l, a);
    } else if (stop.kind == STOP_SYSCALL ||
               (l->catching && !(calls && clock == before) && t->calling(l->m) >= 0)) {
        stop.kind = STOP_SYSCALL; /* 8, 7 */
        boundary.seg[boundary.n++] = (struct segment){{.kind = SEG_ARRIVE, .addr = t->pc(l->m)}, 1};
        live_at(t, l, &boundary);
    } else if (t->at_event && t->at_event(l->m)) {
        live_at(t, l, &boundary); /* 7, right at an event */
    } else {
        l->exact = false; /* 7 */
    }
    return stop;
}
