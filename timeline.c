/* timeline.c - running backwards.
 *
 * Problem: a process cannot run backwards. All we have is a machine that re-executes exactly, can
 * be forked in a tenth of a millisecond, and stops at breakpoints, watchpoints and after single
 * steps. And there is no instruction counter to say *where* in a run one stands.
 *
 * Guarantee: every command of gdb's moves to the instant it would have moved to had somebody
 * counted instructions: backwards over anything, any number of times, and forwards again through
 * the same states. It costs in proportion to the distance, not to the length of the recording.
 *
 * How: three ideas.
 *
 * 1. A position is a recipe (travel.h, struct place). "Event 312; from there the 5th arrival at
 * 0x401136;
 *    from there 3 instructions." It is exact by construction: following it needs a breakpoint and
 *    counting, and a deterministic machine ends up at the same instant each time. Every stop has a recipe
 *    for free, because it was found by a breakpoint being hit (count it) or by a step being made (count it).
 *
 *              event 311          event 312              event 313
 *     ------------|------------------|--a----a--a---a--a-.-.-.-----|------------->  time
 *                                       1    2  3   4  5  \_|_/
 *                                                          3 steps:  P
 *
 * 2. Going back is going forward again, from a checkpoint (a fork of the machine), with breakpoints
 *    armed, remembering the last hit (search.c). `reverse-continue` from P:
 *
 *          C'' ---------- C' ------------------- C ------- P
 *                                                |---?---->|   search C to P; hits: none
 *                         |---h-----h----H------>|             search C' to C: H is the last one
 *                         |------------->|                     go to H by its recipe; done
 *
 * 3. A step back leads to "the instruction before P", found by before.c: from an instant a little
 * before
 *    P, by single steps.
 *
 * Start reading at timeline_reverse_continue(), then search() in search.c.
 */
#include "travel.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- what gdb asks for ---- */

void timeline_limit(struct timeline *tl, uint64_t bytes)
{
    const uint64_t most = UINT64_C(1) << 30,
                   memory = (uint64_t)sysconf(_SC_PHYS_PAGES) * sysconf(_SC_PAGESIZE);
    tl->memory_limit = bytes ? bytes : memory / 4 < most ? memory / 4 : most;
}

bool parse_size(const char *text, uint64_t *bytes)
{
    static const char units[] = "KMG";
    char *end;
    errno = 0;
    *bytes = strtoull(text, &end, 10);
    const char *unit = *end ? strchr(units, *end & ~0x20) : NULL;
    if (end == text || *text == '-' || errno || (*end && (!unit || end[1])) || *bytes >> 32 ||
        !*bytes)
        return false;
    if (unit) *bytes <<= 10 * (unit - units + 1);
    return true;
}

/* A timeline whose beginning is where `start` stands, which it owns from now on. */
struct timeline *timeline_new(const struct target *t, struct machine *start)
{
    struct timeline *tl = must(calloc(1, sizeof *tl));
    tl->t = t;
    tl->keep_every =
        t->exact ? KEEP_EVERY / 4 : KEEP_EVERY; /* cheap ones, and a step back from a new stop
                                                                 is a trip from the last of them */
    tl->now.m = start;
    timeline_limit(tl, 0);
    alarm_in(t, 0); /* so that timeline_cancel() has something to interrupt */
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
    live_free(tl->t, &tl->diversion);
    live_free(tl->t, &tl->now);
    free(tl);
}

struct machine *timeline_machine(struct timeline *tl)
{
    return tl->diversion.m ? tl->diversion.m : tl->now.m;
}

void timeline_catch(struct timeline *tl, const struct syscall_set *set)
{
    tl->catching = set && tl->t->catch;
    if (set) tl->caught = *set;
}

void timeline_pass_signals(struct timeline *tl, uint64_t mask) { tl->pass_signals = mask; }

static struct stopper **find_stopper(struct timeline *tl, const struct trap *trap,
                                     enum stopper_kind kind)
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
    free(s->any);
    s->conditions = NULL;
    s->any = NULL;
}

/* Is there a note of a breakpoint there? */
static bool stopper_was_at(const struct timeline *tl, uint64_t addr)
{
    for (unsigned i = 0; i < sizeof tl->breaks / sizeof *tl->breaks; i++)
        if (tl->breaks[i] == addr) return true;
    return false;
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
        if ((len != 1 && len != 2 && len != 4 && len != 8) || addr % len || watches == WATCHES)
            return false;
    }
    struct stopper *s = must(calloc(1, sizeof *s));
    s->trap = trap;
    s->kind = kind;
    s->next = *at;
    *at = s;
    if (kind == STOP_ON_EXEC && !stopper_was_at(tl, addr))
        tl->breaks[tl->break_count++ % (sizeof tl->breaks / sizeof *tl->breaks)] = addr;
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
    struct agent_code *before = s->any;
    if (before) s->any = agent_either(before, c);
    else if (s->condition_count == 1)
        s->any = memcpy(must(malloc(sizeof *c + size)), c, sizeof *c + size);
    free(before);
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

/* ---- diversions ----
 *
 * gdb calls a function by changing registers, letting the program run to a breakpoint it has put
 * where the function returns to, and restoring the registers. So there is nothing to tell us that a
 * diversion is over; but when gdb lets the program run while it stands where the recording stands,
 * time is meant. Until then what the function has done to memory can be looked at. Going back
 * always leaves it. */

/* Makes one of `now`, if there is none. */
static bool divert(struct timeline *tl)
{
    if (tl->diversion.m) return true;
    if (!tl->t->divert) return false;
    tl->diversion.m = tl->t->divert(tl->now.m);
    return true;
}

static void leave_diversion(struct timeline *tl)
{
    if (tl->diversion.m) live_free(tl->t, &tl->diversion);
}

bool timeline_write(struct timeline *tl, uint64_t addr, const void *buf, size_t len)
{
    return divert(tl) && tl->t->write(tl->diversion.m, addr, buf, len);
}

bool timeline_set_registers(struct timeline *tl, pid_t tid, const uint8_t *buf)
{
    return divert(tl) && tl->t->set_registers(tl->diversion.m, tid, buf);
}

/* Is going on to be done in the diversion? If pc or stack pointer of its thread are not the
 * recording's. */
static bool goes_on_diverted(struct timeline *tl)
{
    uint8_t is[REGISTERS_MAX], was[REGISTERS_MAX], valid[REGISTERS_MAX];
    struct machine *d = tl->diversion.m;
    size_t sp, size;
    if (!d) return false;
    pid_t tid = tl->t->thread(d);
    register_place(tl->t->rows, tl->t->sp, &sp, &size);
    if (!tl->t->registers(d, tid, is, valid) || !tl->t->registers(tl->now.m, tid, was, valid))
        return false;
    return tl->t->pc(d) != tl->t->pc(tl->now.m) || memcmp(is + sp, was + sp, size);
}

/* Step or continue in the diversion. */
static struct moved move_diverted(struct timeline *tl, enum replay_how how)
{
    struct live *l = &tl->diversion;
    struct moved moved = { .kind = MOVED_STEP };
    struct replay_stop stop;
    bool wanted;
    live_arm(tl, l, true, NULL);
    if (how == RUN_CONT &&
        stop_wanted(tl, l, &(struct replay_stop){.kind = STOP_BREAKPOINT}, true, &moved))
        /* gdb has put pc there; where it knows of a breakpoint, it takes that out to go on */
        return moved;
    do {
        stop = live_run(tl->t, l, how, UINT64_MAX);
        wanted = stop_wanted(tl, l, &stop, how == RUN_STEP && l->fresh, &moved) ||
                 stop.kind == STOP_SIGNAL;
    } while (!cancelled && !wanted && (how == RUN_CONT || stop.kind == STOP_INTERRUPT));
    if (!wanted) moved = (struct moved){ .kind = cancelled ? MOVED_INTERRUPT : MOVED_STEP };
    return moved;
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

/* A movement begins, to get to which nothing has been passed. */
static void set_out(struct timeline *tl)
{
    tl->passed_signal = tl->told_call = false;
    tl->why[0] = 0;
}

/* `now` stands before a syscall that is caught, and gdb has not heard of it: it was led here by
 * something else (a breakpoint), or catches it only now. Then this is the next stop. */
static bool tell_call(struct timeline *tl, struct moved *moved)
{
    return tl->told_call = !tl->told_call && call_wanted(tl, &tl->now, moved);
}

/* It stops at a hit. */
static struct moved hit_at(struct timeline *tl, struct moved moved)
{
    tl->told_call = moved.kind == MOVED_SYSCALL;
    return moved;
}

/* It did so going forward. */
static struct moved pass_hit(struct timeline *tl, struct moved moved)
{
    tl->passed_signal = moved.kind == MOVED_SIGNAL;
    if (tl->passed_signal) tl->signal = moved;
    return hit_at(tl, moved);
}

/* ---- a name for an instant that has none ---- */

/* The clock ticks once more, right after `clock`. */
static void renumber(struct live *l, uint64_t clock)
{
    l->here.event += l->here.event > clock;
    l->base.event += l->base.event > clock;
}

/* Does l, so many steps back from an event, stand before the mark that was made after `clock`, and
 * not after it? Then it is on the way. */
static bool before_mark(struct timeline *tl, const struct live *l, uint64_t clock)
{
    struct live ahead = live_fork(tl->t, l);
    live_arm(tl, &ahead, false, NULL);
    for (uint64_t n = l->here.back - 1; n && tl->t->clock(ahead.m) == clock && !cancelled;)
        n -= live_run(tl->t, &ahead, RUN_STEP, UINT64_MAX).kind != STOP_INTERRUPT;
    bool before = tl->t->clock(ahead.m) > clock;
    live_free(tl->t, &ahead);
    return before;
}

/* A mark was made by `marker`, the first after `clock`. What checkpoints stand between the two
 * events that it is between, before it or after it? (Or right there: then the clock has ticked for
 * them, too.) Those left on the way there are before it. Of the others only the user's are worth
 * finding out, which have names that stay what they are (timeline_checkpoint()). A Ctrl-C has to
 * wait for that. */
static void mark_made(struct timeline *tl, const struct live *marker, uint64_t clock)
{
    sig_atomic_t interrupted = cancelled;
    for (struct checkpoint *c = tl->checkpoints, *next; c; c = next) {
        struct live *l = &c->live;
        next = c->next;
        renumber(l, clock);
        if (tl->t->clock(l->m) == clock + 1 && !(l->exact && l->here.mark))
            live_at(tl->t, l, &marker->here);
        if (tl->t->clock(l->m) != clock || (l->exact && is_boundary(&l->here)) ||
            l->voyage == marker->voyage)
            continue;
        if (!c->number || !l->here.back) {
            drop_checkpoint(tl, c);
            continue;
        }
        bool before;
        do {
            cancelled = 0;
            before = before_mark(tl, l, clock);
            interrupted |= cancelled;
        } while (cancelled);
        if (!before) tl->t->pass_mark(l->m);
    }
    cancelled = interrupted;
}

/* Is, or was, a breakpoint of gdb's so near that a probe at pc would be in its way? */
static bool stopper_near(const struct timeline *tl, uint64_t pc)
{
    enum { MOST = sizeof tl->breaks / sizeof *tl->breaks };
    for (unsigned i = 0; i < tl->break_count && i < MOST; i++)
        if (tl->breaks[i] - pc + 4 < 9) return true; /* a jump is five bytes */
    return false;
}

/* Steps from l, which has no name, to an instant nearby that has one or can be given one that is
 * found again quickly; best where there are such already. *steps: how many. False: it is in the
 * midst of a string instruction that would take too many. */
static bool step_to_name(struct timeline *tl, struct live *l, uint64_t *steps)
{
    enum { WINDOW = 64, ROUNDS = 20000 };
    uint64_t rounds = 0, first_steps = 0;
    struct live first = { 0 };
    live_arm(tl, l, false, NULL);
    for (*steps = 0; !l->exact && !cancelled && *steps < WINDOW + rounds;) {
        uint64_t pc = tl->t->pc(l->m);
        bool repeats = tl->t->repeats(l->m);
        bool suits = !repeats && !stopper_near(tl, pc) && tl->t->suits(l->m);
        if (suits && tl->t->marked(l->m, pc)) break;
        if (suits && !first.m) {
            first = live_fork(tl->t, l);
            first.voyage = l->voyage; /* so that mark_made() knows what is behind it */
            first_steps = *steps;
        }
        bool stepped = live_run(tl->t, l, RUN_STEP, UINT64_MAX).kind != STOP_INTERRUPT;
        *steps += stepped;
        rounds += stepped && repeats;
        if (rounds == ROUNDS && !first.m) {
            snprintf(tl->why, sizeof tl->why, "this is in the midst of a string instruction (rep) "
                     "with too many rounds to go; step over it first");
            return false;
        }
        if (rounds == ROUNDS) break;
    }
    bool good = tl->t->marked(l->m, tl->t->pc(l->m)) && tl->t->suits(l->m);
    if (first.m && !l->exact && !good) {
        live_free(tl->t, l);
        *l = first;
        *steps = first_steps;
    } else {
        live_free(tl->t, &first);
    }
    return !cancelled;
}

/* `now` stands somewhere without a name. A few instructions ahead an instant is made a tick of the
 * clock, unless one is as near; `now` is so many steps back from that. False: cancelled, or it
 * cannot be. */
static bool name_now(struct timeline *tl)
{
    uint64_t clock = tl->t->clock(tl->now.m), steps;
    struct live ahead = live_fork(tl->t, &tl->now);
    ahead.voyage = tl->now.voyage;
    if (!step_to_name(tl, &ahead, &steps)) {
        live_free(tl->t, &ahead);
        return false;
    }
    if (!ahead.exact) {
        struct place place = { .event = clock + 1 };
        tl->t->mark(ahead.m);
        live_at(tl->t, &ahead, &place);
        mark_made(tl, &ahead, clock);
        keep_checkpoint(tl, &ahead);
    }
    if (steps) {
        struct place place = ahead.here;
        place.back = steps;
        live_at(tl->t, &tl->now, &place);
    } else {
        struct live same = tl->now;
        tl->now = ahead;
        ahead = same;
    }
    live_free(tl->t, &ahead);
    return true;
}

/* Forward by one instruction. */
struct moved timeline_step(struct timeline *tl)
{
    struct moved moved;
    struct replay_stop stop;
    if (goes_on_diverted(tl)) return move_diverted(tl, RUN_STEP);
    leave_diversion(tl);
    if (tell_call(tl, &moved)) return moved;
    set_out(tl);
    live_arm(tl, &tl->now, true, NULL);
    show(tl, true);
    do stop = live_run(tl->t, &tl->now, RUN_STEP, UINT64_MAX);
    while (stop.kind == STOP_INTERRUPT && !cancelled);
    show(tl, false);
    if (!stop_wanted(tl, &tl->now, &stop, tl->now.fresh, &moved)) return arrived(tl, &stop);
    return pass_hit(tl, moved);
}

/* A Ctrl-C has stopped l, as `stop` says. In the midst of a string instruction, which may have a
 * million rounds to go? That is no good place: on to its end. */
static struct replay_stop leave_repeat(struct timeline *tl, struct live *l, struct replay_stop stop)
{
    uint64_t pc = tl->t->pc(l->m);
    unsigned length = tl->t->repeats ? tl->t->repeats(l->m) : 0;
    struct trap end = { .kind = SEG_ARRIVE, .addr = pc + length };
    if (!length) return stop;
    live_arm(tl, l, true, &end);
    do stop = live_run(tl->t, l, RUN_CONT, UINT64_MAX);
    while (stop.kind == STOP_INTERRUPT && tl->t->pc(l->m) == pc);
    return stop;
}

/* Forward to the next hit, or to the end. Where `now` has no recipe of its own, first by steps to
 * the instant it is named by. */
struct moved timeline_continue(struct timeline *tl)
{
    struct moved moved;
    struct live *l = &tl->now;
    bool due = false;
    if (goes_on_diverted(tl)) return move_diverted(tl, RUN_CONT);
    leave_diversion(tl);
    if (tell_call(tl, &moved)) return moved;
    while (l->exact && l->here.back) {
        tl->told_call = true;
        moved = timeline_step(tl);
        if (moved.kind != MOVED_STEP) return moved;
    }
    set_out(tl);
    live_arm(tl, l, true, NULL);
    alarm_in(tl->t, tl->keep_every);
    double began = l->age;
    for (;;) {
        uint64_t until = due ? tl->t->clock(l->m) + 1 : UINT64_MAX;
        filter_arrivals(tl, l, &(struct trip){ .watching = true }, NULL, 0);
        show(tl, true);
        struct replay_stop stop = live_run(tl->t, l, RUN_CONT, until);
        if (stop.kind == STOP_INTERRUPT && cancelled) stop = leave_repeat(tl, l, stop);
        show(tl, false);
        no_filters(l);
        if (stop_wanted(tl, l, &stop, stop.kind == STOP_EVENT, &moved)) {
            moved = pass_hit(tl, moved);
        } else if (stop.kind == STOP_EXIT || cancelled) {
            if (stop.kind != STOP_EXIT) stop.kind = STOP_INTERRUPT;
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
        return (struct moved){ .kind = MOVED_LOST, .why = tl->why };
    }
    go_to(tl, &tl->beginning);
    return (struct moved){ .kind = MOVED_BEGIN };
}

/* Back by one instruction. */
struct moved timeline_reverse_step(struct timeline *tl)
{
    struct place place;
    struct moved moved;
    leave_diversion(tl);
    set_out(tl);
    if (!tl->now.exact && !name_now(tl)) return stuck(tl);
    place = tl->now.here;
    if (!place_before(tl, &place) || !go_to(tl, &place)) return stuck(tl);
    if (stop_wanted(tl, &tl->now, &(struct replay_stop){.kind = STOP_STEP}, true, &moved))
        return hit_at(tl, moved);
    return (struct moved){ .kind = MOVED_STEP };
}

/* Back by so many at once, which takes no longer than by one. Stops at nothing on the way. */
struct moved timeline_reverse_steps(struct timeline *tl, unsigned count)
{
    struct place place;
    set_out(tl);
    if (!tl->now.exact && !name_now(tl)) return stuck(tl);
    place = tl->now.here;
    while (count--)
        if (!place_before(tl, &place)) return stuck(tl);
    if (!go_to(tl, &place)) return stuck(tl);
    return (struct moved){ .kind = MOVED_STEP };
}

/* Back to the last hit before, as drawn at the top. Cases:
 *   1 standing at a signal's stop, come to going forward: it is passed again, first
 *   2 a breakpoint or signal: to where it was    3 a watchpoint: to before the access
 *   4 none: to the beginning */
struct moved timeline_reverse_continue(struct timeline *tl)
{
    leave_diversion(tl);
    if (tl->passed_signal) { /* 1 */
        tl->passed_signal = false;
        return tl->signal;
    }
    set_out(tl);
    if (!tl->now.exact && !name_now(tl)) return stuck(tl);
    struct live there = { 0 };
    struct hit hit = search(tl, &there);
    bool before = hit.moved.kind == MOVED_WATCH && !tl->after_touch; /* 3 */
    if (!hit.found) return stuck(tl); /* 4 */
    if (there.m) {
        live_free(tl->t, &tl->now);
        tl->now = there;
        another_present(tl);
        tl->ended = false;
        if (before && !tl->now.exact && !name_now(tl)) return stuck(tl);
        hit.place = tl->now.here;
    }
    if (before) place_before(tl, &hit.place);
    if ((before || !there.m) && !go_to(tl, &hit.place)) return stuck(tl); /* 2 */
    return hit_at(tl, hit.moved);
}

/* The same, but at a watchpoint to right after the access, which is quick to find; and an access
 * that led to where `now` stands is not before it. `led`: one of those watched did. */
struct moved timeline_reverse_touch(struct timeline *tl, bool led)
{
    tl->after_touch = true;
    tl->led = led;
    struct moved moved = timeline_reverse_continue(tl);
    tl->after_touch = tl->led = false;
    return moved;
}

/* ---- places the user names ---- */

/* How many events there were, by that clock, in the recording: those made since (name_live()) are
 * not known to users. */
static uint64_t recorded(const struct timeline *tl, uint64_t clock)
{
    return tl->t->recorded ? tl->t->recorded(tl->now.m, clock) : clock;
}

/* To the boundary of an event, forwards or backwards. */
struct moved timeline_seek(struct timeline *tl, uint64_t event)
{
    uint64_t clock = event;
    while (clock < UINT64_MAX && recorded(tl, clock) < event) clock++;
    struct place place = { .event = clock };
    leave_diversion(tl);
    set_out(tl);
    if (go_to(tl, &place)) return (struct moved){ .kind = MOVED_STEP };
    place.mark = MARK_END; /* the boundary of the last event is the end */
    struct live end = { 0 };
    if (!cancelled && !tl->t->exact && bring_to(tl, &place, &end)) {
        bool there = tl->t->clock(end.m) == clock;
        live_free(tl->t, &end);
        if (there && go_to(tl, &place)) return (struct moved){ .kind = MOVED_STEP };
    }
    tl->why[0] = 0; /* what is not there was not lost */
    return (struct moved){ .kind = cancelled ? MOVED_INTERRUPT : MOVED_LOST };
}

/* A recipe that leads there from an event holds no longer when a mark is made on the way
 * (name_now()). So the position gets a name that will hold. */
int timeline_checkpoint(struct timeline *tl)
{
    struct place here = tl->now.here;
    bool exact = tl->now.exact;
    if (here.n && tl->t->mark) tl->now.exact = false;
    if (!tl->now.exact && !name_now(tl)) {
        if (!exact) return 0;
        live_at(tl->t, &tl->now, &here);
    }
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

/* To checkpoint `number` of the user's, 0 the beginning. MOVED_LOST: there is none. */
struct moved timeline_restart(struct timeline *tl, int number)
{
    struct checkpoint *c = numbered(tl, number);
    if (!c) return (struct moved){ .kind = MOVED_LOST };
    leave_diversion(tl);
    live_free(tl->t, &tl->now);
    tl->now = live_fork(tl->t, &c->live);
    another_present(tl);
    tl->ended = tl->now.here.mark == MARK_END;
    set_out(tl);
    return (struct moved){ .kind = MOVED_STEP };
}

size_t timeline_memory(struct timeline *tl, char *buf, size_t size)
{
    size_t count = 0;
    for (struct checkpoint *c = tl->checkpoints; c; c = c->next) count++;
    size_t n = snprintf(buf, size, "%zu checkpoints take %.1f MB; the bound is %.1f MB", count,
                        measure_checkpoints(tl) / 1048576.0, tl->memory_limit / 1048576.0);
    return n < size ? n : size - 1;
}

/* A recipe in words: "event 312, 5 times at 0x401136, 3 steps". */
static size_t describe(const struct timeline *tl, const struct place *p, char *buf, size_t size)
{
    unsigned long long event = recorded(tl, p->event), marks = 0;
    size_t n = snprintf(buf, size, "%s%s %llu", p->mark == MARK_SIGNAL ? "before " : "",
                        tl->t->exact ? "instruction" : "event", event);
    while (marks < p->event && recorded(tl, p->event - marks - 1) == event) marks++;
    if (marks && n < size) n += snprintf(buf + n, size - n, ", interruption %llu", marks);
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
    if (p->back && n < size)
        n += snprintf(buf + n, size - n, ", %llu instructions back", (unsigned long long)p->back);
    return n < size ? n : size - 1;
}

size_t timeline_when(struct timeline *tl, char *buf, size_t size)
{
    if (!tl->now.exact && !name_now(tl))
        return snprintf(buf, size, "somewhere after event %llu",
                        (unsigned long long)recorded(tl, tl->t->clock(tl->now.m)));
    return describe(tl, &tl->now.here, buf, size);
}

/* A line each of those the user has made, number and position, into buf of `size` bytes. Its
 * length. */
size_t timeline_checkpoints(struct timeline *tl, char *buf, size_t size)
{
    size_t n = 0;
    buf[0] = 0;
    for (int number = 1; number <= tl->last_number; number++) {
        struct checkpoint *c = numbered(tl, number);
        if (!c || n + 300 > size) continue;
        n += snprintf(buf + n, size - n, "%d\t", number);
        n += describe(tl, &c->live.here, buf + n, size - n);
        n += snprintf(buf + n, size - n, "\n");
    }
    return n;
}
