/* rr.h - what the pieces of the recorder say to each other. The header is the map:
 *
 *     rr.c        command line; recording: one ptrace loop           --writes-->  trace.c
 *     syscalls.c  the table: what each syscall writes, what replay must redo (both sides use it)
 *     replay.c    re-executes a recording, event by event            <--reads--   trace.c
 *     timeline.c  positions, checkpoints, reverse execution, over replay.c
 *     gdbstub.c   gdb's remote protocol, over timeline.c
 *     probe.h     breakpoints that decide inside the process; instants named by their state
 */
#ifndef RR_H
#define RR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <sys/user.h>

enum { EXIT_USAGE = 2, EXIT_INTERNAL = 70 };

/* ---- rr.c ---- */
int record_main(int argc, char **argv);

/* ---- replay.c: re-executing a recording ----
 *
 * A `struct replay` is one process of the recording, alive again: a kernel task that plays all
 * threads of the process, and a place in the trace. It stands at a point in time; it can be moved
 * forward, forked (which is what a checkpoint is), looked at, and thrown away.
 */
struct replay;

enum replay_how {
    RUN_CONT,   /* until something stops it */
    RUN_STEP,   /* one instruction of the current thread (an event on the way is applied whole) */
};
enum replay_stop_kind {
    STOP_EVENT,      /* the events up to `until_event` have been applied (see replay_run) */
    STOP_STEP,       /* RUN_STEP did its instruction */
    STOP_BREAKPOINT, /* an inserted breakpoint was reached; rip stands ON it, not after it */
    STOP_WATCH,      /* a debug register fired; after the access, `watch` says which */
    STOP_SIGNAL,     /* a signal of the recording: see `signo`. Reported after its event was applied:
                        at the first instruction of the handler, or at the end if it killed */
    STOP_EXIT,       /* the end of the recording of this process: nothing left to run; the memory and
                        registers of its last moment are still there to look at */
    STOP_INTERRUPT,  /* replay_interrupt() was called (from a signal handler) */
};
struct replay_stop {
    enum replay_stop_kind kind;
    int signo;            /* STOP_SIGNAL; STOP_EXIT when a signal killed it, else 0 */
    int status;           /* STOP_EXIT: exit code */
    int watch;            /* STOP_WATCH: debug register 0..3, or -1 when replay itself (a syscall's
                             recorded result) wrote or read the watched bytes */
    uint64_t watch_addr;
    pid_t tid;            /* the recorded thread that was running */
    int64_t syscallno;    /* STOP_EVENT: the syscall if the event was one, else -1 */
};

/* trace: a directory. pid: a process of the recording, or 0 for the first. The process stands at the
 * very first instruction it executed. NULL: one line was printed. */
struct replay *replay_open(const char *trace, pid_t pid);
/* Move forward. until_event: stop (STOP_EVENT) as soon as that many events of this process are behind
 * it; UINT64_MAX for none. Divergence from the recording prints one line naming the event, the thread
 * and the first register or byte that differs, and exits with EXIT_INTERNAL. */
struct replay_stop replay_run(struct replay *r, enum replay_how how, uint64_t until_event);
struct replay *replay_fork(struct replay *r); /* a checkpoint: an independent copy at the same instant */
void replay_free(struct replay *r);
void replay_interrupt(void); /* async-signal-safe: makes a replay_run in progress return STOP_INTERRUPT */
uint64_t replay_event(const struct replay *r); /* events of this process behind it; 0 at its start */
uint64_t replay_last_event(const struct replay *r); /* how many there are */

/* Looking. Registers are the recorded program's own; memory reads never show inserted breakpoints. */
pid_t replay_pid(const struct replay *r);    /* as recorded */
pid_t replay_current_tid(const struct replay *r);
size_t replay_tids(const struct replay *r, pid_t *tids, size_t max);
bool replay_get_regs(struct replay *r, pid_t tid, struct user_regs_struct *regs);
size_t replay_get_xsave(struct replay *r, pid_t tid, void *buf, size_t size); /* NT_X86_XSTATE; its length */
ssize_t replay_read_mem(struct replay *r, uint64_t addr, void *buf, size_t len); /* bytes readable from addr on */
const char *replay_exe(const struct replay *r);       /* path of the program as recorded */
size_t replay_auxv(const struct replay *r, void *buf, size_t size);
/* The trace's own copy of a file the program mapped (path as recorded), or NULL. For vFile:open. */
const char *replay_file(const struct replay *r, const char *path);

/* Stopping. Both are inherited by replay_fork. Reference counts are the caller's business. */
bool replay_set_breakpoint(struct replay *r, uint64_t addr);
bool replay_clear_breakpoint(struct replay *r, uint64_t addr);
enum watch_type { WATCH_WRITE = 1, WATCH_ACCESS = 3 };
bool replay_set_watch(struct replay *r, int slot, uint64_t addr, int len, enum watch_type type);
bool replay_clear_watch(struct replay *r, int slot);

int replay_main(int argc, char **argv); /* `rr replay ...` */

/* ---- probes and preemption points: probe.h ---- */

/* ---- gdbstub.c + timeline.c ---- */
/* Serves one gdb on a connected socket until it leaves; the exit status for `rr replay`. */
int gdb_serve_replay(int sock, struct replay *start);

/* ---- spitz.c ---- */
int arm_main(int argc, char **argv);

#endif
