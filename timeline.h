/* timeline.h - time travel, and gdb on top of it. The map:
 *
 *     timeline.c   reverse execution, over any machine that re-executes exactly; travel.h, live.c, travel.c,
 *                  before.c and search.c are its parts
 *     gdbstub.c    gdb's remote protocol                         --asks-->  timeline.c
 *     gdbtarget.c  what gdb must know of a machine's registers
 *     gdbreplay.c  a replayed process as such a machine; starting gdb on it
 *     condition.c  a breakpoint's condition, evaluated here
 */
#ifndef TIMELINE_H
#define TIMELINE_H

#include "rr.h"

/* ---- what a machine must be able to do ----
 *
 * A machine is something that re-executes exactly: a process of a recording (struct replay), or the
 * ARM guest. One row of functions each; timeline.c and gdbstub.c know machines by nothing else.
 *
 * The clock is a number that never decreases. If it is `exact` it names the instant (the guest's
 * instruction count). If not it counts events, and between two events there is a stretch of
 * instructions it says nothing about.
 */
struct machine;
struct timeline;
struct moved;
enum stopper_kind { STOP_ON_EXEC, STOP_ON_WRITE, STOP_ON_READ, STOP_ON_ACCESS };
struct target {
    bool exact; /* the clock ticks with every instruction */
    bool anywhere; /* a breakpoint may be set where nothing is mapped (yet) */
    bool progress; /* run() says where it has come to (progress.c) */

    struct machine *(*fork)(struct machine *m); /* an independent copy, breakpoints and all */
    void (*free)(struct machine *m);
    struct replay_stop (*run)(struct machine *m, enum replay_how how, uint64_t until);
    void (*visible)(bool on); /* is what the program writes shown from now on? */
    void (*interrupt)(void); /* async-signal-safe: makes run() return STOP_INTERRUPT */
    uint64_t (*clock)(const struct machine *m);
    bool (*set_breakpoint)(struct machine *m, uint64_t addr);
    bool (*clear_breakpoint)(struct machine *m, uint64_t addr);
    /* As replay_filter() and replay_passes() (rr.h). NULL: all arrivals stop. */
    void (*filter)(struct machine *m, uint64_t addr, const uint8_t *agent, size_t length,
                   uint64_t quota);
    uint64_t (*passes)(struct machine *m, uint64_t addr);
    bool (*set_watch)(struct machine *m, int slot, uint64_t addr, int len, enum watch_type type);
    bool (*clear_watch)(struct machine *m, int slot);
    /* As replay_catch(), replay_calling() and replay_returned(). NULL: there are no syscalls to
     * speak of. */
    void (*catch)(struct machine *m, const struct syscall_set *set);
    int64_t (*calling)(struct machine *m);
    int64_t (*returned)(const struct machine *m, pid_t *tid);
    uint64_t (*pc)(struct machine *m);
    /* the bytes of the instruction at pc, if it may step with pc unchanged (REP); else 0 */
    unsigned (*repeats)(struct machine *m);
    ssize_t (*read)(struct machine *m, uint64_t addr, void *buf, size_t len);

    /* for gdb */
    size_t (*threads)(struct machine *m, pid_t *tids, size_t max);
    pid_t (*thread)(struct machine *m); /* the one that runs next */
    size_t (*registers)(struct machine *m, pid_t tid, uint8_t *buf, uint8_t *valid); /* as in `g` */
    bool (*low_register)(struct machine *m, unsigned number,
                         uint64_t *value); /* of the current thread,
                                                    fast; false: ask registers() */
    const struct register_row *rows; /* the layout of that: gdbtarget.c */
    const char *arch, *abi; /* for the target description */
    size_t (*auxv)(struct machine *m, void *buf, size_t size);
    const char *(*exe)(struct machine *m);
    /* its copy in the trace, NULL if none */
    const char *(*file)(struct machine *m, const char *path);
    /* a list of what is mapped, for people; malloced. NULL: there is none */
    char *(*mappings)(struct machine *m);
    bool (*siginfo)(struct machine *m, void *buf, size_t size);

    /* Memory, in bytes. grown(): how much copies have come to have for themselves so far, or more;
     * never less. share(): what m takes, that it has in common with others divided among them; and
     * all of it. */
    uint64_t (*grown)(void);
    void (*share)(struct machine *m, uint64_t *share, uint64_t *whole);

    /* For a guest inside the machine (guestview.c), which has no timeline of its own: how its gdb
     * moves the emulator's, and what it inserts there. NULL: timeline.c's functions themselves. */
    struct moved (*move)(struct timeline *tl, struct moved (*how)(struct timeline *tl));
    bool (*stopper)(struct timeline *tl, enum stopper_kind kind, uint64_t addr, int len,
                    bool insert);

    /* Counting how often an instruction is come to, at full speed; NULL: by breakpoints. The
     * machine stops as if interrupted when it was `enough` times (0: never); addr 0 ends it.
     * tally() is false where that cannot be done, tallied() UINT64_MAX where it turned out so. */
    bool (*tally)(struct machine *m, uint64_t addr, uint64_t enough);
    uint64_t (*tallied)(struct machine *m);

    /* Where the clock is not exact, an instant without a name becomes a tick of the clock, which
     * then names it: as replay_mark() and the others of instant.c, that begin with "replay_". NULL:
     * all instants have names. */
    void (*mark)(struct machine *m);
    void (*pass_mark)(struct machine *m);
    bool (*suits)(struct machine *m);
    bool (*marked)(const struct machine *m, uint64_t pc);
    bool (*at_event)(const struct machine *m); /* the clock ticked and nothing happened since */
    uint64_t (*recorded)(const struct machine *m, uint64_t clock);

    /* What if: gdb changes memory and registers, and calls functions, in a diversion: a fork that
     * can be written to and runs on by itself, no longer as recorded. NULL: the past is only to be
     * looked at. */
    struct machine *(*divert)(struct machine *m);
    /* of a diversion */
    bool (*write)(struct machine *m, uint64_t addr, const void *buf, size_t len);
    /* all, as in `g`; tid runs next */
    bool (*set_registers)(struct machine *m, pid_t tid, const uint8_t *buf);
    unsigned sp; /* gdb's number for the stack pointer */
    unsigned thread_pointer; /* and for what thread-local variables are found by; 0: none */
};

/* ---- gdbtarget.c ---- */
enum { REGISTERS_MAX = 4096 }; /* bytes of a `g` packet's registers */
struct register_row {          /* a run of registers of the same kind; the last row has count 0 */
    const char *feature, *name; /* "%d" in the name is replaced by first, first + 1, ... */
    const char *type;
    unsigned count, bits, first;
};
size_t register_description(const struct register_row *rows, const char *arch, const char *abi,
                            char *buf, size_t size);
extern const struct register_row x86_rows[];
size_t x86_registers(const struct user_regs_struct *r, const uint8_t *xsave, size_t xsave_size,
                     uint8_t *buf, uint8_t *valid);
void x86_set_registers(const uint8_t *buf, struct user_regs_struct *r, uint8_t *xsave,
                       size_t xsave_size);
bool register_place(const struct register_row *rows, unsigned number, size_t *offset, size_t *size);

/* ---- condition.c ---- */
struct agent_code { size_t size; uint8_t code[]; };
enum agent_result { AGENT_FALSE, AGENT_TRUE, AGENT_ERROR };
enum agent_result agent_evaluate(const struct target *t, struct machine *m, const uint8_t *code,
                                 size_t size);
struct agent_code *agent_either(const struct agent_code *a, const struct agent_code *b);

/* ---- timeline.c ---- */
enum moved_kind {
    MOVED_STEP,      /* the step is done, or a breakpoint was reached: pc says where */
    MOVED_BREAK,
    MOVED_WATCH,     /* watch_addr and watch_kind say which */
    MOVED_SIGNAL,    /* signo; forwards and backwards it stands at the interrupted instruction */
    MOVED_SYSCALL,   /* a syscall being caught, `syscallno`, is about to be made, or is over: */
    MOVED_RETURN,    /* in thread `tid` */
    MOVED_BEGIN,     /* the start of history */
    MOVED_END,       /* its end; everything is still there to look at */
    MOVED_EXIT,      /* going on from the end: it exited with `status`, or of `signo` */
    MOVED_INTERRUPT, /* timeline_cancel() */
    MOVED_LOST,      /* where it was to go cannot be reached; `why` */
};
struct moved {
    enum moved_kind kind;
    int signo, status;
    uint64_t watch_addr;
    enum stopper_kind watch_kind;
    int64_t syscallno;
    pid_t tid; /* 0: the one that runs next */
    const char *why; /* good until time moves again */
};

/* Takes `start` over: the machine at the first instant of its history. */
struct timeline *timeline_new(const struct target *t, struct machine *start);
/* Checkpoints, but those the user made, shall take so much memory at most; 0: what timeline_new()
 * chose. */
void timeline_limit(struct timeline *tl, uint64_t bytes);
/* what they do take, in words */
size_t timeline_memory(struct timeline *tl, char *buf, size_t size);
void timeline_free(struct timeline *tl);
struct machine *timeline_machine(
    struct timeline *tl); /* at the present position (or the diversion from
                                                          it), for looking at */

/* Stoppers. A second one like the first replaces its conditions. Removing one that is not there is
 * no error. Nothing is inserted anywhere before time moves. */
bool timeline_insert(struct timeline *tl, enum stopper_kind kind, uint64_t addr, int len);
bool timeline_condition(struct timeline *tl, uint64_t addr, const uint8_t *code, size_t size);
void timeline_remove(struct timeline *tl, enum stopper_kind kind, uint64_t addr, int len);
void timeline_remove_all(struct timeline *tl);
/* Both make a diversion, unless there is one. It ends, and its changes are forgotten, when time
 * moves again: timeline.c says when that is. False: cannot be written. */
bool timeline_write(struct timeline *tl, uint64_t addr, const void *buf, size_t len);
bool timeline_set_registers(struct timeline *tl, pid_t tid, const uint8_t *buf);
/* syscalls that stop; NULL: none */
void timeline_catch(struct timeline *tl, const struct syscall_set *set);
void timeline_pass_signals(struct timeline *tl, uint64_t mask); /* bit N: signal N does not stop */

struct moved timeline_step(struct timeline *tl);
struct moved timeline_continue(struct timeline *tl);
struct moved timeline_reverse_step(struct timeline *tl);
/* or to the start of history */
struct moved timeline_reverse_steps(struct timeline *tl, unsigned count);
struct moved timeline_reverse_continue(struct timeline *tl);
/* the same, to right after an access; led: another led here */
struct moved timeline_reverse_touch(struct timeline *tl, bool led);
struct moved timeline_seek(struct timeline *tl, uint64_t event);
double seconds(void); /* a clock */
void timeline_start(void);  /* forgets an earlier timeline_cancel(): a new command begins */
void timeline_cancel(void); /* async-signal-safe: whatever is moving stops soon, MOVED_INTERRUPT */

int timeline_checkpoint(struct timeline *tl);         /* remembers this position; its number */
bool timeline_delete_checkpoint(struct timeline *tl, int number);
struct moved timeline_restart(struct timeline *tl, int number); /* 0: the start of history */
size_t timeline_when(struct timeline *tl, char *buf, size_t size); /* the position in words */
size_t timeline_checkpoints(struct timeline *tl, char *buf, size_t size);

/* ---- gdbstub.c ---- */
/* Serves one gdb on a connected socket until it leaves. False: it said to kill what it debugs. */
bool gdb_serve(int sock, const struct target *t, struct timeline *tl);
/* The same, and besides, one at a time, whoever connects to `listener`, to look at `other` through
 * the same timeline. */
void gdb_serve_two(int sock, const struct target *t, struct timeline *tl, int listener,
                   const struct target *other);

/* ---- gdbguest.c ---- */
extern const struct register_row arm_rows[];
size_t arm_threads(struct machine *m, pid_t *tids, size_t max);
pid_t arm_thread(struct machine *m);

/* ---- gdbreplay.c ---- */
int listen_on(int *port); /* on 127.0.0.1; 0 picks a port. -1: said why */

#endif
