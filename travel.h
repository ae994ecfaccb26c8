/* travel.h - inside the time machine: what timeline.c and its parts share.
 *
 *     live.c      a machine, running it, and knowing where it stands
 *     travel.c    from where a machine stands to an instant after it; checkpoints
 *     before.c    the instant before a given one
 *     search.c    the last hit before the present
 *     timeline.c  gdb's commands
 *
 * Who wants to understand it begins with timeline.c's opening.
 */
#ifndef TRAVEL_H
#define TRAVEL_H

#include "timeline.h"
#include <signal.h>

enum segment_kind { SEG_STEPS, SEG_ARRIVE, SEG_TOUCH };

/* What can stop a machine by itself: a breakpoint (kind SEG_ARRIVE) or a hardware watchpoint. */
struct trap {
    uint8_t kind;
    uint8_t len, type; /* SEG_TOUCH: bytes, enum watch_type */
    uint64_t addr;
};

/* One stage of a recipe: so many steps, arrivals or touches, counted from the end of the one
 * before. */
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
    bool
        filter; /* SEG_ARRIVE: the next run need only stop here where `condition`, if any, holds, or
                       when `count` has become `until` (0: never) */
    bool filtered;  /* the machine was told so for the last run */
    const struct agent_code *condition;
    uint64_t until;
    /* inserted when it was unknown where the machine stood: no count until an event */
    bool uncounted;
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
    bool fresh; /* what it did last led to another instruction, not round in a REP one */
    struct place base, here;
    struct armed *armed;
    size_t armed_count, armed_size;
    bool catching; /* `now` and trips that watch: syscalls stop, too */
    /* Checkpoints with the same number were left behind by this very machine: they are before
     * it. */
    unsigned voyage;
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
    struct agent_code *any; /* all of them as one; NULL: none, or it cannot be */
    struct stopper *next;
};

/* The last hit of a search. */
struct hit {
    bool found;
    struct place place;
    struct moved moved;
};

static const double KEEP_EVERY = 0.1; /* keep_every, usually */
struct timeline {
    const struct target *t;
    struct live now; /* exact, always, but for an interrupted run in a stretch without events */
    struct checkpoint *checkpoints;
    struct stopper *stoppers;
    uint64_t breaks[64]; /* where breakpoints were last; gdb takes them out at each stop */
    unsigned break_count;
    struct live diversion; /* a fork of `now` that gdb has changed; or none, then .m is NULL */
    struct place beginning;
    uint64_t pass_signals;
    struct syscall_set caught; /* syscalls that stop, if `catching` */
    bool catching;
    bool told_call;        /* gdb has been told of the syscall `now` is about to make */
    bool ended;            /* `now` is at MARK_END and gdb has been told */
    bool passed_signal;    /* `now` came forward to a signal's stop: going back passes it again */
    struct moved signal;   /* that stop */
    int last_number;       /* of the user's checkpoints */
    const struct trap *tally; /* armed besides, in any machine: see struct trip */
    bool after_touch, led; /* timeline_reverse_touch() */
    uint64_t memory_limit; /* bytes checkpoints may take, */
    uint64_t memory, memory_then; /* what they took when last measured, and t->grown() then, */
    /* and how much of that is there anyway, for `now`; 0 when `now` is another one */
    uint64_t in_common;
    double keep_every;     /* seconds of running between the checkpoints left on the way */
    char why[200];
};

/* ---- a trip: from where a machine stands to an instant after it ---- */

/* With `watching`, gdb's stoppers are armed on the way, and the last hit before the goal is kept.
 * The goal may be an instant `behind` hits (wanted or not) after the one of interest: an instant
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
    /* ...and after `enough` of them (0: any number) the trip is interrupted */
    uint64_t tallied, enough;
    uint64_t stops, patience; /* at traps; after so many of them it is, too (0: never) */
    uint64_t hits, most; /* noted so far; it is interrupted, too, at the `most`th (0: none) */
    struct hit *queue;   /* `behind` of them, round and round */
    size_t queued;
    struct hit last;
    uint64_t last_is;    /* the how manieth noted that was */
};
enum trip_end { ARRIVED, INTERRUPTED, LOST };

/* ---- live.c ---- */
extern volatile sig_atomic_t cancelled; /* timeline_cancel() was called */
double seconds(void);
void *must(void *memory);
bool same_trap(const struct trap *a, const struct trap *b);
bool same_goal(const struct place *a, const struct place *b);
bool same_place(const struct place *a, const struct place *b);
bool is_boundary(const struct place *p);
bool place_extend(struct place *p, const struct trap *trap, uint64_t count);
void alarm_in(const struct target *t, double delay);
void live_at(const struct target *t, struct live *l, const struct place *place);
void live_free(const struct target *t, struct live *l);
struct live live_fork(const struct target *t, const struct live *l);
struct armed *find_armed(struct live *l, const struct trap *trap);
struct armed *watch_in_slot(struct live *l, int slot);
void live_arm(struct timeline *tl, struct live *l, bool stoppers, const struct trap *extra);
void live_disarm(const struct target *t, struct live *l, size_t i);
void live_name(struct live *l, const struct armed *a);
void live_sprung(struct live *l, struct armed *a);
struct replay_stop live_run(const struct target *t, struct live *l, enum replay_how how,
                            uint64_t until);

/* ---- travel.c ---- */
bool call_wanted(struct timeline *tl, struct live *l, struct moved *moved);
bool stop_wanted(struct timeline *tl, struct live *l, const struct replay_stop *stop,
                 bool pc_counts, struct moved *moved);
void filter_arrivals(struct timeline *tl, struct live *l, const struct trip *trip,
                     const struct trap *counting, uint64_t count);
void no_filters(struct live *l);
bool is_hit(struct timeline *tl, struct live *l, const struct replay_stop *stop, bool pc_counts);
void note_hit(struct timeline *tl, struct live *l, const struct replay_stop *stop, bool pc_counts,
              struct trip *trip);
enum trip_end travel(struct timeline *tl, struct live *l, struct trip *trip);
bool on_the_way(struct live *l, const struct place *goal, unsigned *i, uint64_t *done);
bool comes_before(const struct target *t, struct live *l, const struct place *goal);
void keep_on_the_way(struct timeline *tl, struct live *l, const struct replay_stop *stop,
                     bool *due);
uint64_t measure_checkpoints(struct timeline *tl);
void another_present(struct timeline *tl);
void drop_checkpoint(struct timeline *tl, struct checkpoint *dead);
struct checkpoint *add_checkpoint(struct timeline *tl, const struct live *l, int number);
void keep_checkpoint(struct timeline *tl, const struct live *l);
bool nearer(struct timeline *tl, struct live *a, struct live *b, const struct place *goal);
struct checkpoint *checkpoint_before(struct timeline *tl, const struct place *goal, bool exact);
struct checkpoint *checkpoint_back(struct timeline *tl, const struct place *goal);
bool bring_to(struct timeline *tl, const struct place *place, struct live *l);
bool go_to(struct timeline *tl, const struct place *place);

/* ---- before.c ---- */
bool place_before(struct timeline *tl, struct place *p);
struct checkpoint *approach(struct timeline *tl, const struct place *goal);

/* ---- search.c ---- */
struct hit search(struct timeline *tl, struct live *there);

#endif
