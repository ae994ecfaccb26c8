/* search.c - the last hit before the present: `reverse-continue`.
 *
 * Problem: only going forward shows where the program hits a breakpoint, and which hit is the last
 * one is known only when the present is reached again. And a loop may hit it a hundred million
 * times, at 25 us each.
 *
 * Guarantee: the last stop that gdb would have heard of before `now`, whatever else there was, in
 * the time that re-executing a span between two checkpoints takes, a few times over.
 *
 * How: from the last checkpoint to the present; if there is nothing, from the one before to that
 * one, and so on. Where a span has more hits than can be stopped at, its beginning is of no
 * interest:
 *
 *     checkpoint                                                             goal
 *         |hhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhh-------------------|
 *         6000 stops: too many                                          nothing here: 1500 steps
 *                                      ^ too many from here, too
 *                                                    ^ and nothing from here
 *                                                 ^ a few from here: H is the last of them
 *
 * Start reading at search().
 */
#include "travel.h"
#include <stdio.h>
#include <stdlib.h>

/* How many hits there are from `now`, an instant without a recipe of its own, to the one it is
 * named by: those a trip to there would note from here on. */
static size_t hits_behind(struct timeline *tl)
{
    struct live l = live_fork(tl->t, &tl->now);
    struct replay_stop stop = { .kind = STOP_STEP };
    struct place goal = l.here;
    size_t hits = is_hit(tl, &l, &stop, true);
    live_arm(tl, &l, true, NULL);
    for (uint64_t n = l.here.back; n && !cancelled;) {
        stop = live_run(tl->t, &l, RUN_STEP, UINT64_MAX);
        if (stop.kind == STOP_INTERRUPT) continue;
        if (--n || goal.n || goal.mark == MARK_SIGNAL || stop.kind == STOP_WATCH)
            hits += is_hit(tl, &l, &stop, l.fresh);
    }
    live_free(tl->t, &l);
    return hits;
}

/* A trip that notes hits, with a queue for those behind. */
static enum trip_end look(struct timeline *tl, struct live *l, struct trip *trip)
{
    trip->queue = must(calloc(trip->behind + 1, sizeof *trip->queue));
    trip->queued = trip->stops = trip->hits = 0;
    enum trip_end end = travel(tl, l, trip);
    free(trip->queue);
    return end;
}

/* ---- a span with too many stops ---- */

/* stops, of 25 to 50 us each: till a span is searched otherwise, which takes some tenths of a second;
 * and when it is */
enum { PATIENCE = 6000, LOOK = 2000 };

/* Running through it without stopping is quick: do that, leaving checkpoints, and one at the last
 * event before goal, so that its last part can be searched first. */
static void divide_span(struct timeline *tl, struct checkpoint *c, const struct place *goal)
{
    struct place last = { .event = goal->event - 1 };
    struct trip trip = { .goal = tl->t->exact ? goal : &last, .keep = true };
    struct live l = live_fork(tl->t, &c->live);
    double usually = tl->keep_every;
    tl->keep_every = KEEP_EVERY / 20;
    if (travel(tl, &l, &trip) == ARRIVED && !tl->t->exact) keep_checkpoint(tl, &l);
    tl->keep_every = usually;
    live_free(tl->t, &l);
}

/* Where there are that many hits, the last one is likely to be near. So steps through the last
 * instructions before trip's goal (or before `now`, if goal is what it is named by), from an
 * instant known to be so many before. False: there is no hit among them, or history does not go
 * back that far. */
static bool search_end(struct timeline *tl, struct trip *trip)
{
    enum { WINDOW = 1500 };
    bool to_now = !trip->inclusive;
    struct trip rest = { .goal = trip->goal, .watching = true, .inclusive = true,
                         .behind = to_now ? 0 : trip->behind };
    struct place end = to_now ? tl->now.here : *trip->goal, from = *trip->goal;
    struct live l = { 0 };
    from.back = end.back + WINDOW;
    if (tl->t->exact || !bring_to(tl, &from, &l)) return false;
    live_arm(tl, &l, true, NULL);
    rest.queue = must(calloc(rest.behind + 1, sizeof *rest.queue));
    for (int left = WINDOW; left && !cancelled;) {
        struct replay_stop stop = live_run(tl->t, &l, RUN_STEP, UINT64_MAX);
        if (stop.kind == STOP_INTERRUPT) continue;
        if (--left == 0) live_at(tl->t, &l, &end);
        if (left || !to_now || stop.kind == STOP_WATCH) /* a breakpoint at `now` is not before it */
            note_hit(tl, &l, &stop, l.fresh, &rest);
    }
    free(rest.queue);
    live_free(tl->t, &l);
    trip->last = rest.last;
    return rest.last.found && !cancelled;
}

/* Looks at what is between *mid and trip's goal. If hits are found there, and no more than can be
 * stopped at, *mid goes to the last. */
static enum trip_end search_rest(struct timeline *tl, struct live *mid, struct trip *trip)
{
    struct live probe = live_fork(tl->t, mid);
    enum trip_end end = look(tl, &probe, trip);
    live_free(tl->t, &probe);
    if (end != ARRIVED || !trip->last.found) return end;
    keep_checkpoint(tl, mid); /* not far before it: it will be wanted */
    struct trip again = { .goal = trip->goal, .watching = true, .inclusive = trip->inclusive,
                          .behind = trip->behind, .most = trip->last_is };
    end = look(tl, mid, &again);
    return end == INTERRUPTED && !cancelled ? ARRIVED : LOST;
}

/* Leaves machines on the way to trip's goal, near[i] some `left`[i] seconds before it, if that is on
 * the way at all; near[RUNGS - 1] at the beginning. */
enum { RUNGS = 5 };
static void make_ladder(struct timeline *tl, const struct trip *trip, struct live near[RUNGS],
                        double left[RUNGS])
{
    struct live *first = &near[RUNGS - 1];
    struct trip whole = { .goal = trip->goal }, part = { .goal = trip->goal, .impatient = true };
    *first = live_fork(tl->t, &checkpoint_before(tl, trip->goal, true)->live);
    struct live l = live_fork(tl->t, first);
    double began = seconds();
    travel(tl, &l, &whole);
    double rest = left[RUNGS - 1] = seconds() - began;
    live_free(tl->t, &l);
    l = live_fork(tl->t, first);
    for (int i = RUNGS - 1; i-- > 0 && !cancelled;) {
        left[i] = 1e-3 * (1 << 3 * i); /* 1, 8, 64, 512 ms */
        if (left[i] > rest * 0.9) continue;
        alarm_in(tl->t, rest - left[i]);
        bool on_the_way = travel(tl, &l, &part) == INTERRUPTED;
        alarm_in(tl->t, 0);
        if (!on_the_way) break;
        near[i] = live_fork(tl->t, &l);
        rest = left[i];
    }
    live_free(tl->t, &l);
}

/* Is the last hit behind *mid? FEW: yes, and *mid went to it. */
enum amount { NONE, FEW, MANY, UNKNOWN };
static enum amount search_behind(struct timeline *tl, struct trip *trip, struct live *mid,
                                 uint64_t patience)
{
    struct trip rest = { .goal = trip->goal, .watching = true, .inclusive = trip->inclusive,
                         .behind = trip->behind, .patience = patience };
    enum trip_end end = search_rest(tl, mid, &rest);
    trip->last = rest.last;
    if (cancelled || end == LOST) return UNKNOWN;
    return end == INTERRUPTED ? MANY : rest.last.found ? FEW : NONE;
}

/* Where the last of too many hits is not that near, and no event between: looks from instants ever
 * farther from goal until it is behind one of them, and then from those between that one and the one
 * before; a timer finds them. The hit has no recipe then: a machine stands there. False: not
 * found. */
static bool search_middle(struct timeline *tl, struct trip *trip, struct live *there)
{
    enum { TRIES = 200, COARSE = 30 };
    /* a timer is hardly any better than this: more hits must do; and does nothing in less */
    const double fine = 200e-6, finest = 10e-6;
    struct live near[RUNGS] = { 0 }, from = { 0 };
    double left[RUNGS], none = 0, delay = 0;
    int many = 0;
    enum amount amount = tl->t->exact ? UNKNOWN : NONE;
    if (amount == NONE) make_ladder(tl, trip, near, left);
    for (int i = 0; i < RUNGS && amount == NONE; i++) {
        if (!near[i].m) continue;
        amount = search_behind(tl, trip, &near[i], LOOK);
        delay = (left[i] - none) / 2;
        none = left[i];
        if (amount != FEW && amount != MANY) continue;
        from = near[i];
        near[i].m = NULL;
    }
    for (int i = 0; i < RUNGS; i++)
        if (near[i].m) live_free(tl->t, &near[i]);
    for (int i = 0; i < TRIES && from.m && amount != FEW && amount != UNKNOWN; i++) {
        struct live mid = live_fork(tl->t, &from);
        struct trip on = { .goal = trip->goal, .impatient = true };
        alarm_in(tl->t, delay);
        bool on_the_way = travel(tl, &mid, &on) == INTERRUPTED;
        alarm_in(tl->t, 0);
        amount = cancelled ? UNKNOWN : NONE;
        if (on_the_way && !cancelled)
            amount = search_behind(tl, trip, &mid,
                                   LOOK * (delay > fine ? 1 : i < COARSE ? 4 : 20));
        /* too far; nearer; and again, so the timer is wrong about how far it is (a busy machine) */
        many = amount == MANY ? many + 1 : 0;
        delay *= amount == NONE ? 0.5 : many == 1 ? 0.7 : 1.5;
        if (delay < finest) delay = finest;
        struct live passed = amount == FEW || amount == MANY ? from : mid;
        if (passed.m == from.m) from = mid;
        live_free(tl->t, &passed);
    }
    if (amount == FEW) *there = from;
    else live_free(tl->t, &from);
    return amount == FEW;
}

/* A span that ends at trip's goal has too many stops. Cases:
 *   1 there are events in it: it is divided, and the search goes on
 *   2 the last hit is near      3 or somewhere in it: true
 *   4 hardly any are hits (conditions are false where no probe can tell): *patient, and the search
 *     goes on */
static bool search_crowd(struct timeline *tl, struct trip *trip, struct checkpoint **divided,
                         bool *patient, struct live *there)
{
    struct checkpoint *c = checkpoint_before(tl, trip->goal, true);
    bool hits = trip->last.found, found = false;
    if (c != *divided && tl->t->clock(c->live.m) + 1 < trip->goal->event) { /* 1 */
        *divided = c;
        divide_span(tl, c, trip->goal);
    } else {
        found = hits && (search_end(tl, trip) ||            /* 2 */
                         search_middle(tl, trip, there)); /* 3 */
        *patient = !found; /* 4 */
    }
    trip->last.found = found;
    return found;
}

/* ---- the search ---- */

/* The last hit before `now`, span by span, as in idea 2. Each span is searched from an exact
 * checkpoint to the one after it, the first one to where we stand. The hit may have no recipe, and
 * then *there stands at it. */
struct hit search(struct timeline *tl, struct live *there)
{
    struct place goal = tl->now.here;
    struct trip trip = { .goal = &goal, .watching = true, .keep = true };
    struct checkpoint *c, *divided = NULL;
    bool patient = false;
    if (goal.back) trip.behind = hits_behind(tl);
    if (tl->led && !goal.n) trip.behind++; /* else it is known by its name: note_hit() */
    goal.back = 0;
    while (!cancelled && !trip.last.found && (c = checkpoint_before(tl, &goal, true))) {
        struct place start = c->live.here;
        struct live l = live_fork(tl->t, &c->live);
        trip.patience = patient ? 0 : PATIENCE;
        enum trip_end end = look(tl, &l, &trip);
        live_free(tl->t, &l);
        if (end == INTERRUPTED && !cancelled) {
            if (search_crowd(tl, &trip, &divided, &patient, there)) break;
            continue;
        }
        if (end == LOST)
            snprintf(tl->why, sizeof tl->why, "a span of history could not be searched");
        if (end != ARRIVED) break;
        trip.behind -= trip.queued < trip.behind ? trip.queued : trip.behind;
        trip.inclusive = true;
        patient = false;
        goal = start;
    }
    return trip.last;
}
