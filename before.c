/* before.c - the instant before a given one.
 *
 * Problem: a step back needs "the instruction before P", which has no recipe that begins before it:
 * nobody knows how many instructions there are between any earlier instant and P.
 *
 * Guarantee: approach() yields a machine that stands known to be so and so many instructions before P, at
 * least as many as asked for and few more, however long the stretch that ends at P is.
 *
 * How: take any instant Q a little before P, single-step from Q to P, counting: m steps. Now the instant
 * before P is "Q and m - 1 steps"; and as a name that outlives Q: "1 instruction before P". Q is found by
 * running towards P and being interrupted by a timer shortly before; again and again, each time from the
 * last fork, until P is near. A timer gets no nearer than some ten thousand instructions; then counting an
 * address that comes seldom does. On the last stage forks are kept (they too are "so and so many
 * instructions before P"), which makes the next step back cheap: gdb makes hundreds.
 *
 *          C ------------------------- Q1 ---------- Q2 --- Q ......|...... P
 *                  timer                    timer    count     \__ single-stepped
 *
 * A machine with an exact clock (the ARM guest counts its instructions) needs none of this: its recipe is
 * "clock = n", and the instant before is n - 1.
 *
 * Start reading at approach().
 */
#include "travel.h"
#include <stdio.h>
#include <stdlib.h>

/* ---- the instant before ---- */

/* Moves along goal's recipe by single steps only, counting them: at most `max`. It is there when the
 * machine stands at goal by name; on the way the traps of the recipe are counted by hand. True: there.
 * Every FORK_EVERY steps a fork is put into `forks` (a ring), with the number of steps made. */
enum { FORK_EVERY = 256, FORKS = 16 };
struct fork_at { struct live live; uint64_t steps; };

static bool step_towards(struct timeline *tl, struct live *l, const struct place *goal, uint64_t max,
                         uint64_t *steps, struct fork_at forks[FORKS])
{
    unsigned i;
    uint64_t done;
    for (uint64_t end = *steps + max; !cancelled;) {
        if (l->exact) {
            if (same_goal(&l->here, goal) && !l->here.back) return true;
            bool near = on_the_way(l, goal, &i, &done);
            bool counts = near && goal->seg[i].trap.kind != SEG_STEPS;
            if (near || tl->t->clock(l->m) != goal->event) /* else: a trap not of goal's recipe was sprung */
                live_arm(tl, l, false, counts ? &goal->seg[i].trap : NULL);
            if (counts) {
                live_at(tl->t, l, &l->here);
                struct armed *a = find_armed(l, &goal->seg[i].trap);
                if (a && a->count) { /* a boundary where rule 1 has counted one */
                    a->count--;
                    live_sprung(l, a);
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

/* The forks made on m steps to `goal` become checkpoints, for now it is known where each of them
 * stands: so many instructions before goal. */
static void keep_forks(struct timeline *tl, const struct place *goal, uint64_t m, struct fork_at forks[FORKS])
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
 * takes, then half of the rest, until `margin` seconds are left. *l stays before goal always. False: goal
 * was not found. */
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
static enum trip_end tally(struct timeline *tl, struct live *l, const struct place *goal, uint64_t pc, uint64_t enough,
                           uint64_t *tallied)
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

/* Which of these addresses occurs least often, of those that can be counted fast, if any can? *times: how often. */
static uint64_t rarest(struct timeline *tl, struct machine *m, const uint64_t *pcs, size_t n, size_t *times)
{
    uint64_t best = 0;
    bool best_fast = false;
    *times = SIZE_MAX;
    for (size_t i = 0; i < n; i++) {
        size_t count = 0;
        for (size_t j = 0; j < n; j++) count += pcs[j] == pcs[i];
        if (best_fast && count >= *times) continue;
        bool fast = tl->t->tally && tl->t->tally(m, pcs[i], 0);
        if (fast > best_fast || (fast == best_fast && count < *times)) {
            *times = count;
            best = pcs[i];
            best_fast = fast;
        }
    }
    if (tl->t->tally) tl->t->tally(m, 0, 0);
    return best;
}

/* Do so many single steps from `l`, which stays, lead to the goal? */
static bool within(struct timeline *tl, struct live *l, const struct place *goal, uint64_t want)
{
    uint64_t steps = 0;
    struct live ahead = live_fork(tl->t, l);
    bool is = step_towards(tl, &ahead, goal, want, &steps, NULL);
    live_free(tl->t, &ahead);
    return is;
}

/* A timer gets no nearer than some ten thousand instructions, and stepping is slow. So: step a few
 * hundred, take the address that came least often, and count how often it comes until the goal; then stop at
 * one of the last of those times, such that about `want` instructions are left. *l stays before goal. False:
 * after ROUNDS times MANY arrivals there was no end to be seen. */
static bool close_in(struct timeline *tl, struct live *l, const struct place *goal, uint64_t want)
{
    enum { WINDOW = 300, ROUNDS = 12, MANY = 3000 };
    for (int round = 0; round < ROUNDS && !cancelled; round++) {
        uint64_t pcs[WINDOW], steps = 0, total, skip;
        size_t n = 0, times;
        struct live ahead = live_fork(tl->t, l), further;
        while (n < WINDOW && !step_towards(tl, &ahead, goal, 1, &steps, NULL) && !cancelled)
            pcs[n++] = tl->t->pc(ahead.m);
        if (n < WINDOW) { /* that near already */
            live_free(tl->t, &ahead);
            return true;
        }
        uint64_t pc = rarest(tl, ahead.m, pcs, n, &times);
        further = live_fork(tl->t, &ahead);
        bool fast = tl->t->tally && tl->t->tally(further.m, pc, 0);
        enum trip_end end = tally(tl, &further, goal, pc, fast ? 0 : MANY, &total);
        if (end == ARRIVED && total == UINT64_MAX) { /* no probe after all */
            live_free(tl->t, &ahead);
            live_free(tl->t, &further);
            return false;
        }
        skip = want * times / WINDOW + 1;
        bool few = end == ARRIVED && total && total <= skip; /* the goal is near, or beyond the last of them */
        if (end == ARRIVED && total) {
            live_free(tl->t, &further);
            further = live_fork(tl->t, &ahead);
            end = tally(tl, &further, goal, pc, few ? total : total - skip, &total);
        }
        bool near = few && (end != INTERRUPTED || within(tl, &further, goal, want));
        bool progress = end == INTERRUPTED && !near && !cancelled;
        if (progress || (end == ARRIVED && !total && steps < want)) {
            struct live behind = *l;
            *l = progress ? further : ahead;
            if (progress) further = behind;
            else ahead = behind;
        }
        live_free(tl->t, &ahead);
        live_free(tl->t, &further);
        if (near || !(progress || !total)) return near;
    }
    return false;
}

/* Moves *l to an event so many before the goal's, if it is not further already: boundaries are found for
 * certain, while what a timer does with a hundred short stretches depends on the machine's load. */
static void skip_events(struct timeline *tl, struct live *l, const struct place *goal, uint64_t before)
{
    if (goal->event < before || tl->t->clock(l->m) >= goal->event - before) return;
    struct place boundary = { .event = goal->event - before };
    struct trip trip = { .goal = &boundary };
    struct live ahead = live_fork(tl->t, l), behind = *l;
    if (travel(tl, &ahead, &trip) == ARRIVED) {
        *l = ahead;
        ahead = behind;
    }
    live_free(tl->t, &ahead);
}

/* The latest checkpoint before `goal` that is not known to be less than goal->back before it. */
static struct checkpoint *origin_before(struct timeline *tl, const struct place *goal, double oldest)
{
    struct checkpoint *best = NULL;
    struct place end = *goal;
    end.back = 0;
    for (struct checkpoint *c = tl->checkpoints; c; c = c->next) {
        const struct place *at = &c->live.here;
        if ((c->next && c->live.age >= oldest) || (c->live.exact && at->back && same_goal(at, goal))) continue;
        if (!comes_before(tl->t, &c->live, &end)) continue;
        if (!best || nearer(tl, &c->live, &best->live, &end)) best = c;
    }
    return best;
}

/* Makes sure that a checkpoint stands goal->back or more instructions before goal, few more, from
 * where single steps lead to it. First from the nearest checkpoint, if it is a few steps away; then
 * from an instant got near to by a timer; if that was too near, by a wider margin, and at last
 * from an older checkpoint. NULL: history does not go back that far. */
struct checkpoint *approach(struct timeline *tl, const struct place *goal)
{
    enum { NEAR = 600, FAR = 60000, TRIES = 20 };
    static const double FIRST_MARGIN = 100e-6;
    struct place end = *goal;
    double oldest = 1e30, margin = 0;
    end.back = 0;
    for (struct checkpoint *c = tl->checkpoints, *next; c; c = next) {
        next = c->next;
        if (c->live.exact && c->live.here.back && !c->number) drop_checkpoint(tl, c);
    }
    while (!cancelled) {
        struct fork_at forks[FORKS] = { 0 };
        struct checkpoint *c = origin_before(tl, goal, oldest), *found;
        uint64_t steps = 0;
        if (!c) return NULL;
        struct live l = live_fork(tl->t, &c->live);
        bool near = !margin, found_again = true;
        if (margin && !tl->t->exact) skip_events(tl, &l, &end, margin / FIRST_MARGIN);
        for (int tries = 0; tries < TRIES && !near && found_again && !cancelled; tries++) {
            found_again = get_near(tl, &l, &end, margin);
            near = found_again && close_in(tl, &l, &end, goal->back + 500);
        }
        if (!found_again) {
            if (!cancelled) snprintf(tl->why, sizeof tl->why, "the position was not found again");
            live_free(tl->t, &l);
            return NULL;
        }
        bool moved = !l.exact;
        bool there = step_towards(tl, &l, &end, margin ? FAR : NEAR, &steps, forks);
        while (margin && !there && !cancelled && tl->t->clock(l.m) <= end.event)
            there = step_towards(tl, &l, &end, FAR, &steps, forks);
        if (there) keep_forks(tl, &end, steps, forks);
        for (int i = 0; i < FORKS; i++) live_free(tl->t, &forks[i].live);
        live_free(tl->t, &l);
        if (there && (found = checkpoint_back(tl, goal))) return found;
        if (there && !moved) {
            if (!c->next) return NULL; /* fewer even from the very start */
            oldest = c->live.age;
            margin = 0;
        } else {
            margin = margin ? margin * 8 : FIRST_MARGIN;
        }
    }
    return NULL;
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
