/* before.c - the instant before a given one.
 *
 * Problem: a step back needs "the instruction before P", which has no recipe that begins before it:
 * nobody knows how many instructions there are between any earlier instant and P.
 *
 * Guarantee: approach() yields a machine that stands known to be so and so many instructions before
 * P, at least as many as asked for and few more, however long the stretch that ends at P is.
 *
 * How: take any instant Q a little before P, single-step from Q to P, counting: m steps. Now the
 * instant before P is "Q and m - 1 steps"; and as a name that outlives Q: "1 instruction before P".
 * Q is found by running towards P and being interrupted by a timer shortly before; again and again,
 * each time from the last fork, until P is near. A timer gets no nearer than some ten thousand
 * instructions; then counting an address that comes seldom does. On the last stage forks are kept
 * (they too are "so and so many instructions before P"), which makes the next step back cheap: gdb
 * makes hundreds.
 *
 *          C ------------------------- Q1 ---------- Q2 --- Q ......|...... P
 *                  timer                    timer    count     \__ single-stepped
 *
 * A machine with an exact clock (the ARM guest counts its instructions) needs none of this: its
 * recipe is "clock = n", and the instant before is n - 1.
 *
 * Start reading at approach().
 */
#include "travel.h"
#include <stdio.h>
#include <stdlib.h>

/* ---- the instant before ---- */

/* Moves along goal's recipe by single steps only, counting them: at most `max`. It is there when
 * the machine stands at goal by name; on the way the traps of the recipe are counted by hand. True:
 * there. Every FORK_EVERY steps a fork is put into `forks` (a ring), with the number of steps
 * made. */
enum { FORK_EVERY = 256, FORKS = 16 };
struct fork_at { struct live live; uint64_t steps; };

static bool step_towards(struct timeline *tl, struct live *l, const struct place *goal,
                         uint64_t max, uint64_t *steps, struct fork_at forks[FORKS])
{
    unsigned i;
    uint64_t done;
    for (uint64_t end = *steps + max; !cancelled;) {
        if (l->exact) {
            if (same_goal(&l->here, goal) && !l->here.back) return true;
            bool near = on_the_way(l, goal, &i, &done);
            bool counts = near && goal->seg[i].trap.kind != SEG_STEPS;
            /* else: a trap not of goal's recipe was sprung */
            if (near || tl->t->clock(l->m) != goal->event)
                live_arm(tl, l, false, counts ? &goal->seg[i].trap : NULL);
            if (counts) {
                live_at(tl->t, l, &l->here);
                struct armed *a = find_armed(l, &goal->seg[i].trap);
                if (a && a->count) { /* a boundary where rule 1 has counted one */
                    live_name(l, a);
                    if (a->count >= goal->seg[i].count - done) continue;
                }
            }
            l->exact = near && !counts;
        }
        if (*steps == end) return false;
        if (forks && *steps % FORK_EVERY == 0) {
            struct fork_at *f = &forks[*steps / FORK_EVERY % FORKS];
            live_free(tl->t, &f->live);
            *f = (struct fork_at){ live_fork(tl->t, l), *steps };
        }
        struct replay_stop stop = live_run(tl->t, l, RUN_STEP, UINT64_MAX);
        if (stop.kind != STOP_INTERRUPT) ++*steps;
        if (stop.kind == STOP_EXIT && !same_goal(&l->here, goal)) return false;
    }
    return false;
}

static void free_forks(struct timeline *tl, struct fork_at forks[FORKS])
{
    for (int i = 0; i < FORKS; i++) live_free(tl->t, &forks[i].live);
}

/* The forks made on m steps to `goal` become checkpoints, for now it is known where each of them
 * stands: so many instructions before goal. */
static void keep_forks(struct timeline *tl, const struct place *goal, uint64_t m,
                       struct fork_at forks[FORKS])
{
    for (int i = 0; i < FORKS; i++) {
        struct live *l = &forks[i].live;
        if (!l->m) continue;
        struct place at = *goal;
        at.back = m - forks[i].steps;
        live_arm(tl, l, false, NULL);
        live_at(tl->t, l, &at);
        if (at.back) add_checkpoint(tl, l, 0);
        live_free(tl->t, l);
    }
}

/* Runs from `l` towards goal and stops somewhere before it, nearer than it was: half the time it
 * takes, then half of the rest, until `margin` seconds are left. *l stays before goal always.
 * False: goal was not found. */
static bool get_near(struct timeline *tl, struct live *l, const struct place *goal, double margin)
{
    enum { TRIES = 40 };
    struct trip trip = { .goal = goal };
    double began = seconds(), left, delay;
    struct live probe = live_fork(tl->t, l);
    bool there = travel(tl, &probe, &trip) == ARRIVED;
    left = seconds() - began;
    live_free(tl->t, &probe);
    if (!there) return false;
    delay = left / 2;
    trip.impatient = true;
    for (int i = 0; i < TRIES && delay > 2e-6 && left > margin && !cancelled; i++) {
        probe = live_fork(tl->t, l);
        began = seconds();
        alarm_in(tl->t, delay);
        enum trip_end end = travel(tl, &probe, &trip);
        if (end == INTERRUPTED) {
            left -= seconds() - began;
            delay = left > margin ? left / 2 : 0;
            struct live behind = *l;
            *l = probe;
            probe = behind;
        } else { /* it took no longer than that */
            if (seconds() - began < left) left = seconds() - began;
            delay = delay / 2 < left / 2 ? delay / 2 : left / 2;
        }
        live_free(tl->t, &probe);
    }
    alarm_in(tl->t, 0);
    return true;
}

/* A trip of *l to goal with a breakpoint at pc besides; *tallied: how often that was reached. */
static enum trip_end tally(struct timeline *tl, struct live *l, const struct place *goal,
                           uint64_t pc, uint64_t enough, uint64_t *tallied)
{
    if (tl->t->tally && tl->t->tally(l->m, pc, enough)) {
        struct trip fast = { .goal = goal, .impatient = true };
        enum trip_end end = travel(tl, l, &fast);
        *tallied = tl->t->tallied(l->m);
        tl->t->tally(l->m, 0, 0);
        return end;
    }
    struct trap trap = { .kind = SEG_ARRIVE, .addr = pc };
    struct trip trip = { .goal = goal, .tally = &trap, .enough = enough };
    tl->tally = &trap;
    enum trip_end end = travel(tl, l, &trip);
    tl->tally = NULL;
    if (end == INTERRUPTED) l->exact = false; /* on the way to goal, and named by nothing else */
    bool of_goal = false;
    for (unsigned i = 0; i < goal->n; i++) of_goal |= same_trap(&goal->seg[i].trap, &trap);
    if (!of_goal && find_armed(l, &trap)) live_disarm(tl->t, l, find_armed(l, &trap) - l->armed);
    *tallied = trip.tallied;
    return end;
}

/* Is this machine `back` or more instructions before goal? Steps a copy to see. */
static bool far_enough(struct timeline *tl, const struct live *l, const struct place *goal,
                       uint64_t back)
{
    uint64_t steps = 0;
    struct live ahead = live_fork(tl->t, l);
    bool there = step_towards(tl, &ahead, goal, back, &steps, NULL);
    live_free(tl->t, &ahead);
    return (!there || steps == back) && !cancelled;
}

/* The addresses a machine came to in some hundred steps. */
enum { WINDOW = 300 };
struct window {
    uint64_t pc[WINDOW];
    size_t n;
};

/* Which of them occurs least often, of those that can be counted fast, if any can? *times: how
 * often. */
static uint64_t rarest(struct timeline *tl, struct machine *m, const struct window *w,
                       size_t *times)
{
    uint64_t best = 0;
    bool best_fast = false;
    *times = SIZE_MAX;
    for (size_t i = 0; i < w->n; i++) {
        size_t count = 0, first = 0;
        while (w->pc[first] != w->pc[i]) first++;
        for (size_t j = i; j < w->n; j++) count += w->pc[j] == w->pc[i];
        if (first < i || (best_fast && count >= *times)) continue;
        bool fast = tl->t->tally && tl->t->tally(m, w->pc[i], 0);
        if (fast > best_fast || (fast == best_fast && count < *times)) {
            *times = count;
            best = w->pc[i];
            best_fast = fast;
        }
    }
    if (tl->t->tally) tl->t->tally(m, 0, 0);
    return best;
}

/* From *l, where the addresses of the window were last seen, on to one of the last times one of
 * them comes before goal, if it is `back` or more instructions before it. Tries first to leave
 * about as many as that. False: they come so often that stopping at them leads nowhere. */
static bool leap(struct timeline *tl, struct live *l, const struct place *goal, uint64_t back,
                 const struct window *w)
{
    enum { MANY = 3000 }; /* that often at most where each time is a stop */
    size_t times;
    uint64_t pc = rarest(tl, l->m, w, &times), total, passed, skip;
    bool fast = tl->t->tally && tl->t->tally(l->m, pc, 0);
    struct live further = live_fork(tl->t, l);
    enum trip_end end = tally(tl, &further, goal, pc, fast ? 0 : MANY, &total);
    if (end == INTERRUPTED) total += 1; /* it stands at one of them, which is not the last */
    skip = (back + WINDOW) * times / WINDOW;
    if (skip >= total || end == INTERRUPTED) skip = 0;
    /* (UINT64_MAX: no probe after all) */
    while (total != UINT64_MAX && skip < total && !cancelled) {
        if (end == ARRIVED) {
            live_free(tl->t, &further);
            further = live_fork(tl->t, l);
            tally(tl, &further, goal, pc, total - skip, &passed);
        }
        if (far_enough(tl, &further, goal, back)) {
            struct live behind = *l;
            *l = further;
            further = behind;
            break;
        }
        skip = skip * 4 + 1;
        end = ARRIVED;
    }
    live_free(tl->t, &further);
    return fast || total <= MANY;
}

/* A timer gets no nearer than some ten thousand instructions, and stepping is slow. So: step a few
 * hundred, take the address that came least often, and count how often it comes until the goal;
 * then go on to one of the last of those times. There the program may do something else (a loop is
 * over, and the next one begins): so again, until goal is a window away, or nothing can be counted
 * and single steps must do. *l stays `back` or more before goal. False: it still is not. */
static bool close_in(struct timeline *tl, struct live *l, const struct place *goal, uint64_t back)
{
    enum { ROUNDS = 60 };
    for (int round = 0; round < ROUNDS && !cancelled; round++) {
        struct window w = { .n = 0 };
        uint64_t steps = 0;
        struct live ahead = live_fork(tl->t, l);
        while (w.n < WINDOW && !step_towards(tl, &ahead, goal, 1, &steps, NULL) && !cancelled)
            w.pc[w.n++] = tl->t->pc(ahead.m);
        if (w.n < WINDOW || !far_enough(tl, &ahead, goal, back)) { /* that near already */
            live_free(tl->t, &ahead);
            return !cancelled;
        }
        bool nearer = leap(tl, &ahead, goal, back, &w);
        live_free(tl->t, l);
        *l = ahead;
        if (!nearer) return !cancelled;
    }
    return false;
}

/* The latest checkpoint before `goal` that is not known to be less than goal->back before it. */
static struct checkpoint *origin_before(struct timeline *tl, const struct place *goal,
                                        double oldest)
{
    struct checkpoint *best = NULL;
    struct place end = *goal;
    end.back = 0;
    for (struct checkpoint *c = tl->checkpoints; c; c = c->next) {
        const struct place *at = &c->live.here;
        if ((c->next && c->live.age >= oldest) ||
            (c->live.exact && at->back && same_goal(at, goal)))
            continue;
        if (!comes_before(tl->t, &c->live, &end)) continue;
        if (!best || nearer(tl, &c->live, &best->live, &end)) best = c;
    }
    return best;
}

/* Moves *l, which is far enough before goal, to the last boundary of an event that is, too,
 * roughly: boundaries are found for certain, while what a timer does with a hundred short stretches
 * depends on the machine's load. */
static void skip_events(struct timeline *tl, struct live *l, const struct place *goal,
                        uint64_t back)
{
    /* a mark comes before the boundary of its event */
    uint64_t last = goal->event - (goal->mark != MARK_NONE);
    for (uint64_t before = 512; !tl->t->exact && !cancelled; before /= 8) {
        struct place boundary = { .event = last - before };
        struct trip trip = { .goal = &boundary };
        if (last >= before && tl->t->clock(l->m) < boundary.event) {
            struct live ahead = live_fork(tl->t, l);
            if (travel(tl, &ahead, &trip) == ARRIVED && far_enough(tl, &ahead, goal, back)) {
                struct live behind = *l;
                *l = ahead;
                ahead = behind;
            }
            live_free(tl->t, &ahead);
        }
        if (!before) break;
    }
}

/* Brings *l, which is far enough before goal, near to it: first by events and a timer, with some
 * `margin` if it would be too near else, then by counting. False: goal was not found. */
static bool come_near(struct timeline *tl, struct live *l, const struct place *goal, uint64_t back)
{
    enum { TRIES = 20 };
    double margin = 0;
    skip_events(tl, l, goal, back);
    for (int tries = 0; tries < TRIES && !cancelled; tries++) {
        struct live near = live_fork(tl->t, l);
        bool found = get_near(tl, &near, goal, margin),
             far = found && far_enough(tl, &near, goal, back);
        if (far) {
            struct live behind = *l;
            *l = near;
            near = behind;
        }
        live_free(tl->t, &near);
        if (!found) return false;
        if (!far) margin = margin ? margin * 8 : 100e-6;
        else if (close_in(tl, l, goal, back)) break;
    }
    return !cancelled;
}

/* Makes sure that a checkpoint stands goal->back or more instructions before goal, few more, from
 * where single steps lead to it. From the nearest checkpoint that is far enough, if it is a few
 * steps away; else from an instant between the two. NULL: history does not go back that far. */
struct checkpoint *approach(struct timeline *tl, const struct place *goal)
{
    enum { NEAR = 600, FAR = 60000 };
    struct place end = *goal;
    struct checkpoint *c;
    struct live l;
    uint64_t steps = 0;
    struct fork_at forks[FORKS] = { 0 };
    double oldest = 1e30;
    end.back = 0;
    for (struct checkpoint *k = tl->checkpoints, *next; k; k = next) {
        next = k->next;
        if (k->live.exact && k->live.here.back && !k->number) drop_checkpoint(tl, k);
    }
    for (;;) {
        if (!(c = origin_before(tl, goal, oldest))) return NULL;
        l = live_fork(tl->t, &c->live);
        if (far_enough(tl, &l, &end, goal->back)) break;
        live_free(tl->t, &l);
        if (!c->next || cancelled) return NULL; /* fewer even from the very start */
        oldest = c->live.age;
    }
    bool there = step_towards(tl, &l, &end, NEAR, &steps, forks);
    if (!there && !cancelled) {
        free_forks(tl, forks);
        live_free(tl->t, &l);
        l = live_fork(tl->t, &c->live);
        steps = 0;
        if (come_near(tl, &l, &end, goal->back))
            while (!(there = step_towards(tl, &l, &end, FAR, &steps, forks)) &&
                   tl->t->clock(l.m) <= end.event)
                if (cancelled) break;
    }
    if (!there && !cancelled) snprintf(tl->why, sizeof tl->why, "the position was not found again");
    if (there) keep_forks(tl, &end, steps, forks);
    free_forks(tl, forks);
    live_free(tl->t, &l);
    return there ? checkpoint_back(tl, goal) : NULL;
}

/* The recipe for the instant before p. False: p is the beginning. */
bool place_before(struct timeline *tl, struct place *p)
{
    if (same_place(p, &tl->beginning)) return false;
    if (tl->t->exact) {
        *p = (struct place){ .event = p->event - 1 };
    } else if (p->n && !p->back && p->seg[p->n - 1].trap.kind == SEG_STEPS) {
        if (--p->seg[p->n - 1].count == 0) p->n--;
    } else {
        p->back++;
    }
    return true;
}
