/* timeline.c - positions, checkpoints, and running backwards.
 *
 * Problem: a process cannot run backwards. All we have is a machine that re-executes exactly, can be
 * forked in a tenth of a millisecond, and stops at breakpoints, watchpoints and after single steps. And
 * there is no instruction counter to say *where* in a run one stands.
 *
 * Guarantee: every command of gdb's moves to the instant it would have moved to had somebody
 * counted instructions: backwards over anything, any number of times, and forwards again through the
 * same states. It costs in proportion to the distance, not to the length of the recording.
 *
 * How: three ideas.
 *
 * 1. A position is a recipe. "Event 312; from there the 5th arrival at 0x401136; from there 3
 *    instructions." It is exact by construction: following it needs a breakpoint and counting, and a
 *    deterministic machine ends up at the same instant each time. Every stop has a recipe for free,
 *    because it was found by a breakpoint being hit (count it) or by a step being made (count it).
 *
 *              event 311          event 312              event 313
 *     ------------|------------------|--a----a--a---a--a-.-.-.-----|------------->  time
 *                                       1    2  3   4  5  \_|_/
 *                                                          3 steps:  P
 *
 * 2. Going back is going forward again, from a checkpoint (a fork of the machine), with breakpoints
 *    armed, remembering the last hit. `reverse-continue` from P:
 *
 *          C'' ---------- C' ------------------- C ------- P
 *                                                |---?---->|   search C to P; hits: none
 *                         |---h-----h----H------>|             search C' to C: H is the last one
 *                         |------------->|                     go to H by its recipe; done
 *
 * 3. A step back needs "the instruction before P", which has no recipe that begins before it. So take
 *    any instant Q a little before P, single-step from Q to P, counting: m steps. Now the instant
 *    before P is "Q and m-1 steps"; and as a name that outlives Q: "1 instruction before P". Q is found by
 *    running towards P and being interrupted by a timer shortly before; again and again, each time
 *    from the last fork, until P is near enough to step to. On the way forks are kept (they too are "so
 *    and so many instructions before P"), which makes the next step back cheap: gdb makes hundreds.
 *
 *          C ------------------------- Q1 ---------- Q2 --- Q ......|...... P
 *                  timer                    timer      timer    \__ single-stepped
 *
 * A machine with an exact clock (the ARM guest counts its instructions) needs none of this naming: its
 * recipe is "clock = n", and the instant before is n - 1. It uses the same checkpoints and searches.
 *
 * Two rules of counting make names agree however an instant is reached:
 *   - The instant at which event e is over, before anything else ran, is the boundary of e. Standing at a
 *     there is an arrival at a "since e". Elsewhere the instruction one starts at does not count.
 *   - A watchpoint stops after its access. If a breakpoint is at the instruction where that leaves us,
 *     it has been arrived at, too: nothing will report it again.
 *
 * Start reading at struct place, then live_run(), travel(), search().
 */
#include "timeline.h"
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* ---- the data ---- */

enum segment_kind { SEG_STEPS, SEG_ARRIVE, SEG_TOUCH };

/* What can stop a machine by itself: a breakpoint (kind SEG_ARRIVE) or a hardware watchpoint. */
struct trap {
    uint8_t kind;
    uint8_t len, type; /* SEG_TOUCH: bytes, enum watch_type */
    uint64_t addr;
};

/* One stage of a recipe: so many steps, arrivals or touches, counted from the end of the one before. */
struct segment {
    struct trap trap;
    uint64_t count; /* 1 or more */
};

/* A position: a recipe that leads to one instant, always the same, from any earlier one.
 *
 *     run to the boundary of `event`, follow seg[0] to seg[n - 1], then look at `mark`;
 *     the instant meant is `back` instructions before what that leads to (found as in 3 above).
 *
 * With a mark there are no segments. Two recipes may lead to the same instant; equal recipes do. */
enum place_mark {
    MARK_NONE,
    MARK_SIGNAL, /* event - 1 is over and `event`, a signal, is about to take place */
    MARK_END,    /* all events are over and the process is about to be no more */
};
enum { PLACE_SEGMENTS = 16 };
struct place {
    uint64_t event;
    uint64_t back;
    uint8_t mark;
    uint8_t n;
    struct segment seg[PLACE_SEGMENTS];
};

/* A trap as inserted in a machine, and how often it was sprung since the machine's `base`. */
struct armed {
    struct trap trap;
    int slot;       /* SEG_TOUCH: debug register */
    bool uncounted; /* inserted when it was unknown where the machine stood: no count until an event */
    uint64_t count;
};

/* A machine and what is known of where it stands.
 *
 * `base` is an instant behind it (or its own) from which on every trap sprung was counted. If
 * `exact`, `here` is the position itself. If not (a timer interrupted it) it is somewhere between
 * `here`, the last instant known, and whatever comes next. */
enum { TRAPS = 256, WATCHES = 4 };
struct live {
    struct machine *m;
    bool exact;
    bool fresh; /* the last step led to another instruction, not round in a REP one */
    struct place base, here;
    struct armed *armed;
    size_t armed_count, armed_size;
    double age; /* seconds of running that lie between the start of history and here, roughly */
};

/* A checkpoint: a live machine nobody runs, only forks. The first one, at the start of history,
 * stays for ever, and so do those the user asked for (number > 0). The others are thinned out. */
struct checkpoint {
    struct live live;
    int number;
    struct checkpoint *next; /* no particular order: `here` says what each is good for */
};

/* A breakpoint or watchpoint of gdb's, with the conditions it sent: any being true stops. */
struct stopper {
    struct trap trap;
    enum stopper_kind kind;
    struct agent_code **conditions;
    size_t condition_count;
    struct stopper *next;
};

/* The last hit of a search. */
struct hit {
    bool found;
    struct place place;
    struct moved moved;
};

struct timeline {
    const struct target *t;
    struct live now; /* exact, always, but for an interrupted run in a stretch without events */
    struct checkpoint *checkpoints;
    struct stopper *stoppers;
    struct place beginning;
    uint64_t pass_signals;
    bool ended;            /* `now` is at MARK_END and gdb has been told */
    bool passed_signal;    /* `now` came forward to a signal's stop: going back passes it again */
    struct moved signal;   /* that stop */
    int last_number;       /* of the user's checkpoints */
    const struct trap *tally; /* armed besides, in any machine: see struct trip */
    double keep_every;     /* seconds of running between the checkpoints left on the way */
    char why[200];
};

static volatile sig_atomic_t cancelled;

/* ---- small things ---- */

static double seconds(void)
{
    struct timespec now;
    syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &now); /* not by the vDSO: rdtsc traps (trap_as_tracees) */
    return now.tv_sec + now.tv_nsec / 1e9;
}

static void *must(void *memory)
{
    if (memory) return memory;
    fprintf(stderr, "rr: out of memory\n");
    exit(EXIT_INTERNAL);
}

static bool same_trap(const struct trap *a, const struct trap *b)
{
    return a->kind == b->kind && a->addr == b->addr && a->len == b->len && a->type == b->type;
}

/* The same recipe, `back` apart? */
static bool same_goal(const struct place *a, const struct place *b)
{
    if (a->event != b->event || a->mark != b->mark || a->n != b->n) return false;
    for (unsigned i = 0; i < a->n; i++)
        if (!same_trap(&a->seg[i].trap, &b->seg[i].trap) || a->seg[i].count != b->seg[i].count) return false;
    return true;
}

static bool same_place(const struct place *a, const struct place *b)
{
    return same_goal(a, b) && a->back == b->back;
}

/* Lengthens a recipe. Equal neighbours become one: 3 steps and 1 step are 4 steps. False: too long. */
static bool extend(struct place *p, const struct trap *trap, uint64_t count)
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

static const struct trap a_step = { .kind = SEG_STEPS };

/* Makes run() return in so many seconds, by a signal. 0 takes the alarm back. */
static const struct target *alarm_target;
static void on_alarm(int signo)
{
    (void)signo;
    alarm_target->interrupt();
}

static void alarm_in(const struct target *t, double delay)
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
    struct itimerspec when = { .it_value = { (time_t)delay, (long)((delay - (time_t)delay) * 1e9) } };
    timer_settime(timer, 0, &when, NULL);
}

void timeline_start(void) { cancelled = 0; }

void timeline_cancel(void)
{
    cancelled = 1;
    if (alarm_target) alarm_target->interrupt();
}

/* ---- a live machine: running it, and knowing where it stands ---- */

static bool is_boundary(const struct place *p)
{
    return !p->n && !p->back && p->mark == MARK_NONE;
}

/* The machine is known to stand at `place`; counting begins anew from here (rule 1 of counting). */
static void live_at(const struct target *t, struct live *l, const struct place *place)
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

static void live_free(const struct target *t, struct live *l)
{
    if (l->m) t->free(l->m);
    free(l->armed);
    *l = (struct live){ 0 };
}

/* A second machine at the same instant, with the same traps and counts. */
static struct live live_fork(const struct target *t, const struct live *l)
{
    struct live copy = *l;
    copy.m = t->fork(l->m);
    if (!copy.m) {
        fprintf(stderr, "rr: cannot fork a checkpoint\n");
        exit(EXIT_INTERNAL);
    }
    copy.armed_size = l->armed_count;
    copy.armed = must(calloc(l->armed_count + 1, sizeof *l->armed));
    if (l->armed_count) memcpy(copy.armed, l->armed, l->armed_count * sizeof *l->armed);
    return copy;
}

static struct armed *find_armed(struct live *l, const struct trap *trap)
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

static struct armed *watch_in_slot(struct live *l, int slot)
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
        if (a.slot < 0 || !t->set_watch(l->m, a.slot, trap->addr, trap->len, trap->type)) return false;
    }
    if (l->armed_count == l->armed_size) {
        l->armed_size = l->armed_size * 2 + 8;
        l->armed = must(realloc(l->armed, l->armed_size * sizeof a));
    }
    l->armed[l->armed_count++] = a;
    return true;
}

static void disarm(const struct target *t, struct live *l, size_t i)
{
    struct armed *a = &l->armed[i];
    if (a->trap.kind == SEG_ARRIVE) t->clear_breakpoint(l->m, a->trap.addr);
    else t->clear_watch(l->m, a->slot);
    *a = l->armed[--l->armed_count];
}

/* Makes the traps in the machine be those of gdb's stoppers (if asked) and `extra` (if any), no
 * others. A trap that is new starts counting here, and so must all the others, to be one recipe.
 * A stopper that cannot be inserted is left out: its page may be mapped later. */
static void live_arm(struct timeline *tl, struct live *l, bool stoppers, const struct trap *extra)
{
    size_t before;
    for (size_t i = l->armed_count; i--;) {
        bool wanted = (extra && same_trap(extra, &l->armed[i].trap))
            || (tl->tally && same_trap(tl->tally, &l->armed[i].trap));
        for (struct stopper *s = stoppers ? tl->stoppers : NULL; s && !wanted; s = s->next)
            wanted = same_trap(&s->trap, &l->armed[i].trap);
        if (!wanted) disarm(tl->t, l, i);
    }
    before = l->armed_count;
    if (extra && !find_armed(l, extra)) arm(tl->t, l, extra);
    if (tl->tally && !find_armed(l, tl->tally)) arm(tl->t, l, tl->tally);
    for (struct stopper *s = stoppers ? tl->stoppers : NULL; s; s = s->next)
        if (!find_armed(l, &s->trap)) arm(tl->t, l, &s->trap);
    if (l->exact && l->armed_count > before) live_at(tl->t, l, &l->here);
}

/* A trap was sprung: one more, and `here` is the recipe for this instant, if its count is good. */
static void sprung(struct live *l, struct armed *a)
{
    a->count++;
    l->here = l->base;
    l->exact = !a->uncounted && extend(&l->here, &a->trap, a->count);
}

/* An instruction was stepped. From a known place that is one step more; from an unknown one what was
 * sprung must be counted as when running. */
static void stepped(const struct target *t, struct live *l, const struct replay_stop *stop)
{
    struct armed *here = breakpoint_at(l, t->pc(l->m)), *touched = NULL;
    if (l->exact && l->here.back) {
        l->here.back--;
        live_at(t, l, &l->here);
    } else if (l->exact && extend(&l->here, &a_step, 1)) {
        live_at(t, l, &l->here);
    } else {
        l->exact = false;
        if (stop->kind == STOP_WATCH) touched = watch_in_slot(l, stop->watch);
        if (touched) sprung(l, touched);
        if (here && l->fresh) {
            if (touched) here->count++;
            else sprung(l, here);
        }
    }
}

/* Lets the machine run once, and works out where it then stands. Cases, by the stop's kind:
 *   1 the boundary of an event     2 a step, maybe over an event      3 a breakpoint
 *   4 a watchpoint (rule 2 of counting; slot -1: touched by an event)
 *   5 a signal about to take place  6 the end      7 interrupted anywhere; a breakpoint that is
 *   just there counts as reached, for the machine will step off it when it goes on */
static const double EXACT_TICK = 2.5e-9; /* what an instruction takes where the clock counts them */
static struct replay_stop live_run(const struct target *t, struct live *l, enum replay_how how, uint64_t until)
{
    uint64_t before = t->clock(l->m), pc = 0;
    bool repeats = false;
    double began = seconds();
    struct armed *a;
    if (how == RUN_STEP) {
        pc = t->pc(l->m);
        repeats = t->repeats(l->m);
    }
    struct replay_stop stop = t->run(l->m, how, until);
    uint64_t clock = t->clock(l->m);
    struct place boundary = { .event = clock };
    l->age = t->exact ? clock * EXACT_TICK : l->age + (seconds() - began);
    l->fresh = true;
    if (clock != before) {
        l->base = boundary;
        for (size_t i = 0; i < l->armed_count; i++) l->armed[i].count = l->armed[i].uncounted = 0;
    }
    bool whole = t->exact || stop.kind == STOP_EVENT || (stop.kind == STOP_STEP && clock != before) /* 1, 2 */
        || (stop.kind == STOP_WATCH && stop.watch < 0);
    if (stop.kind == STOP_SIGNAL) boundary = (struct place){ .event = clock + 1, .mark = MARK_SIGNAL };
    if (stop.kind == STOP_EXIT) boundary.mark = MARK_END;
    if (whole || boundary.mark) {
        live_at(t, l, &boundary); /* 1, 5, 6 */
    } else if (how == RUN_STEP && stop.kind != STOP_INTERRUPT) {
        l->fresh = !(repeats && t->pc(l->m) == pc);
        stepped(t, l, &stop); /* 2 */
    } else if (stop.kind == STOP_WATCH && (a = watch_in_slot(l, stop.watch))) {
        sprung(l, a); /* 4 */
        if ((a = breakpoint_at(l, t->pc(l->m)))) a->count++;
    } else if ((a = breakpoint_at(l, t->pc(l->m)))) {
        stop.kind = STOP_BREAKPOINT; /* 3, 7 */
        sprung(l, a);
    } else {
        l->exact = false; /* 7 */
    }
    return stop;
}

/* ---- what stops gdb, of all that stops a machine ---- */

static bool condition_holds(struct timeline *tl, struct machine *m, const struct stopper *s)
{
    for (size_t i = 0; i < s->condition_count; i++)
        if (agent_evaluate(tl->t, m, s->conditions[i]->code, s->conditions[i]->size) != AGENT_FALSE)
            return true; /* gdb evaluates it again itself, and shows the error if it is one */
    return s->condition_count == 0;
}

/* Is this stop one gdb wants to hear of? Then *moved says how. `pc_counts`: a breakpoint at pc counts,
 * although the machine was not stopped by it (after a step, at a boundary). */
static bool wanted(struct timeline *tl, struct live *l, const struct replay_stop *stop, bool pc_counts,
                   struct moved *moved)
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
    if (stop->kind != STOP_BREAKPOINT && !touched && !pc_counts) return false;
    *moved = (struct moved){ .kind = MOVED_BREAK };
    for (struct stopper *s = tl->stoppers; s; s = s->next)
        if (s->trap.kind == SEG_ARRIVE && s->trap.addr == pc && condition_holds(tl, l->m, s)) return true;
    return false;
}

/* Did anything happen here that a search must count, wanted or not? See struct trip, `behind`. */
static bool is_hit(struct timeline *tl, struct live *l, const struct replay_stop *stop, bool pc_counts)
{
    struct armed *a = stop->kind == STOP_WATCH && stop->watch >= 0 ? watch_in_slot(l, stop->watch) : NULL;
    uint64_t address = a ? a->trap.addr : stop->watch_addr, pc = tl->t->pc(l->m);
    if (stop->kind == STOP_SIGNAL) return true;
    for (struct stopper *s = tl->stoppers; s; s = s->next) {
        if (s->trap.kind == SEG_ARRIVE)
            if (s->trap.addr == pc && (pc_counts || stop->kind == STOP_BREAKPOINT || a)) return true;
        if (s->trap.kind == SEG_TOUCH && stop->kind == STOP_WATCH)
            if (address - s->trap.addr < s->trap.len) return true;
    }
    return false;
}

/* ---- a trip: from where a machine stands to an instant after it ---- */

/* With `watching`, gdb's stoppers are armed on the way, and the last hit before the goal is kept. The
 * goal may be an instant `behind` hits (wanted or not) after the one of interest: an instant
 * that has no recipe of its own (place.back). Then a hit only becomes the last one when so many
 * more have followed; those in between wait in a queue. */
struct trip {
    const struct place *goal;
    bool watching;
    bool impatient;      /* give up when interrupted, wherever that is */
    bool keep;           /* leave checkpoints on the way */
    bool inclusive;      /* the goal itself is before the instant of interest, too */
    size_t behind;
    const struct trap *tally; /* an extra trap, whose hits are counted in `tallied`... */
    uint64_t tallied, enough; /* ...and after `enough` of them (0: any number) the trip is interrupted */
    double deadline;     /* seconds() after which it is, too (0: never) */
    struct hit *queue;   /* `behind` of them, round and round */
    size_t queued;
    struct hit last;
};
enum trip_end { ARRIVED, INTERRUPTED, LOST };

/* Notes a hit of a trip. At the goal itself only the touch that led there is before it. */
static void note_hit(struct timeline *tl, struct live *l, const struct replay_stop *stop, bool pc_counts,
                     struct trip *trip)
{
    struct hit hit = { .place = l->here };
    if (!trip->watching || !is_hit(tl, l, stop, pc_counts)) return;
    if (!tl->t->exact && pc_counts && is_boundary(&hit.place) && stop->kind != STOP_WATCH) { /* rule 1 of counting */
        struct trap trap = { .kind = SEG_ARRIVE, .addr = tl->t->pc(l->m) };
        extend(&hit.place, &trap, 1);
    }
    bool at_goal = (same_goal(&hit.place, trip->goal) && !trip->behind && !trip->inclusive)
        || same_place(&hit.place, &tl->now.here);
    if (at_goal && stop->kind != STOP_WATCH) return;
    hit.found = wanted(tl, l, stop, pc_counts, &hit.moved) && !(at_goal && hit.moved.kind != MOVED_WATCH);
    if (trip->behind) {
        struct hit *slot = &trip->queue[trip->queued++ % trip->behind], late = *slot;
        *slot = hit;
        hit = late;
    }
    if (hit.found) trip->last = hit;
}

static void keep_checkpoint(struct timeline *tl, const struct live *l);

/* Machines that run for long leave checkpoints behind them every keep_every seconds: at the next event,
 * where the position has a name good for everything; or, if none comes for that long, anywhere. */
static const double KEEP_EVERY = 0.1;
static void keep_on_the_way(struct timeline *tl, struct live *l, const struct replay_stop *stop, bool *due)
{
    if (stop->kind == STOP_INTERRUPT && !*due) {
        *due = true;
    } else if (*due && (stop->kind == STOP_INTERRUPT || stop->kind == STOP_EVENT)) {
        keep_checkpoint(tl, l);
        *due = false;
    }
    if (stop->kind == STOP_INTERRUPT || stop->kind == STOP_EVENT) alarm_in(tl->t, tl->keep_every);
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
        struct armed *a = counting ? find_armed(l, counting) : NULL;
        uint64_t clock = tl->t->clock(l->m);
        if (a && a->count >= count) return ARRIVED;
        stop = live_run(tl->t, l, RUN_CONT, due && until > clock ? clock + 1 : until);
        if (cancelled || (trip->impatient && stop.kind == STOP_INTERRUPT)) return INTERRUPTED;
        if (trip->deadline && seconds() > trip->deadline) return INTERRUPTED;
        if (trip->tally && stop.kind == STOP_BREAKPOINT && tl->t->pc(l->m) == trip->tally->addr) trip->tallied++;
        if (trip->enough && trip->tallied == trip->enough) return INTERRUPTED;
        if (trip->keep) keep_on_the_way(tl, l, &stop, &due);
        clock = tl->t->clock(l->m);
        note_hit(tl, l, &stop, stop.kind == STOP_EVENT && clock < until, trip);
        if (stop.kind == done && (done == STOP_EXIT || clock >= until || (done == STOP_SIGNAL && clock + 1 == until)))
            return ARRIVED;
        if (stop.kind == STOP_EXIT || (counting && clock > trip->goal->event)) return LOST;
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
    }
    return ARRIVED;
}

/* How far along the recipe `goal` does this machine stand, in goal's own event? Its stage *i, of whose
 * count *done are over by name (and the trap's own count besides, if the machine is inexact).
 * False: it is not on the way there, or not surely before it. */
static bool on_the_way(struct live *l, const struct place *goal, unsigned *i, uint64_t *done)
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
    struct armed *a = *i < goal->n && goal->seg[*i].trap.kind != SEG_STEPS ? find_armed(l, &goal->seg[*i].trap) : NULL;
    return a && !a->uncounted && *done + a->count < goal->seg[*i].count;
}

/* Can this machine get to that goal by running forward, and is it before it? */
static bool before(const struct target *t, struct live *l, const struct place *goal)
{
    unsigned i;
    uint64_t done, clock = t->clock(l->m);
    if (l->exact && l->here.mark == MARK_END) return false;
    if (goal->mark == MARK_END) return true;
    if (goal->mark == MARK_SIGNAL) return clock < goal->event && !(l->exact && same_goal(&l->here, goal));
    if (clock != goal->event) return clock < goal->event;
    return !(l->exact && (l->here.mark || l->here.back)) && on_the_way(l, goal, &i, &done);
}

/* From where `l` stands to trip->goal (whatever its `back`), by its recipe:
 *   1 to the boundary of its event, or its mark      2 each segment in turn */
static enum trip_end travel(struct timeline *tl, struct live *l, struct trip *trip)
{
    const struct place *goal = trip->goal;
    enum trip_end end = ARRIVED;
    uint64_t done, first = goal->event - (goal->mark == MARK_SIGNAL);
    unsigned i = 0;
    if (l->exact && same_goal(&l->here, goal) && !l->here.back) return ARRIVED;
    if (tl->t->clock(l->m) < first) { /* 1 */
        live_arm(tl, l, trip->watching, NULL);
        end = run_on(tl, l, trip, first, STOP_EVENT, NULL, 0);
        if (end == ARRIVED && (trip->inclusive || !same_goal(&l->here, goal)))
            note_hit(tl, l, &(struct replay_stop){ .kind = STOP_EVENT }, true, trip);
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

enum { CHECKPOINTS = 48 }; /* live forks kept, besides the user's: each costs the pages it alone has */

static void drop_checkpoint(struct timeline *tl, struct checkpoint *dead)
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

/* Too many: the one goes whose loss makes the smallest hole in proportion to its distance from the
 * present. So there are many near the present and ever fewer away from it, exponentially. */
static void thin_checkpoints(struct timeline *tl)
{
    size_t count = 0;
    double least = 1e30;
    struct checkpoint *loser = NULL;
    for (struct checkpoint *c = tl->checkpoints; c; c = c->next) {
        if (c->number || !c->next) continue; /* the last in the list is the start of history */
        double distance = tl->now.age - c->live.age;
        double loss = (gap(tl, c, false) + gap(tl, c, true) + 1e-6) / ((distance < 0 ? -distance : distance) + 1e-3);
        count++;
        if (loss >= least) continue;
        least = loss;
        loser = c;
    }
    if (count > CHECKPOINTS) drop_checkpoint(tl, loser);
}

static struct checkpoint *add_checkpoint(struct timeline *tl, const struct live *l, int number)
{
    struct checkpoint *c = must(calloc(1, sizeof *c));
    c->live = live_fork(tl->t, l);
    c->number = number;
    c->next = tl->checkpoints;
    tl->checkpoints = c;
    return c;
}

/* Makes a checkpoint of where this machine stands, unless there is one already. */
static void keep_checkpoint(struct timeline *tl, const struct live *l)
{
    for (struct checkpoint *c = tl->checkpoints; c && l->exact; c = c->next)
        if (c->live.exact && same_place(&c->live.here, &l->here)) return;
    add_checkpoint(tl, l, 0);
    thin_checkpoints(tl);
}

/* Of two machines that are both on the way to `goal`, is `a` the one nearer to it? By name where the
 * names tell, else by age. */
static bool nearer(struct timeline *tl, struct live *a, struct live *b, const struct place *goal)
{
    unsigned ia = 0, ib = 0;
    uint64_t ca = tl->t->clock(a->m), cb = tl->t->clock(b->m), da = 0, db = 0;
    if (ca != cb) return ca > cb;
    if (ca == goal->event && !goal->mark && on_the_way(a, goal, &ia, &da) && on_the_way(b, goal, &ib, &db)) {
        if (ia != ib) return ia > ib;
        if (a->exact && b->exact) return da > db;
    }
    return a->age > b->age;
}

/* The checkpoint nearest before `goal`; only those with `exact` positions if so asked. NULL: `goal` is
 * the start of history. */
static struct checkpoint *checkpoint_before(struct timeline *tl, const struct place *goal, bool exact)
{
    struct checkpoint *best = NULL;
    for (struct checkpoint *c = tl->checkpoints; c; c = c->next) {
        if (exact && (!c->live.exact || c->live.here.back)) continue;
        if (!before(tl->t, &c->live, goal)) continue;
        if (!best || nearer(tl, &c->live, &best->live, goal)) best = c;
    }
    return best;
}

/* The checkpoint that stands on the goal (but for `back`), or the fewest instructions before it, of
 * those at least goal->back before it. It gets there by single steps. */
static struct checkpoint *checkpoint_back(struct timeline *tl, const struct place *goal)
{
    struct checkpoint *best = NULL;
    for (struct checkpoint *c = tl->checkpoints; c; c = c->next) {
        const struct place *at = &c->live.here;
        if (!c->live.exact || !same_goal(at, goal) || at->back < goal->back) continue;
        if (!best || at->back < best->live.here.back) best = c;
    }
    return best;
}

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
                    sprung(l, a);
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
 * takes, then half of the rest, until `margin` seconds are left. *l stays before goal always. */
static void get_near(struct timeline *tl, struct live *l, const struct place *goal, double margin)
{
    enum { TRIES = 40 };
    struct trip trip = { .goal = goal };
    double began = seconds(), left, delay;
    struct live probe = live_fork(tl->t, l);
    if (travel(tl, &probe, &trip) != ARRIVED) cancelled = 1;
    left = seconds() - began;
    live_free(tl->t, &probe);
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
}

/* A trip of *l to goal with a breakpoint at pc besides; *tallied: how often that was reached. */
static enum trip_end tally(struct timeline *tl, struct live *l, const struct place *goal, uint64_t pc, uint64_t enough,
                           uint64_t *tallied)
{
    struct trap trap = { .kind = SEG_ARRIVE, .addr = pc };
    struct trip trip = { .goal = goal, .tally = &trap, .enough = enough };
    tl->tally = &trap;
    enum trip_end end = travel(tl, l, &trip);
    tl->tally = NULL;
    if (end == INTERRUPTED) l->exact = false; /* on the way to goal, and named by nothing else */
    bool of_goal = false;
    for (unsigned i = 0; i < goal->n; i++) of_goal |= same_trap(&goal->seg[i].trap, &trap);
    if (!of_goal && find_armed(l, &trap)) disarm(tl->t, l, find_armed(l, &trap) - l->armed);
    *tallied = trip.tallied;
    return end;
}

/* Which of these addresses occurs least often? *times: how often. */
static uint64_t rarest(const uint64_t *pcs, size_t n, size_t *times)
{
    uint64_t best = 0;
    *times = SIZE_MAX;
    for (size_t i = 0; i < n; i++) {
        size_t count = 0;
        for (size_t j = 0; j < n; j++) count += pcs[j] == pcs[i];
        if (count < *times) *times = count, best = pcs[i];
    }
    return best;
}

/* A timer gets no nearer than some ten thousand instructions, and stepping is slow. So: step a few
 * hundred, take the address that came least often, and count how often it comes until the goal; then stop at
 * one of the last of those times, such that about `want` instructions are left. *l stays before goal. */
static void close_in(struct timeline *tl, struct live *l, const struct place *goal, uint64_t want)
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
            return;
        }
        uint64_t pc = rarest(pcs, n, &times);
        further = live_fork(tl->t, &ahead);
        enum trip_end end = tally(tl, &further, goal, pc, MANY, &total);
        skip = want * times / WINDOW + 1;
        if (end == ARRIVED && total > skip) {
            live_free(tl->t, &further);
            further = live_fork(tl->t, &ahead);
            end = tally(tl, &further, goal, pc, total - skip, &total);
        }
        bool progress = end == INTERRUPTED && !cancelled, near = end == ARRIVED && total && total <= skip;
        if (progress || (end == ARRIVED && !total && steps < want)) {
            struct live behind = *l;
            *l = progress ? further : ahead;
            if (progress) further = behind;
            else ahead = behind;
        }
        live_free(tl->t, &ahead);
        live_free(tl->t, &further);
        if (near || !(progress || !total)) return;
    }
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
        if (!before(tl->t, &c->live, &end)) continue;
        if (!best || nearer(tl, &c->live, &best->live, &end)) best = c;
    }
    return best;
}

/* Makes sure that a checkpoint stands goal->back or more instructions before goal, few more, from
 * where single steps lead to it. First from the nearest checkpoint, if it is a few steps away; then
 * from an instant got near to by a timer; if that was too near, by a wider margin, and at last
 * from an older checkpoint. NULL: history does not go back that far. */
static struct checkpoint *approach(struct timeline *tl, const struct place *goal)
{
    enum { NEAR = 600, FAR = 60000 };
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
        if (margin) get_near(tl, &l, &end, margin);
        if (margin) close_in(tl, &l, &end, goal->back + 500);
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
            margin = margin ? margin * 8 : 100e-6;
        }
    }
    return NULL;
}

/* The recipe for the instant before p. False: p is the beginning. */
static bool place_before(struct timeline *tl, struct place *p)
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

/* A machine at that place, in *l. False: there is no such instant (before the beginning), or
 * cancelled. Where it is likely to be wanted again, it leaves a checkpoint. */
static bool bring_to(struct timeline *tl, const struct place *place, struct live *l)
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
    if (travel(tl, l, &trip) != ARRIVED) {
        snprintf(tl->why, sizeof tl->why, "the position was not found again");
        live_free(tl->t, l);
        return false;
    }
    if (seconds() - began > 0.005) keep_checkpoint(tl, l);
    return true;
}

/* Brings `now` there. False: it stays where it is. */
static bool go_to(struct timeline *tl, const struct place *place)
{
    struct live l = { 0 };
    if (!bring_to(tl, place, &l)) return false;
    live_free(tl->t, &tl->now);
    tl->now = l;
    tl->ended = l.here.mark == MARK_END;
    return true;
}

/* ---- searching backwards ---- */

/* How many hits there are from `now`, an instant without a recipe of its own, to the one it is named
 * by: those a trip to there would note from here on. */
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

/* A span with many hits is slow to search. Running through it without stopping is not: do that, leaving
 * checkpoints, so that its last part can be searched first. */
static const double SLOW = 0.05;
static void divide_span(struct timeline *tl, struct checkpoint *c, const struct place *goal)
{
    struct trip trip = { .goal = goal, .keep = true };
    struct live l = live_fork(tl->t, &c->live);
    tl->keep_every = KEEP_EVERY / 20;
    travel(tl, &l, &trip);
    tl->keep_every = KEEP_EVERY;
    live_free(tl->t, &l);
}

/* The last hit before `now`, span by span, as in idea 2. Each span is searched from an exact checkpoint
 * to the one after it, the first one to where we stand. */
static struct hit search(struct timeline *tl)
{
    struct place goal = tl->now.here;
    struct trip trip = { .goal = &goal, .watching = true, .keep = true };
    struct checkpoint *c, *divided = NULL;
    if (goal.back) trip.behind = hits_behind(tl);
    goal.back = 0;
    while (!cancelled && !trip.last.found && (c = checkpoint_before(tl, &goal, true))) {
        struct place start = c->live.here;
        struct live l = live_fork(tl->t, &c->live);
        trip.queue = trip.behind ? must(calloc(trip.behind, sizeof *trip.queue)) : NULL;
        trip.queued = 0;
        trip.deadline = c == divided ? 0 : seconds() + SLOW;
        enum trip_end end = travel(tl, &l, &trip);
        free(trip.queue);
        live_free(tl->t, &l);
        if (end == INTERRUPTED && !cancelled) {
            divide_span(tl, c, &goal);
            divided = c;
            trip.last.found = false;
            continue;
        }
        if (end == LOST) snprintf(tl->why, sizeof tl->why, "a span of history could not be searched");
        if (end != ARRIVED) break;
        trip.behind -= trip.queued < trip.behind ? trip.queued : trip.behind;
        trip.inclusive = true;
        goal = start;
    }
    return trip.last;
}

/* ---- what gdb asks for ---- */

struct timeline *timeline_new(const struct target *t, struct machine *start)
{
    struct timeline *tl = must(calloc(1, sizeof *tl));
    tl->t = t;
    tl->keep_every = KEEP_EVERY;
    tl->now.m = start;
    struct place here = { .event = t->clock(start) };
    tl->beginning = here;
    live_at(t, &tl->now, &here);
    add_checkpoint(tl, &tl->now, 0);
    return tl;
}

void timeline_remove_all(struct timeline *tl)
{
    while (tl->stoppers) {
        struct stopper *s = tl->stoppers;
        timeline_remove(tl, s->kind, s->trap.addr, s->trap.len);
    }
}

void timeline_free(struct timeline *tl)
{
    timeline_remove_all(tl);
    while (tl->checkpoints) drop_checkpoint(tl, tl->checkpoints);
    live_free(tl->t, &tl->now);
    free(tl);
}

struct machine *timeline_machine(struct timeline *tl) { return tl->now.m; }

void timeline_pass_signals(struct timeline *tl, uint64_t mask) { tl->pass_signals = mask; }

static struct stopper **find_stopper(struct timeline *tl, const struct trap *trap, enum stopper_kind kind)
{
    struct stopper **at = &tl->stoppers;
    while (*at && !((*at)->kind == kind && same_trap(&(*at)->trap, trap))) at = &(*at)->next;
    return at;
}

static struct trap stopper_trap(enum stopper_kind kind, uint64_t addr, int len)
{
    if (kind == STOP_ON_EXEC) return (struct trap){ .kind = SEG_ARRIVE, .addr = addr };
    return (struct trap){ .kind = SEG_TOUCH, .len = len, .addr = addr,
                          .type = kind == STOP_ON_WRITE ? WATCH_WRITE : WATCH_ACCESS };
}

static void forget_conditions(struct stopper *s)
{
    while (s->condition_count) free(s->conditions[--s->condition_count]);
    free(s->conditions);
    s->conditions = NULL;
}

/* A watchpoint must be 1, 2, 4 or 8 bytes, aligned; and there are four of them. */
bool timeline_insert(struct timeline *tl, enum stopper_kind kind, uint64_t addr, int len)
{
    struct trap trap = stopper_trap(kind, addr, len);
    struct stopper **at = find_stopper(tl, &trap, kind);
    int watches = 0;
    if (*at) {
        forget_conditions(*at);
        return true;
    }
    if (kind != STOP_ON_EXEC) {
        for (struct stopper *s = tl->stoppers; s; s = s->next) watches += s->trap.kind == SEG_TOUCH;
        if ((len != 1 && len != 2 && len != 4 && len != 8) || addr % len || watches == WATCHES) return false;
    }
    struct stopper *s = must(calloc(1, sizeof *s));
    s->trap = trap;
    s->kind = kind;
    s->next = *at;
    *at = s;
    return true;
}

/* One more condition for the breakpoint at addr. */
bool timeline_condition(struct timeline *tl, uint64_t addr, const uint8_t *code, size_t size)
{
    struct trap trap = stopper_trap(STOP_ON_EXEC, addr, 0);
    struct stopper *s = *find_stopper(tl, &trap, STOP_ON_EXEC);
    if (!s) return false;
    struct agent_code *c = must(malloc(sizeof *c + size));
    c->size = size;
    memcpy(c->code, code, size);
    s->conditions = must(realloc(s->conditions, (s->condition_count + 1) * sizeof *s->conditions));
    s->conditions[s->condition_count++] = c;
    return true;
}

void timeline_remove(struct timeline *tl, enum stopper_kind kind, uint64_t addr, int len)
{
    struct trap trap = stopper_trap(kind, addr, len);
    struct stopper **at = find_stopper(tl, &trap, kind), *s = *at;
    if (!s) return;
    *at = s->next;
    forget_conditions(s);
    free(s);
}

/* ---- moving ---- */

/* What is said of standing where `now` stands after a stop that is not a hit. */
static struct moved arrived(struct timeline *tl, const struct replay_stop *stop)
{
    struct moved moved = { .kind = MOVED_STEP };
    if (stop->kind == STOP_INTERRUPT) moved.kind = MOVED_INTERRUPT;
    if (stop->kind == STOP_EXIT) {
        moved = (struct moved){ .kind = tl->ended ? MOVED_EXIT : MOVED_END, .signo = stop->signo,
                                .status = stop->status };
        tl->ended = true;
    }
    return moved;
}

/* What the program writes is shown when `now` goes forward, not on the trips behind the scenes. */
static void show(struct timeline *tl, bool on)
{
    if (tl->t->visible) tl->t->visible(on);
}

static void pass_signal(struct timeline *tl, const struct moved *moved)
{
    tl->passed_signal = moved->kind == MOVED_SIGNAL;
    if (tl->passed_signal) tl->signal = *moved;
}

/* How often `pc` is arrived at from where l stands to the end of its stretch; leaves l there. */
static uint64_t arrivals_ahead(struct timeline *tl, struct live *l, uint64_t pc)
{
    struct trap trap = { .kind = SEG_ARRIVE, .addr = pc };
    uint64_t end = tl->t->clock(l->m) + 1, arrivals = 0;
    struct replay_stop stop;
    live_arm(tl, l, false, &trap);
    do {
        stop = live_run(tl->t, l, RUN_CONT, end);
        arrivals += stop.kind == STOP_BREAKPOINT || (stop.kind == STOP_WATCH && tl->t->pc(l->m) == pc);
    } while (!cancelled && stop.kind != STOP_EVENT && stop.kind != STOP_EXIT && stop.kind != STOP_SIGNAL);
    return arrivals;
}

/* `now` stands somewhere without a recipe: it was interrupted, or the recipe got too long. But it is
 * some arrival at its pc: as many as there are in the whole stretch, less those still to come. */
static bool name_now(struct timeline *tl)
{
    struct live ahead = live_fork(tl->t, &tl->now), whole;
    struct place place = { .event = tl->t->clock(tl->now.m) };
    struct trap trap = { .kind = SEG_ARRIVE, .addr = tl->t->pc(tl->now.m) };
    uint64_t rest = arrivals_ahead(tl, &ahead, trap.addr), all;
    live_free(tl->t, &ahead);
    if (cancelled || !bring_to(tl, &place, &whole)) return false;
    all = tl->t->pc(whole.m) == trap.addr;
    all += arrivals_ahead(tl, &whole, trap.addr);
    live_free(tl->t, &whole);
    if (cancelled || all <= rest) return false;
    extend(&place, &trap, all - rest);
    live_at(tl->t, &tl->now, &place);
    return true;
}

/* Forward by one instruction. */
struct moved timeline_step(struct timeline *tl)
{
    struct moved moved;
    struct replay_stop stop;
    tl->passed_signal = false;
    live_arm(tl, &tl->now, true, NULL);
    show(tl, true);
    do stop = live_run(tl->t, &tl->now, RUN_STEP, UINT64_MAX);
    while (stop.kind == STOP_INTERRUPT && !cancelled);
    show(tl, false);
    if (!wanted(tl, &tl->now, &stop, tl->now.fresh, &moved)) return arrived(tl, &stop);
    pass_signal(tl, &moved);
    return moved;
}

/* Forward to the next hit, or to the end. Where `now` has no recipe of its own, first by steps to the
 * instant it is named by. */
struct moved timeline_continue(struct timeline *tl)
{
    struct moved moved;
    struct live *l = &tl->now;
    bool due = false;
    while (l->exact && l->here.back) {
        moved = timeline_step(tl);
        if (moved.kind != MOVED_STEP) return moved;
    }
    tl->passed_signal = false;
    live_arm(tl, l, true, NULL);
    alarm_in(tl->t, tl->keep_every);
    double began = l->age;
    for (;;) {
        uint64_t until = due ? tl->t->clock(l->m) + 1 : UINT64_MAX;
        show(tl, true);
        struct replay_stop stop = live_run(tl->t, l, RUN_CONT, until);
        show(tl, false);
        if (wanted(tl, l, &stop, stop.kind == STOP_EVENT, &moved)) {
            pass_signal(tl, &moved);
        } else if (stop.kind == STOP_EXIT || (stop.kind == STOP_INTERRUPT && cancelled)) {
            moved = arrived(tl, &stop);
        } else {
            keep_on_the_way(tl, l, &stop, &due);
            continue;
        }
        alarm_in(tl->t, 0);
        if (l->age - began > 0.005) keep_checkpoint(tl, l);
        return moved;
    }
}

/* Going back did not get anywhere: why? */
static struct moved stuck(struct timeline *tl)
{
    if (cancelled) return (struct moved){ .kind = MOVED_INTERRUPT };
    if (tl->why[0]) {
        fprintf(stderr, "rr: going back: %s\n", tl->why);
        tl->why[0] = 0;
        return (struct moved){ .kind = MOVED_LOST };
    }
    go_to(tl, &tl->beginning);
    return (struct moved){ .kind = MOVED_BEGIN };
}

/* Back by one instruction. */
struct moved timeline_reverse_step(struct timeline *tl)
{
    struct place place;
    struct moved moved;
    tl->passed_signal = false;
    if (!tl->now.exact && !name_now(tl)) return stuck(tl);
    place = tl->now.here;
    if (!place_before(tl, &place) || !go_to(tl, &place)) return stuck(tl);
    if (wanted(tl, &tl->now, &(struct replay_stop){ .kind = STOP_STEP }, true, &moved)) return moved;
    return (struct moved){ .kind = MOVED_STEP };
}

/* Back to the last hit before, as drawn at the top. Cases:
 *   1 standing at a signal's stop, come to going forward: it is passed again, first
 *   2 a breakpoint or signal: to where it was    3 a watchpoint: to before the access
 *   4 none: to the beginning */
struct moved timeline_reverse_continue(struct timeline *tl)
{
    if (tl->passed_signal) { /* 1 */
        tl->passed_signal = false;
        return tl->signal;
    }
    if (!tl->now.exact && !name_now(tl)) return stuck(tl);
    struct hit hit = search(tl);
    if (!hit.found) return stuck(tl); /* 4 */
    if (hit.moved.kind == MOVED_WATCH) place_before(tl, &hit.place); /* 3 */
    if (!go_to(tl, &hit.place)) return stuck(tl); /* 2 */
    return hit.moved;
}

/* ---- places the user names ---- */

/* To the boundary of an event, forwards or backwards. */
struct moved timeline_seek(struct timeline *tl, uint64_t clock)
{
    struct place place = { .event = clock };
    tl->passed_signal = false;
    if (!go_to(tl, &place)) return (struct moved){ .kind = cancelled ? MOVED_INTERRUPT : MOVED_LOST };
    return (struct moved){ .kind = MOVED_STEP };
}

int timeline_checkpoint(struct timeline *tl)
{
    if (!tl->now.exact && !name_now(tl)) return 0;
    return add_checkpoint(tl, &tl->now, ++tl->last_number)->number;
}

static struct checkpoint *numbered(struct timeline *tl, int number)
{
    struct checkpoint *c = tl->checkpoints;
    while (c && (number ? c->number != number : c->next != NULL)) c = c->next;
    return c;
}

bool timeline_delete_checkpoint(struct timeline *tl, int number)
{
    struct checkpoint *c = number ? numbered(tl, number) : NULL;
    if (c) drop_checkpoint(tl, c);
    return c != NULL;
}

struct moved timeline_restart(struct timeline *tl, int number)
{
    struct checkpoint *c = numbered(tl, number);
    if (!c) return (struct moved){ .kind = MOVED_LOST };
    live_free(tl->t, &tl->now);
    tl->now = live_fork(tl->t, &c->live);
    tl->ended = tl->now.here.mark == MARK_END;
    tl->passed_signal = false;
    return (struct moved){ .kind = MOVED_STEP };
}

/* A recipe in words: "event 312, 5 times at 0x401136, 3 steps". */
static size_t describe(const struct place *p, char *buf, size_t size)
{
    size_t n = snprintf(buf, size, "%sevent %llu", p->mark == MARK_SIGNAL ? "before " : "", (unsigned long long)p->event);
    for (unsigned i = 0; i < p->n && n < size; i++) {
        const struct segment *s = &p->seg[i];
        static const char *const format[] = {
            [SEG_STEPS] = ", %llu steps",
            [SEG_ARRIVE] = ", %llu times at 0x%llx",
            [SEG_TOUCH] = ", %llu accesses to 0x%llx",
        };
        n += snprintf(buf + n, size - n, format[s->trap.kind], (unsigned long long)s->count,
                      (unsigned long long)s->trap.addr);
    }
    if (p->back && n < size) n += snprintf(buf + n, size - n, ", %llu instructions back", (unsigned long long)p->back);
    return n < size ? n : size - 1;
}

size_t timeline_when(struct timeline *tl, char *buf, size_t size)
{
    return describe(&tl->now.here, buf, size);
}

size_t timeline_checkpoints(struct timeline *tl, char *buf, size_t size)
{
    size_t n = 0;
    buf[0] = 0;
    for (int number = 1; number <= tl->last_number; number++) {
        struct checkpoint *c = numbered(tl, number);
        if (!c || n + 300 > size) continue;
        n += snprintf(buf + n, size - n, "%d\t", number);
        n += describe(&c->live.here, buf + n, size - n);
        n += snprintf(buf + n, size - n, "\n");
    }
    return n;
}
