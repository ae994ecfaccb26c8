/* replay.h - what the two halves of replay share: replay.c (running to events) and apply.c (what an
 * event does to the process). */
#ifndef REPLAY_H
#define REPLAY_H

#include "probe.h"
#include "rr.h"

enum { MAX_BREAKPOINTS = 4096, WATCH_SLOTS = 4 };

/* A recorded thread, played by the one kernel task of its address space. While it is the current
 * one its registers are in the task and `regs` is stale. */
struct thread {
    pid_t tid, pid;
    bool in_kernel;  /* between EV_ENTER and EV_LEAVE: it has nothing to run */
    struct user_regs_struct regs;
    uint8_t *xsave;  /* malloced; NULL: the initial state */
    size_t xsave_len;
};

struct breakpoint {
    uint64_t addr;
    uint8_t original; /* the byte under the int3, valid while inserted */
    bool wanted;      /* set by the user of this replay... */
    bool call;        /* set to stop at a syscall that is caught */
    bool inserted;    /* ...and really in memory; brought in line when the task runs */

    /* A filter: stop only where the condition holds, or at the quota'th arrival. A probe sees to
     * it; where none suits (-1), all arrivals stop. */
    bool filtered, tried; /* there is one; `probe` says what came of it */
    int probe;
    uint8_t agent[200];   /* the condition, gdb's bytecode */
    size_t agent_length;  /* 0: none */
    uint64_t count, left; /* the probe's counter began here, and was this when last looked at */
    uint64_t passed;      /* counted by probes that are gone, and not told of yet */
};

struct watch { uint64_t addr; int len; enum watch_type type; bool on; };

/* The recording in memory: shared by all replays of it. */
struct recording {
    struct trace *trace;
    struct event *events;
    size_t count;
    int users;
    struct learnt *learnt;    /* of seek.c */
    struct instant *instants; /* of instant.c, the latest first */
    struct replay *replays;   /* all of them, by `sibling` */
};

/* One address space of the recording, alive again. Invariant between calls: the task is
 * ptrace-stopped in its own code (never in the stub page), with the registers of threads[current];
 * all of its events before rec->events[next] are applied and none after. */
struct replay {
    struct recording *rec;
    struct replay *sibling;
    struct tracee task;
    size_t next;          /* index of the next event to look at */
    uint64_t done;        /* own events behind it */
    uint64_t total;       /* own events there are */
    pid_t pid;            /* the process being replayed, as recorded */
    struct thread *threads;
    size_t thread_count, current;
    struct breakpoint *breakpoints;
    size_t breakpoint_count;
    struct object *objects; /* memory that is mapped in several places, see objects.c */
    size_t object_count;
    struct watch watch[WATCH_SLOTS];
    struct probes *probes; /* in memory only while seek.c lets the task run */
    bool announced;       /* the next event is a signal, and STOP_SIGNAL has told of it */
    const struct syscall_set *catching; /* NULL: none. struct replay_stop says what happens */
    /* index of an event whose syscall is made where the run began: no stop there */
    size_t passing;
    bool ran;      /* the task was let run in this replay_run() */
    bool at_event; /* it was not since the event before `next` took place */
    /* the syscall of thread `returned_tid` that was over right here; -1: none */
    int64_t returned;
    pid_t returned_tid;
    bool ended;           /* its last event is behind it */
    bool diverted;        /* it runs on by itself: divert.c */
    uint64_t faults;      /* of the task, when it was last forked: footprint.c */
    /* count.c: where, how often at most, how often so far */
    uint64_t tally_at, tally_enough, tallied;
    bool tally_failed;
    bool all;             /* of `rr replay -a`: forks become replays of their own */
    int exit_status;
    char exe[4096];
    uint8_t auxv[1024];
    size_t auxv_len;
};

/* ---- breakpoint.c ---- */
void insert_breakpoints(struct replay *r);
void remove_breakpoints(struct replay *r);
struct breakpoint *breakpoint_at(struct replay *r, uint64_t addr);
uint64_t read_debug(struct replay *r, int n);
bool write_debug(struct replay *r, int n, uint64_t value);
void arm_watch(struct replay *r, int slot);
int free_watch(const struct replay *r);
bool catch_call(struct replay *r, const struct event *e, bool step);
bool clear_call_breakpoint(struct replay *r, uint64_t addr);
bool filter_stands(const struct replay *r, const struct breakpoint *b);
void restart_filters(struct replay *r);

/* ---- apply.c ---- */
void build_process(struct replay *r, const struct event *exec);
void apply_items(struct replay *r, const struct event *e, struct replay_stop *stop);
struct thread *thread_of(struct replay *r, pid_t tid);
struct thread *add_thread(struct replay *r, pid_t tid, pid_t pid);
void remove_thread(struct replay *r, pid_t tid);
void switch_thread(struct replay *r, struct thread *t);
void write_regs(struct replay *r, const struct user_regs_struct *regs);
void diverged(const struct replay *r, const struct event *e, const char *format, ...)
    __attribute__((format(printf, 3, 4), noreturn));
const char *event_name(const struct event *e);
bool replay_echo(bool on); /* is replayed output shown from now on? the setting before */

enum reached { /* how the task came to stop */
    AT_SYSCALL, AT_FAULT,
    AT_STOP,  /* `stop` says what; the caller of replay_run wants to know */
    AT_PROBE, /* a probe let it through: for seek.c */
    AT_POINT  /* where a preemption is */
};

/* ---- count.c ---- */
bool replay_tally(struct replay *r, uint64_t addr, uint64_t enough);
bool counted_by_seek(struct replay *r, uint64_t site);
uint64_t replay_tallied(const struct replay *r);
enum reached run_counting(struct replay *r, bool step, struct user_regs_struct *regs,
                          struct replay_stop *stop);

/* ---- divert.c ---- */
struct replay *replay_divert(struct replay *r);
bool replay_write_mem(struct replay *r, uint64_t addr, const void *buf, size_t len);
bool replay_set_regs(struct replay *r, pid_t tid, const struct user_regs_struct *regs,
                     const uint8_t *xsave, size_t size);
struct replay_stop divert_run(struct replay *r, enum replay_how how);

/* ---- footprint.c ---- */
uint64_t forks_grown(void);
void count_fork(struct replay *r, struct replay *fork);
void replay_share(struct replay *r, uint64_t *share, uint64_t *whole);

/* ---- instant.c ---- */
void replay_mark(struct replay *r);
void replay_pass_mark(struct replay *r);
bool replay_suits(struct replay *r);
bool replay_marked(const struct replay *r, uint64_t pc);
bool replay_at_event(const struct replay *r);
uint64_t replay_recorded(const struct replay *r, uint64_t clock);
void instants_free(struct recording *rec);

/* ---- objects.c ---- */
int64_t open_object(struct replay *r, uint32_t number);
void fork_objects(const struct replay *r, struct replay *copy);
bool write_object(struct replay *r, uint64_t addr, const uint8_t *data, uint64_t len);
void free_objects(struct replay *r);

/* ---- replay.c ---- */
enum reached run_task(struct replay *r, bool step, struct user_regs_struct *regs,
                      struct replay_stop *stop);
enum reached run_on(struct replay *r, bool step, bool first, struct user_regs_struct *regs,
                    struct replay_stop *stop);
struct replay *replay_new(struct recording *rec, pid_t pid);
struct recording *load_recording(const char *dir);
const struct event *next_event(struct replay *r);
uint64_t count_events(const struct recording *rec, pid_t pid, size_t from);
bool advance(struct replay *r, bool step, bool first, struct replay_stop *stop);

/* ---- family.c ---- */
void replay_exec(struct replay *r, const struct event *e);
bool replay_born(struct replay *r, const struct event *e, const struct item_newtask *n);
int replay_all(struct replay *first);

#endif
