/* record.h - what the pieces of the recorder share: rr.c (the loop), schedule.c (turns), exec.c
 * (new address spaces and new tasks), signals.c (signals and trapping instructions). */
#ifndef RECORD_H
#define RECORD_H

#include "probe.h"
#include "rr.h"

#include <signal.h>
#include <sys/stat.h>
#include <sys/uio.h>

enum task_state {
    TASK_STARTING, /* born, has not shown up yet */
    TASK_READY,    /* stopped, at a place where it can be let run */
    TASK_IN_KERNEL,/* in a syscall, running or blocked: its next stop will be the exit */
    TASK_RUNNING,  /* user code; at most one task is in this state */
    TASK_STOPPED,  /* by SIGSTOP or its like, until SIGCONT: its next stop says so */
    TASK_DYING,    /* killed, its end is still to be heard of */
};

/* an asynchronous signal that waits for its thread to be at an event, or was sent to it there */
struct held_signal {
    siginfo_t info;
    struct held_signal *next;
};

/* A buffer of a syscall's that is elsewhere while the kernel writes to it: see scratch.c. */
struct loan { uint64_t was, is, len; uint8_t arg; };
enum { MAX_LOANS = 8, SCRATCH = STUB_PAGE + 0x10000, SCRATCH_SIZE = 0x11000 * 60 };
enum { OURS_END = SCRATCH + SCRATCH_SIZE }; /* from STUB_PAGE on, the program cannot have it */

enum { MAX_CHECKS = 16 };
struct check { uint64_t addr, len, sum; };

/* An address space of the recorded tree: one for all threads of a process, and for a vfork child
 * until it execs. */
struct space {
    int users;                  /* tasks */
    uint64_t brk;               /* as the last brk said, 0: not asked yet */
    struct shared_range *shared; /* its shared mappings, see shared.c */
    size_t shared_count;
    struct ranges *writable;    /* see own_memory(); NULL: not listed */
    struct written *written;    /* of written.c; NULL: nobody has looked */
    bool scratch;               /* the region for scratch.c is mapped */
    uint64_t slots;             /* of it, those in use */
    /* madvise has said of some of it that children get none, or zeroes */
    bool fork_differs;
    struct space *next;         /* in rec.spaces */
};

/* One thread of the recorded tree. */
struct task {
    pid_t tid, pid;             /* thread, and its process */
    enum task_state state;
    struct tracee tracee;
    int stat;                   /* its /proc/PID/task/TID/stat; -1 until it is first looked at */
    uint64_t events;            /* so many have been written of it */
    struct user_regs_struct regs; /* at its last stop; after its last event, what the event said */
    struct user_regs_struct entry; /* in a syscall: at its entry */
    int64_t nr;                 /* in a syscall: its number, as the program asked */
    bool in_syscall;            /* between entry and exit */
    bool entered;               /* EV_ENTER was written, so the exit is an EV_LEAVE */
    /* the last exit was -ERESTART*: the syscall goes on at its next entry */
    bool restarting;
    bool at_event;              /* no user instruction was executed since its last event */
    bool marked;                /* see mark_place() */
    bool woken;                 /* its last syscall slept, and it has not run since */
    bool yields;                /* it has come back from sched_yield: others first */
    bool spins;                 /* when its turn was last ended by force, it went round and round: preempt.c */
    bool aborted;               /* the syscall was skipped to deliver a held signal first */
    bool forced;                /* the kernel was made to skip it: `forced_result` comes out */
    int64_t forced_result;
    uint64_t clear_tid;         /* set_tid_address: zeroed when the thread ends */
    cpu_set_t cpus;             /* where it may run, as far as it knows: see answers.c */
    bool fixed_addresses, no_tsc; /* it has asked for ADDR_NO_RANDOMIZE, for rdtsc to fault */
    bool reads_execute;         /* ... for READ_IMPLIES_EXEC */
    /* signals that look like faults, but that no instruction will raise again: see note_raised() */
    uint64_t raised;
    uint64_t robust;            /* set_robust_list: its futexes are marked when the thread ends */
    struct space *space;
    bool interrupted;           /* PTRACE_INTERRUPT was sent, because its slice is over */
    int inject;                 /* signal to inject at the next resume, 0 for none */
    /* its last stop, `pending_status`, was met and is yet to be handled */
    bool has_stop;
    int pending_status;
    struct held_signal *signals;
    /* of those, the ones sent to it again, at its event, whose stops are yet to come */
    struct held_signal *sent;
    struct iovec *parts; /* the array of its syscall's buffers, as it was at the entry; NULL */
    uint64_t parts_at, part_count;
    struct check checks[MAX_CHECKS];
    int check_count;
    int slot;                   /* scratch.c's, one more than its number; 0: none */
    struct loan loans[MAX_LOANS];
    int loan_count;
    bool no_loan;               /* while buffers are lent: one of them could not be */
    /* while output is written down: whether it went to our stdout (1) or stderr (2) */
    int output;
    struct task *next;
};

struct recorder {
    struct trace_writer *trace;
    struct task *tasks, *current;
    struct space *spaces, *last_space; /* all; the one that had the turn last, NULL if it is gone */
    struct stat output[3]; /* of our own stdout and stderr: output that goes there is reproduced */
    pid_t first;           /* the process whose exit status is ours */
    int first_status;
    time_t began;          /* when the recording began */
    bool cpuid_faults, warned[512];
    volatile sig_atomic_t slice_over; /* set by the timer */
    /* the syscall that has just ended may have woken others: see finish_woken() */
    bool woke;
    bool killed;           /* it has sent SIGKILL: see finish_killed() */
    /* the current task has had its turn: at its next event, another goes on */
    bool rotate;
    /* one task answers the syscalls of others (seccomp's user notification): any may sleep */
    bool supervised;
    bool chaos;            /* -c: turns of random length and order */
    bool timer_on;
    double slice;          /* seconds: a turn of this length is ended by force */
};
extern struct recorder rec;

/* ---- rr.c ---- */
struct task *find_task(pid_t tid);
struct task *add_task(pid_t tid, pid_t pid);
void event_begin(struct task *t, enum event_type type, const struct user_regs_struct *regs,
                 int64_t nr, int64_t result, uint32_t how);
void event_mem(struct task *t, uint64_t addr, uint64_t len);
void event_end(void);
struct syscall_ctx syscall_context(struct task *t, int64_t result);
int record_run(struct tracee *tracee, int request);
int record_step(struct tracee *tracee);
bool is_fault(const siginfo_t *info);
void record_interrupted(struct task *t);
int output_of(struct task *t, uint64_t fd);
void handle_stop(struct task *t, int status);

/* ---- schedule.c ---- */
void schedule_start(unsigned seed);
void keep_stop(struct task *t, int status);
bool collect(int flags);
struct task *pick(void);
void wait_for(struct task *t);
void end_turn(struct task *t);
void preempt(struct task *t);
void finish_woken(void);
void finish_killed(void);
bool has_siblings(const struct task *t);

/* ---- preempt.c (and preempt.h) ---- */
void forget_writable(struct space *s);

/* ---- written.c (and preempt.h) ---- */
void written_free(struct space *s);

/* ---- output.c ---- */
bool prepare_copied_output(struct task *t);
uint64_t file_position(struct task *t, uint64_t fd);
void record_copied_output(struct task *t, int64_t result);

/* ---- chance.c ---- */
bool record_instruction(struct task *t, const struct user_regs_struct *before);
void record_chance(struct task *t, int file, uint64_t offset, uint64_t addr, uint64_t length);

/* ---- vdso.c ---- */
void tame_vdso(struct task *t, uint64_t auxv);

/* ---- scratch.c ---- */
void scratch_map(struct task *t);
void scratch_leave(struct task *t);
void scratch_lend(struct task *t);
void scratch_restore(struct task *t);
void scratch_bring(struct task *t, uint64_t addr, uint64_t len);
void scratch_bring_lengths(struct task *t);

/* ---- answers.c ---- */
struct task *meant_by(struct task *t, pid_t pid);
int64_t correct_answer(struct task *t, int64_t result);
int64_t set_tsc(struct task *t);

/* ---- exec.c ---- */
struct space *space_new(void);
void space_leave(struct task *t);
void record_exec(struct task *t);
bool exec_is_32bit(struct task *t, int dirfd, uint64_t path);
int descriptor_flags(struct task *t, int fd);
void record_mapping(struct task *t, uint64_t addr, uint64_t len);
void record_mmap(struct task *t, uint64_t addr);
void record_growth(struct task *t, uint64_t addr);
void record_stack_limit(struct task *t);
void record_heap(struct task *t, uint64_t addr, uint64_t len);

/* ---- shared.c ---- */
void record_leavings(struct task *t);
void shared_private(struct task *t, const struct mapping *m);
void shared_restored(struct task *t, uint64_t addr, uint64_t len);
uint32_t shared_object(struct task *t, const struct mapping *m);
void shared_detached(struct task *t, uint64_t addr);
void shared_refresh(struct task *t);
void shared_born(struct task *parent, struct task *child);
void shared_free(struct space *s);
void record_fork_differences(struct task *parent, struct task *child);
void record_memory_written(struct task *t, int64_t result);
bool shared_at(const struct task *t, uint64_t addr);
void shared_tell(struct task *t, bool own);
void shared_switch(struct task *t);
bool others_see(struct task *t);
void shared_written(struct task *t, uint64_t addr, uint64_t len);
void shared_file_written(struct task *t, int64_t result);
void note_robust(struct task *t);
void record_futex_waiter(struct task *t);

/* ---- signals.c ---- */
void note_raised(struct task *t, int64_t result);
void record_signal_stop(struct task *t, int signo);
void hold_signal(struct task *t, const siginfo_t *info);
int next_held(struct task *t);
void send_held(struct task *t);
void forget_signals(struct task *t);
bool nothing_executed(const struct user_regs_struct *a, const struct user_regs_struct *b);
void mark_place(struct task *t);
bool in_place(const struct task *t, const struct user_regs_struct *now);

#endif
