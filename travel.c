/* travel.c - from where a machine stands to an instant after it, and the checkpoints to start from.
 *
 * Problem: follow a recipe, with gdb's breakpoints and watchpoints armed on the way or not, and
 * remember the last stop gdb would have wanted to hear of. And have something to start from that is
 * not far away.
 *
 * Guarantee: a trip that says ARRIVED stands at its goal. Checkpoints are many near the present and
 * ever fewer away from it, and never more than so many or than so many bytes: going back costs in
 * proportion to how far.
 *
 * How: travel() runs to the boundary of the goal's event, then follows the segments, each with its
 * trap armed and counted by live.c.
 *
 * Start reading at travel(), then bring_to().
 */
#include "travel.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- what stops gdb, of all that stops a machine ---- */

static bool condition_holds(struct timeline *tl, struct machine *m, const struct stopper *s)
{
    for (size_t i = 0; i < s->condition_count; i++)
        if (agent_evaluate(tl->t, m, s->conditions[i]->code, s->conditions[i]->size) != AGENT_FALSE)
            return true; /* gdb evaluates it again itself, and shows the error if it is one */
    return s->condition_count == 0;
}

/* Is the machine about to make a syscall that is caught? Then *moved says so. */
bool call_wanted(struct timeline *tl, struct live *l, struct moved *moved)
{
    if (!tl->catching) return false;
    *moved = (struct moved){ .kind = MOVED_SYSCALL, .syscallno = tl->t->calling(l->m) };
    return syscall_in(&tl->caught, moved->syscallno);
}

/* Or has one come back, just now? */
static bool return_wanted(struct timeline *tl, struct live *l, struct moved *moved)
{
    pid_t tid;
    if (!tl->catching) return false;
    int64_t nr = tl->t->returned(l->m, &tid);
    *moved = (struct moved){ .kind = MOVED_RETURN, .syscallno = nr, .tid = tid };
    return syscall_in(&tl->caught, nr);
}

/* Is this stop one gdb wants to hear of? Then *moved says how. `pc_counts`: a breakpoint at pc
 * counts, although the machine was not stopped by it (after a step, at a boundary). */
bool stop_wanted(struct timeline *tl, struct live *l, const struct replay_stop *stop,
                 bool pc_counts, struct moved *moved)
{
    bool touched = stop->kind == STOP_WATCH;
    struct armed *a = touched && stop->watch >= 0 ? watch_in_slot(l, stop->watch) : NULL;
    uint64_t address = a ? a->trap.addr : stop->watch_addr;
    uint64_t pc = tl->t->pc(l->m);
    for (struct stopper *s = tl->stoppers; touched && s; s = s->next) {
        if (s->trap.kind != SEG_TOUCH || address - s->trap.addr >= s->trap.len) continue;
        *moved = (struct moved){ .kind = MOVED_WATCH, .watch_addr = address, .watch_kind = s->kind };
        if (condition_holds(tl, l->m, s)) return true;
    }
    if (stop->kind == STOP_SIGNAL) {
        *moved = (struct moved){ .kind = MOVED_SIGNAL, .signo = stop->signo };
        return !(stop->signo < 64 && tl->pass_signals >> stop->signo & 1);
    }
    if (stop->kind != STOP_BREAKPOINT && stop->kind != STOP_SYSCALL && !(touched && l->fresh) &&
        !pc_counts)
        return false;
    *moved = (struct moved){ .kind = MOVED_BREAK };
    for (struct stopper *s = tl->stoppers; s; s = s->next)
        if (s->trap.kind == SEG_ARRIVE && s->trap.addr == pc && condition_holds(tl, l->m, s))
            return true;
    return (pc_counts && return_wanted(tl, l, moved)) || call_wanted(tl, l, moved);
}

/* Did anything happen here that a search must count, wanted or not (but for breakpoints whose
 * condition is false)? See struct trip, `behind`. */
bool is_hit(struct timeline *tl, struct live *l, const struct replay_stop *stop, bool pc_counts)
{
    struct armed *a =
        stop->kind == STOP_WATCH && stop->watch >= 0 ? watch_in_slot(l, stop->watch) : NULL;
    uint64_t address = a ? a->trap.addr : stop->watch_addr, pc = tl->t->pc(l->m);
    struct moved moved;
    if (stop->kind == STOP_SIGNAL) return true;
    if (pc_counts && return_wanted(tl, l, &moved)) return true;
    if ((pc_counts || stop->kind == STOP_BREAKPOINT || stop->kind == STOP_SYSCALL || a) &&
        call_wanted(tl, l, &moved))
        return true;
    for (struct stopper *s = tl->stoppers; s; s = s->next) {
        if (s->trap.kind == SEG_ARRIVE)
            if (s->trap.addr == pc &&
                (pc_counts || stop->kind == STOP_BREAKPOINT || (a && l->fresh)) &&
                condition_holds(tl, l->m, s))
                return true;
        if (s->trap.kind == SEG_TOUCH && stop->kind == STOP_WATCH)
            if (address - s->trap.addr < s->trap.len) return true;
    }
    return false;
}

/* ---- a trip: from where a machine stands to an instant after it ---- */

/* Notes a hit of a trip. At the goal itself only the touch that led there is before it; elsewhere a
 * breakpoint at the instant after a touch is come to first, going back. */
void note_hit(struct timeline *tl, struct live *l, const struct replay_stop *stop, bool pc_counts,
              struct trip *trip)
{
    struct hit hit = { .place = l->here };
    struct moved at_pc;
    if (!trip->watching || !is_hit(tl, l, stop, pc_counts)) return;
    /* rule 1 of counting */
    if (!tl->t->exact && pc_counts && is_boundary(&hit.place) && stop->kind != STOP_WATCH) {
        struct trap trap = { .kind = SEG_ARRIVE, .addr = tl->t->pc(l->m) };
        place_extend(&hit.place, &trap, 1);
    }
    bool at_goal = (same_goal(&hit.place, trip->goal) && !trip->behind && !trip->inclusive)
        || same_place(&hit.place, &tl->now.here);
    if (at_goal && (stop->kind != STOP_WATCH || tl->after_touch)) return;
    hit.found = stop_wanted(tl, l, stop, pc_counts, &hit.moved) &&
                !(at_goal && hit.moved.kind != MOVED_WATCH);
    if (hit.found && hit.moved.kind == MOVED_WATCH && !at_goal && l->fresh &&
        stop_wanted(tl, l, &(struct replay_stop){ .kind = STOP_BREAKPOINT }, pc_counts, &at_pc))
        hit.moved = at_pc;
    trip->hits++;
    if (trip->behind) {
        struct hit *slot = &trip->queue[trip->queued++ % trip->behind], late = *slot;
        *slot = hit;
        hit = late;
    }
    if (hit.found) {
        trip->last = hit;
        trip->last_is = trip->hits - trip->behind;
    }
}

static bool hits_enough(const struct trip *trip) { return trip->most && trip->hits >= trip->most; }

/* Machines that run for long leave checkpoints behind them every keep_every seconds: at the next
 * event, where the position has a name good for everything; or, if none comes for that long,
 * anywhere. */
void keep_on_the_way(struct timeline *tl, struct live *l, const struct replay_stop *stop, bool *due)
{
    if (stop->kind == STOP_INTERRUPT && !*due) {
        *due = true;
    } else if (*due && (stop->kind == STOP_INTERRUPT || stop->kind == STOP_EVENT)) {
        keep_checkpoint(tl, l);
        *due = false;
    }
    if (stop->kind == STOP_INTERRUPT || stop->kind == STOP_EVENT) alarm_in(tl->t, tl->keep_every);
}

/* Which arrivals need not stop the next run: those that are only counted, to the `count`th of
 * `counting`, and those for which gdb's condition is false. Where they are tallied, all stop. */
void filter_arrivals(struct timeline *tl, struct live *l, const struct trip *trip,
                     const struct trap *counting, uint64_t count)
{
    for (size_t i = 0; i < l->armed_count; i++) {
        struct armed *a = &l->armed[i];
        bool aim = counting && same_trap(counting, &a->trap),
             all = tl->tally && same_trap(tl->tally, &a->trap);
        size_t conditions = 0;
        a->condition = NULL;
        for (struct stopper *s = trip->watching ? tl->stoppers : NULL; s; s = s->next) {
            if (!same_trap(&s->trap, &a->trap)) continue;
            if (!s->any || conditions++) all = true;
            else a->condition = s->any;
        }
        a->until = aim && count > a->count ? count : 0;
        a->filter = tl->t->filter && a->trap.kind == SEG_ARRIVE && !all &&
                    (conditions || a->until > 0);
    }
}

/* After that run: the next stops at all of them. */
void no_filters(struct live *l)
{
    for (size_t i = 0; i < l->armed_count; i++) l->armed[i].filter = false;
}

/* Has `counting` been sprung `count` times? Then that is what this instant is called, even if
 * something else stopped the machine there, too, or it is a boundary at which rule 1 has counted an
 * arrival: whether a hit is before the goal is told by its name. */
static bool counted_out(struct live *l, const struct trap *counting, uint64_t count)
{
    struct armed *a = counting ? find_armed(l, counting) : NULL;
    if (!a || a->count < count) return false;
    live_name(l, a);
    return true;
}

/* Runs on to event `until` (UINT64_MAX: none), noting hits, up to the first stop for which `done`
 * says so. */
static enum trip_end run_on(struct timeline *tl, struct live *l, struct trip *trip, uint64_t until,
                            enum replay_stop_kind done, const struct trap *counting, uint64_t count)
{
    bool due = false;
    struct replay_stop stop;
    if (trip->keep) alarm_in(tl->t, tl->keep_every);
    for (;;) {
        uint64_t clock = tl->t->clock(l->m);
        if (counted_out(l, counting, count)) return ARRIVED;
        filter_arrivals(tl, l, trip, counting, count);
        stop = live_run(tl->t, l, RUN_CONT, due && until > clock ? clock + 1 : until);
        no_filters(l);
        if (cancelled || (trip->impatient && stop.kind == STOP_INTERRUPT)) return INTERRUPTED;
        bool hit = stop.kind == STOP_BREAKPOINT || stop.kind == STOP_WATCH;
        if (hit && ++trip->stops == trip->patience) return INTERRUPTED;
        if (trip->tally && stop.kind == STOP_BREAKPOINT && tl->t->pc(l->m) == trip->tally->addr)
            trip->tallied++;
        if (trip->enough && trip->tallied == trip->enough) return INTERRUPTED;
        if (trip->keep) keep_on_the_way(tl, l, &stop, &due);
        clock = tl->t->clock(l->m);
        counted_out(l, counting, count);
        note_hit(tl, l, &stop, stop.kind == STOP_EVENT && clock < until, trip);
        if (hits_enough(trip)) return INTERRUPTED;
        if (stop.kind == done &&
            (done == STOP_EXIT || clock >= until || (done == STOP_SIGNAL && clock + 1 == until)))
            return ARRIVED;
        if (stop.kind == STOP_EXIT || (counting && clock > trip->goal->event)) return LOST;
        /* it is a signal's event, and that was over */
        if (stop.kind == STOP_EVENT && clock >= until) return LOST;
    }
}

/* The steps of a recipe: a breakpoint stepped onto is a hit, unless it is the goal. */
static enum trip_end step_on(struct timeline *tl, struct live *l, struct trip *trip, uint64_t count)
{
    while (count--) {
        struct replay_stop stop = live_run(tl->t, l, RUN_STEP, UINT64_MAX);
        if (cancelled) return INTERRUPTED;
        if (stop.kind == STOP_EXIT) return LOST;
        if (stop.kind == STOP_INTERRUPT) count++;
        else note_hit(tl, l, &stop, l->fresh, trip);
        if (hits_enough(trip)) return INTERRUPTED;
    }
    return ARRIVED;
}

/* How far along the recipe `goal` does this machine stand, in goal's own event? Its stage *i, of
 * whose count *done are over by name (and the trap's own count besides, if the machine is inexact).
 * False: it is not on the way there, or not surely before it. */
bool on_the_way(struct live *l, const struct place *goal, unsigned *i, uint64_t *done)
{
    const struct place *at = l->exact ? &l->here : &l->base;
    *i = *done = 0;
    if (at->event != goal->event || at->mark || at->back || at->n > goal->n) return false;
    for (; *i < at->n; ++*i) {
        const struct segment *is = &at->seg[*i], *should = &goal->seg[*i];
        if (!same_trap(&is->trap, &should->trap) || is->count > should->count) return false;
        if (is->count == should->count) continue;
        if (*i != at->n - 1u) return false;
        *done = is->count;
        break;
    }
    if (l->exact) return *i < goal->n;
    struct armed *a = *i < goal->n && goal->seg[*i].trap.kind != SEG_STEPS
                          ? find_armed(l, &goal->seg[*i].trap)
                          : NULL;
    return a && !a->uncounted && *done + a->count < goal->seg[*i].count;
}

/* Can this machine get to that goal by running forward, and is it before it? */
bool comes_before(const struct target *t, struct live *l, const struct place *goal)
{
    unsigned i;
    uint64_t done, clock = t->clock(l->m);
    if (l->exact && l->here.mark == MARK_END) return false;
    if (goal->mark == MARK_END) return true;
    if (goal->mark == MARK_SIGNAL)
        return clock < goal->event && !(l->exact && same_goal(&l->here, goal));
    if (clock != goal->event) return clock < goal->event;
    return !(l->exact && (l->here.mark || l->here.back)) && on_the_way(l, goal, &i, &done);
}

/* From where `l` stands to trip->goal (whatever its `back`), by its recipe:
 *   1 to the boundary of its event, or its mark      2 each segment in turn */
enum trip_end travel(struct timeline *tl, struct live *l, struct trip *trip)
{
    const struct place *goal = trip->goal;
    enum trip_end end = ARRIVED;
    uint64_t done, first = goal->event - (goal->mark == MARK_SIGNAL);
    unsigned i = 0;
    if (l->exact && same_goal(&l->here, goal) && !l->here.back) return ARRIVED;
    if (tl->t->clock(l->m) < first && goal->mark != MARK_END) { /* 1 */
        live_arm(tl, l, trip->watching, NULL);
        end = run_on(tl, l, trip, first, STOP_EVENT, NULL, 0);
        if (end == ARRIVED && (trip->inclusive || !same_goal(&l->here, goal)))
            note_hit(tl, l, &(struct replay_stop){ .kind = STOP_EVENT }, true, trip);
        if (hits_enough(trip)) end = INTERRUPTED;
    }
    if (end == ARRIVED && goal->mark) {
        live_arm(tl, l, trip->watching, NULL);
        end = run_on(tl, l, trip, goal->mark == MARK_SIGNAL ? goal->event : UINT64_MAX,
                     goal->mark == MARK_SIGNAL ? STOP_SIGNAL : STOP_EXIT, NULL, 0);
        alarm_in(tl->t, 0);
        return end;
    }
    if (end == ARRIVED && goal->n && !on_the_way(l, goal, &i, &done)) end = LOST;
    for (; end == ARRIVED && i < goal->n; i++, done = 0) { /* 2 */
        const struct segment *s = &goal->seg[i];
        live_arm(tl, l, trip->watching, s->trap.kind == SEG_STEPS ? NULL : &s->trap);
        if (l->exact) live_at(tl->t, l, &l->here);
        if (s->trap.kind == SEG_STEPS) end = step_on(tl, l, trip, s->count - done);
        else end = run_on(tl, l, trip, UINT64_MAX, STOP_STEP, &s->trap, s->count - done);
        if (end == ARRIVED && i + 1 < goal->n && !l->exact) end = LOST;
    }
    alarm_in(tl->t, 0);
    return end;
}

/* ---- checkpoints ---- */

/* live forks kept, besides the user's: each costs the pages it alone has */
enum { CHECKPOINTS = 48 };

void drop_checkpoint(struct timeline *tl, struct checkpoint *dead)
{
    struct checkpoint **at = &tl->checkpoints;
    while (*at != dead) at = &(*at)->next;
    *at = dead->next;
    live_free(tl->t, &dead->live);
    free(dead);
}

/* How far in time the nearest other checkpoint before (or after) this one is. */
static double gap(struct timeline *tl, const struct checkpoint *c, bool after)
{
    double nearest = 1e9;
    for (struct checkpoint *o = tl->checkpoints; o; o = o->next) {
        double distance = after ? o->live.age - c->live.age : c->live.age - o->live.age;
        if (o != c && distance >= 0 && distance < nearest) nearest = distance;
    }
    return nearest;
}

/* The one goes first whose loss makes the smallest hole in proportion to its distance from the
 * present. So there are many near the present and ever fewer away from it, exponentially. *count:
 * of those that may go. */
static struct checkpoint *thinnest(struct timeline *tl, size_t *count)
{
    double least = 1e30;
    struct checkpoint *loser = NULL;
    *count = 0;
    for (struct checkpoint *c = tl->checkpoints; c; c = c->next) {
        if (c->number || !c->next) continue; /* the last in the list is the start of history */
        /* approach() makes them, and ends them; they are small */
        if (c->live.exact && c->live.here.back) continue;
        double distance = tl->now.age - c->live.age;
        double loss = (gap(tl, c, false) + gap(tl, c, true) + 1e-6) /
                      ((distance < 0 ? -distance : distance) + 1e-3);
        ++*count;
        if (loss >= least) continue;
        least = loss;
        loser = c;
    }
    return loser;
}

/* What the checkpoints take, in bytes: their shares of all memory, less what is in common with
 * `now`, which would be there without them. */
uint64_t measure_checkpoints(struct timeline *tl)
{
    uint64_t sum = 0, share, whole;
    for (struct checkpoint *c = tl->checkpoints; c; c = c->next) {
        tl->t->share(c->live.m, &share, &whole);
        sum += share;
    }
    tl->t->share(tl->now.m, &share, &whole);
    tl->memory_then = tl->t->grown();
    tl->memory = sum;
    tl->in_common = whole - share < sum ? whole - share : sum;
    return sum - tl->in_common;
}

/* Too much memory: checkpoints go until a quarter of the bound is free, so that this is not to be
 * done again at once. Measuring is slow, so it waits until they could take too much at worst, and
 * several go each time: when one goes, no more than its share becomes free. */
static void bound_memory(struct timeline *tl)
{
    enum { KEEP = 2 };
    uint64_t most = tl->memory_limit, enough = most - most / 4, share, whole;
    uint64_t is = tl->memory - tl->in_common + (tl->t->grown() - tl->memory_then);
    size_t count;
    if (is <= most || (is = measure_checkpoints(tl)) <= most) return;
    do {
        for (uint64_t freed = 0, excess = is - enough; freed < excess; freed += share) {
            struct checkpoint *loser = thinnest(tl, &count);
            if (count <= KEEP) return;
            tl->t->share(loser->live.m, &share, &whole);
            drop_checkpoint(tl, loser);
            if (!share) break;
        }
    } while ((is = measure_checkpoints(tl)) > enough);
}

/* `now` is another machine: what the checkpoints have in common with it is not known. */
void another_present(struct timeline *tl)
{
    tl->in_common = 0;
    bound_memory(tl);
}

/* Too many, or too much. */
static void thin_checkpoints(struct timeline *tl)
{
    size_t count;
    struct checkpoint *loser = thinnest(tl, &count);
    if (count > CHECKPOINTS) drop_checkpoint(tl, loser);
    bound_memory(tl);
}

struct checkpoint *add_checkpoint(struct timeline *tl, const struct live *l, int number)
{
    struct checkpoint *c = must(calloc(1, sizeof *c));
    c->live = live_fork(tl->t, l);
    c->live.voyage = l->voyage;
    c->number = number;
    c->next = tl->checkpoints;
    tl->checkpoints = c;
    return c;
}

/* Makes a checkpoint of where this machine stands, unless there is one already. */
void keep_checkpoint(struct timeline *tl, const struct live *l)
{
    for (struct checkpoint *c = tl->checkpoints; c && l->exact; c = c->next)
        if (c->live.exact && same_place(&c->live.here, &l->here)) return;
    add_checkpoint(tl, l, 0);
    thin_checkpoints(tl);
}

/* Of two machines that are both on the way to `goal`, is `a` the one nearer to it? By name where
 * the names tell, else by age. */
bool nearer(struct timeline *tl, struct live *a, struct live *b, const struct place *goal)
{
    unsigned ia = 0, ib = 0;
    uint64_t ca = tl->t->clock(a->m), cb = tl->t->clock(b->m), da = 0, db = 0;
    if (ca != cb) return ca > cb;
    if (ca == goal->event && !goal->mark && on_the_way(a, goal, &ia, &da) &&
        on_the_way(b, goal, &ib, &db)) {
        if (ia != ib) return ia > ib;
        if (a->exact && b->exact) return da > db;
    }
    return a->age > b->age;
}

/* The checkpoint nearest before `goal`; only those with `exact` positions if so asked. NULL: `goal`
 * is the start of history. */
struct checkpoint *checkpoint_before(struct timeline *tl, const struct place *goal, bool exact)
{
    struct checkpoint *best = NULL;
    for (struct checkpoint *c = tl->checkpoints; c; c = c->next) {
        if (exact && (!c->live.exact || c->live.here.back)) continue;
        if (!comes_before(tl->t, &c->live, goal)) continue;
        if (!best || nearer(tl, &c->live, &best->live, goal)) best = c;
    }
    return best;
}

/* The checkpoint that stands on the goal (but for `back`), or the fewest instructions before it, of
 * those at least goal->back before it. It gets there by single steps. */
struct checkpoint *checkpoint_back(struct timeline *tl, const struct place *goal)
{
    struct checkpoint *best = NULL;
    for (struct checkpoint *c = tl->checkpoints; c; c = c->next) {
        const struct place *at = &c->live.here;
        if (!c->live.exact || !same_goal(at, goal) || at->back < goal->back) continue;
        if (!best || at->back < best->live.here.back) best = c;
    }
    return best;
}

/* ---- going somewhere ---- */

/* Where the clock counts instructions it is easy to leave forks ever nearer to the goal, at 7/8 of
 * the way, of the rest, and so on: the next steps back, of which gdb makes hundreds, are short
 * trips then. */
static void leave_forks(struct timeline *tl, struct live *l, uint64_t goal)
{
    enum { NEAR = 20000 };
    for (uint64_t left = goal - tl->t->clock(l->m); left > NEAR && !cancelled; left /= 8) {
        struct place place = { .event = goal - left / 8 };
        struct trip trip = { .goal = &place, .keep = true };
        if (travel(tl, l, &trip) != ARRIVED) return;
        keep_checkpoint(tl, l);
    }
}

/* A machine at that place, in *l. False: there is no such instant (before the beginning), or
 * cancelled. Where it is likely to be wanted again, it leaves a checkpoint. */
bool bring_to(struct timeline *tl, const struct place *place, struct live *l)
{
    struct checkpoint *c = checkpoint_back(tl, place);
    double began = seconds();
    if (!c && place->back && !(c = approach(tl, place))) return false;
    if (c) {
        *l = live_fork(tl->t, &c->live);
        if (c->live.here.back) live_arm(tl, l, false, NULL);
        for (uint64_t n = c->live.here.back - place->back; n && !cancelled;)
            n -= live_run(tl->t, l, RUN_STEP, UINT64_MAX).kind != STOP_INTERRUPT;
        return !cancelled;
    }
    if (!(c = checkpoint_before(tl, place, false))) return false;
    struct trip trip = { .goal = place, .keep = true };
    *l = live_fork(tl->t, &c->live);
    if (tl->t->exact) leave_forks(tl, l, place->event);
    if (travel(tl, l, &trip) != ARRIVED) {
        snprintf(tl->why, sizeof tl->why, "the position was not found again");
        live_free(tl->t, l);
        return false;
    }
    if (seconds() - began > 0.005) keep_checkpoint(tl, l);
    return true;
}

/* Brings `now` there. False: it stays where it is. */
bool go_to(struct timeline *tl, const struct place *place)
{
    struct live l = { 0 };
    if (!bring_to(tl, place, &l)) return false;
    live_free(tl->t, &tl->now);
    tl->now = l;
    tl->ended = l.here.mark == MARK_END;
    another_present(tl);
    return true;
}
