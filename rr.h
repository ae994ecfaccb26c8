/* rr.h - what the pieces of the recorder say to each other. The header is the map:
 *
 *     rr.c        command line; recording: one ptrace loop           --writes-->  trace.c
 *     syscalls.c  the table: what each syscall writes, what replay must redo (both sides use it)
 *     replay.c    re-executes a recording, event by event            <--reads--   trace.c
 *     timeline.c  positions, checkpoints, reverse execution, over replay.c
 *     gdbstub.c   gdb's remote protocol, over timeline.c
 *     probe.h     breakpoints that decide inside the process
 *     preempt.h   instants between two events, named by their state: recording, and finding them again
 */
#ifndef RR_H
#define RR_H

#include <sched.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <sys/user.h>

enum { EXIT_USAGE = 2, EXIT_INTERNAL = 70 };

/* ---- trace.c: the trace on disk ----
 *
 * A trace is a directory:   events    the stream of records below
 *                           files/N   copies of the files the program mapped, by number
 * A record is one event: what came into one thread of the program at one place of its life. Between
 * two events of the trace nothing comes in, and only the thread of the next event runs.
 */
enum event_type {
    EV_EXEC = 1,     /* a fresh address space: items say all of it, regs are its first registers, and result the
                        processor it runs on, if cpuid could not be made to trap (it names it), else -1 */
    EV_SYSCALL,      /* a whole syscall: regs at entry, `result`, what memory it wrote */
    EV_ENTER,        /* entered a syscall that lasts while other threads run: regs at entry */
    EV_LEAVE,        /* and came back from it */
    EV_SIGNAL,       /* a signal was acted on; `how` says which way, regs are those after it */
    EV_INSN,         /* one of chance.c's, which trapped: regs are those after it */
    EV_PREEMPT,      /* switched out, or signalled, at an instruction of no event: I_POINT names it */
    EV_EXIT,         /* the thread is gone; `result` is its wait status */
    EV_MEMORY,       /* others have written to memory it shares with them: items say what it is now */
    EV_TYPES
};
enum signal_how {
    SIG_FAULT = 1,   /* flag: the instruction at regs_before.rip raises it by itself */
    SIG_HANDLER = 2, /* a frame was written, the handler runs */
    SIG_FATAL = 4,   /* killed the process */
    SIG_NOTHING = 8, /* ignored, stopped or continued the process: no effect on its memory */
};
struct event {
    uint64_t number;   /* place in the whole recording, from 0 */
    uint64_t offset;   /* of its record in the file */
    enum event_type type;
    pid_t tid, pid;    /* thread and process, as recorded */
    int64_t nr;        /* syscall number; for EV_SIGNAL the signal */
    int64_t result;    /* of the syscall; wait status for EV_EXIT */
    uint32_t how;      /* enum signal_how */
    struct user_regs_struct regs;
    const uint8_t *items, *items_end; /* in the mapped trace: see trace_item */
    const struct instant *instant;    /* not recorded, but made in replay: instant.c; else NULL */
};
/* What an event carries: bytes for the memory, checks, mappings. */
enum item_kind {
    I_MEM = 1,   /* memory from addr on becomes `data` */
    I_CHECK,     /* at the entry, the `size` bytes at addr have checksum `data` (8 bytes) */
    I_MAP,       /* a mapping: addr, size, data = struct item_map */
    I_UNMAP,     /* addr and size are unmapped */
    I_PROTECT,   /* addr and size become protection data[0..3] */
    I_XSAVE,     /* the thread's extended state (NT_X86_XSTATE) after the event */
    I_OUTPUT,    /* `data` went to the recorder's stdout (addr 1) or stderr (addr 2) */
    I_OUTPUT_MEM,/* the same, and the bytes are the `size` bytes of memory at addr; data[0..3]: 1 or 2 */
    I_NEWTASK,   /* with EV_ENTER of a clone or fork: data = struct item_newtask */
    I_EXE,       /* EV_EXEC: path of the program */
    I_AUXV,      /* EV_EXEC: its auxiliary vector */
    I_ARGV,      /* EV_EXEC: its command line, as in /proc/PID/cmdline */
    I_SIGINFO,   /* EV_SIGNAL: siginfo_t */
    I_POINT,     /* EV_PREEMPT: where: data = struct item_point */
    I_MOVE,      /* mremap: data = old address and old size, 8 bytes each; addr, size are the new ones */
    I_REGS,      /* full registers: before an EV_SIGNAL or EV_INSN, after a sigreturn or arch_prctl */
    I_ADVISE,    /* madvise(addr, size, data[0..3]) */
    I_RANGE,     /* EV_PREEMPT: memory its digest covers */
    I_HINT,      /* EV_PREEMPT: what is in some of it, for telling other instants apart quickly */
    I_PERMIT,    /* arch_prctl(addr, size), which lets the process use a part of the processor (AMX) */
    I_VECTORS,   /* EV_PREEMPT: the low 8 bytes of each of the 16 vector registers */
};
enum map_flags { MAPPED_SHARED = 1, MAPPED_GROWSDOWN = 2 };
struct item_map {
    uint32_t prot, flags; /* flags: enum map_flags */
    int32_t file;    /* its number in the trace, -1: none */
    /* not 0: all mappings of this number in the process are the same memory (shared.c) */
    uint32_t object;
    uint64_t offset; /* into the file or object */
};
struct item_newtask { /* `child_tid` is written there, if not 0, as the child's first act */
    int32_t tid, pid;
    uint64_t flags, child_tid;
    struct user_regs_struct regs; /* the child's first */
};
struct item_point { /* with the event's registers, the name of an instant: see preempt.c */
    uint64_t memory, xsave; /* digests */
    uint8_t code[16];       /* at rip, as far as it is readable */
    uint8_t order[16];      /* general registers, those that vary most first */
};
struct item { enum item_kind kind; uint64_t addr, size; const uint8_t *data; uint64_t len; };

struct trace_writer;
/* A new directory for PROG (or `dir` itself if not NULL), and latest-trace on it. NULL: said
 * why. */
struct trace_writer *trace_create(const char *dir, const char *prog);
const char *trace_writer_dir(const struct trace_writer *w);
void trace_event(struct trace_writer *w, const struct event *e); /* begin a record; items follow */
void trace_item(struct trace_writer *w, enum item_kind kind, uint64_t addr, uint64_t size,
                const void *data, uint64_t len);
bool trace_end_event(struct trace_writer *w); /* the record is complete. False: the disk is full */
bool copy_file(int in, int out, off_t size);
/* copies it once; its number, -1 */
int trace_add_file(struct trace_writer *w, int fd, const char *path);
void trace_close_writer(struct trace_writer *w);

struct trace;
struct trace *trace_open(const char *dir); /* NULL dir: the last recording. NULL: said why */
char *trace_locate(const char *dir);
void trace_close(struct trace *t);
/* e at *offset, which moves on */
bool trace_next(struct trace *t, uint64_t *offset, struct event *e);
/* *at: e->items first */
bool trace_next_item(const struct event *e, const uint8_t **at, struct item *i);
uint64_t trace_first(const struct trace *t); /* offset of the first record */
const char *trace_dir(const struct trace *t);
bool trace_cut_short(const struct trace *t); /* it ends without the end the recorder puts there */
/* Ends the program, with one line, if the copy of a file is not what it was. */
void trace_check_file(struct trace *t, int file);
const char *trace_file_path(const struct trace *t, int file); /* its path when it was recorded */
const char *trace_find_file(const struct trace *t, const char *path, char *buf, size_t size);
uint64_t checksum(const void *data, size_t len, uint64_t seed);
char *trace_root(void); /* the directory traces live in; malloced */
void link_latest(const char *dir); /* makes the trace the latest of its directory */

/* ---- tracee.c: making a stopped task do things (struct tracee: probe.h) ---- */
enum { STUB_PAGE = 0x70000000 }; /* `syscall; int3`, in every recorded and replayed process */
extern const uint8_t stub_page_code[3];
struct tracee;
int64_t inject_at(struct tracee *t, uint64_t at, long number, const uint64_t arg[6]);
int64_t inject_stub(struct tracee *t, long number, const uint64_t arg[6]);
int64_t inject(struct tracee *t, long number, uint64_t a, uint64_t b, uint64_t c, uint64_t d,
               uint64_t e, uint64_t f);
pid_t wait_stop(pid_t pid, int *status);
int tracee_step(struct tracee *t);
int open_mem(pid_t pid);
#ifndef ARCH_REQ_XCOMP_PERM
#define ARCH_REQ_XCOMP_PERM 0x1023
#endif
#ifndef ARCH_SET_CPUID
#define ARCH_GET_CPUID 0x1011
#define ARCH_SET_CPUID 0x1012
#endif
void trap_here(bool on);
void trap_as_tracees(void);
size_t get_xsave(pid_t pid, void *buf, size_t size);
bool set_xsave(pid_t pid, const void *buf, size_t size);
enum { XSAVE_MAX = 16384 }; /* AVX-512 and AMX need 11,008 bytes */
struct mapping {
    uint64_t start, end, offset, inode, dev;
    int prot;
    bool shared;
    char name[512]; /* path, [stack], ... or "" */
};
bool parse_map(const char *line, struct mapping *m);
bool for_each_map(pid_t pid, void (*each)(const struct mapping *m, void *data), void *data);

/* ---- signals.c ---- */
bool emulate_instruction(struct tracee *t, struct user_regs_struct *r); /* chance.c */

/* ---- syscalls.c: the table ---- */
enum syscall_class {
    SC_UNKNOWN,  /* not in the table: a warning */
    SC_PLAIN,    /* its effect is its result and the memory it writes */
    SC_SHAPE,    /* changes the address space: replay does it, too */
    SC_REFUSE,   /* answered with ENOSYS, as by a kernel without it */
    SC_EXIT,     /* does not come back */
    SC_CLONE,    /* makes a task */
    SC_EXEC,
    SC_SIGRETURN /* comes back somewhere else */
};
/* A syscall at its entry or exit, as its row's rules see it. */
struct syscall_ctx {
    struct tracee *task;
    int64_t nr, result;
    uint64_t arg[6];
    void *owner;
    /* the array of buffers at parts_at as it was at the entry, when the kernel took a copy of it */
    const struct iovec *parts;
    uint64_t parts_at, part_count;
    /* the kernel wrote these bytes */
    void (*out)(struct syscall_ctx *c, uint64_t addr, uint64_t len);
    /* and read these: data going out */
    void (*in)(struct syscall_ctx *c, uint64_t addr, uint64_t len);
};
#define INT80 (1ll << 32) /* in a syscall's number: it is one of those of int 0x80 */
const char *syscall_name(int64_t nr);
enum syscall_class syscall_class(int64_t nr);
bool syscall_may_wait(int64_t nr, uint64_t arg1);
bool syscall_may_wake(int64_t nr);
bool syscall_kills(int64_t nr, const uint64_t arg[6]);
bool syscall_fills(int64_t nr);
bool syscall_parts(struct syscall_ctx *c); /* sets parts_at and part_count */
void syscall_outputs(struct syscall_ctx *c); /* calls c->out for all the syscall wrote */
void syscall_buffers(struct syscall_ctx *c); /* ... for all it may yet write, at its entry */
/* calls c->in for what a write-like syscall is about to send */
void syscall_inputs(struct syscall_ctx *c);

/* ---- rr.c ---- */
int record_main(int argc, char **argv);

/* ---- progress.c: on a terminal, for what takes longer than two seconds ---- */
void progress_begin(const char *what);
void progress_at(uint64_t done, uint64_t of);
void progress_end(void);
void progress_give_way(char last);

/* ---- list.c ---- */
int ls_main(int argc, char **argv);
int ps_main(int argc, char **argv);
int dump_main(int argc, char **argv);
int rm_main(int argc, char **argv);
int pack_main(int argc, char **argv);

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
    STOP_EVENT, /* the events up to `until_event` have been applied (see replay_run), or one that is the end of
                        a syscall of those replay_catch() names */
    STOP_STEP,       /* RUN_STEP did its instruction */
    STOP_BREAKPOINT, /* an inserted breakpoint was reached; rip stands ON it, not after it */
    STOP_WATCH,      /* a debug register fired; after the access, `watch` says which */
    STOP_SIGNAL,     /* a signal of the recording, `signo`, is about to be applied: once, with the
                        registers as they were when it came; the next run applies it */
    STOP_SYSCALL, /* `syscallno`, of those replay_catch() names, is about to be made: rip stands on its
                        instruction, and came there just now */
    STOP_EXIT,    /* the end of the recording of this process: nothing left to run; the memory and
                        registers of its last moment are still there to look at */
    STOP_INTERRUPT, /* replay_interrupt() was called (from a signal handler) */
};
struct replay_stop {
    enum replay_stop_kind kind;
    int signo;            /* STOP_SIGNAL; STOP_EXIT when a signal killed it, else 0 */
    int status;           /* STOP_EXIT: exit code */
    int watch;            /* STOP_WATCH: debug register 0..3, or -1 when replay itself (a syscall's
                             recorded result) wrote or read the watched bytes */
    uint64_t watch_addr;
    pid_t tid;            /* the recorded thread that was running */
    int64_t syscallno;    /* STOP_EVENT: the syscall if the event was one, else -1; STOP_SYSCALL */
};

/* trace: a directory. pid: a process of the recording, or 0 for the first. The process stands at
 * the very first instruction it executed. NULL: one line was printed. */
struct replay *replay_open(const char *trace, pid_t pid);
/* Move forward. until_event: stop (STOP_EVENT) as soon as that many events of this process are
 * behind it; UINT64_MAX for none. Divergence from the recording prints one line naming the event,
 * the thread and the first register or byte that differs, and exits with EXIT_INTERNAL. */
struct replay_stop replay_run(struct replay *r, enum replay_how how, uint64_t until_event);
/* a checkpoint: an independent copy at the same instant */
struct replay *replay_fork(struct replay *r);
void replay_free(struct replay *r);
/* async-signal-safe: makes a replay_run in progress return STOP_INTERRUPT */
void replay_interrupt(void);
/* events of this process behind it; 0 at its start */
uint64_t replay_event(const struct replay *r);
uint64_t replay_last_event(const struct replay *r); /* how many there are */

/* Looking. Registers are the recorded program's own; memory reads never show inserted
 * breakpoints. */
pid_t replay_pid(const struct replay *r);    /* as recorded */
pid_t replay_current_tid(const struct replay *r);
size_t replay_tids(const struct replay *r, pid_t *tids, size_t max);
bool replay_get_regs(struct replay *r, pid_t tid, struct user_regs_struct *regs);
/* NT_X86_XSTATE; its length */
size_t replay_get_xsave(struct replay *r, pid_t tid, void *buf, size_t size);
/* bytes readable from addr on */
ssize_t replay_read_mem(struct replay *r, uint64_t addr, void *buf, size_t len);
const char *replay_exe(const struct replay *r);       /* path of the program as recorded */
size_t replay_auxv(const struct replay *r, void *buf, size_t size);
/* The trace's own copy of a file the program mapped (path as recorded), or NULL. For vFile:open. */
const char *replay_file(const struct replay *r, const char *path);

/* Stopping. Both are inherited by replay_fork. Reference counts are the caller's business. */
bool replay_set_breakpoint(struct replay *r, uint64_t addr);
bool replay_clear_breakpoint(struct replay *r, uint64_t addr);
/* The breakpoint there stops only where the condition (gdb's bytecode; length 0: none) holds or
 * cannot be evaluated, or at the quota'th arrival from now (0: none). Neither: it stops always, as
 * at first. It may always stop more often than that. */
void replay_filter(struct replay *r, uint64_t addr, const uint8_t *agent, size_t length,
                   uint64_t quota);
uint64_t replay_passes(struct replay *r,
                       uint64_t addr); /* arrivals since the last event or the last asking
                                                            for which a filter made no stop */
enum watch_type { WATCH_EXECUTE = 0, WATCH_WRITE = 1, WATCH_ACCESS = 3 };
bool replay_set_watch(struct replay *r, int slot, uint64_t addr, int len, enum watch_type type);
bool replay_clear_watch(struct replay *r, int slot);
struct syscall_set {
    bool all;
    uint64_t bits[8]; /* by number */
};
/* Stops where such syscalls are about to be made and where they are over; NULL: at none. The set
 * must stay. A run that starts at one of these instants does not stop there. */
bool syscall_in(const struct syscall_set *set, int64_t nr); /* none is in NULL */
void replay_catch(struct replay *r, const struct syscall_set *set);
/* the syscall that is made next, right here; -1: none */
int64_t replay_calling(struct replay *r);
/* the one that was over at this instant; -1 */
int64_t replay_returned(const struct replay *r, pid_t *tid);

int replay_main(int argc, char **argv); /* `rr replay ...` */

/* ---- probes and preemption points: probe.h ---- */

/* ---- gdbstub.c + timeline.c ---- */
struct replay_options {
    int port;             /* -s: wait for a gdb there (0: pick one and print it); -1: start gdb */
    uint64_t start_event; /* -g */
    /* --guest-port: a second gdb, for the guest in a replayed `rr arm`; -1: none */
    int guest_port;
    uint64_t memory;      /* --checkpoint-mem: bytes; 0: as it likes */
    bool start_at_end;    /* -e */
    const char *gdb_script; /* -x, or NULL */
    char **gdb_args;      /* after --, ended by NULL */
    cpu_set_t all_cpus;   /* those we may run on; replay stays on one, gdb may use all */
};
/* "512M"; K, M, G. False: it is not like that */
bool parse_size(const char *text, uint64_t *bytes);
/* Serves gdb until it leaves; the exit status for `rr replay`. */
int gdb_replay_session(struct replay *start, const struct replay_options *o);

/* ---- spitz.c ---- */
int arm_main(int argc, char **argv);

#endif
