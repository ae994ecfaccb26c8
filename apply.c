/* apply.c - what an event does to the replayed process: memory, mappings, registers, breakpoints.
 *
 * The process is built from nothing. A child of rr is moved onto the stub page, everything else of
 * it is unmapped, and the recorded mappings are made at their recorded addresses out of the trace's
 * own copies of the files. There never is an execve in replay. After that only few events touch the
 * address space; they are redone by injected syscalls. All others are bytes and registers.
 *
 * Everything becomes private: nobody else writes to the process's memory, as what others wrote was
 * recorded when the process could first see it.
 *
 * Start reading at build_process(), then apply_items().
 */
#define _GNU_SOURCE
#include "replay.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/rseq.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define TASK_TOP 0x7ffffffff000ull /* end of user addresses, less a page */

/* ---- divergence ---- */

const char *event_name(const struct event *e)
{
    static const char *const names[EV_TYPES] = {
        [EV_EXEC] = "exec", [EV_SIGNAL] = "signal", [EV_INSN] = "trapped instruction",
        [EV_PREEMPT] = "preemption", [EV_EXIT] = "exit",
        [EV_MEMORY] = "memory"};
    if (e->type == EV_SYSCALL || e->type == EV_ENTER || e->type == EV_LEAVE)
        return syscall_name(e->nr);
    return e->type < EV_TYPES && names[e->type] ? names[e->type] : "unknown event";
}

/* The replay does not do what the recording did: say where it first differs, and end. */
void diverged(const struct replay *r, const struct event *e, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    progress_end();
    fflush(stdout);
    fprintf(stderr, "rr: replay differs from the recording %s at event %llu (%s, thread %d): ",
            trace_dir(r->rec->trace), (unsigned long long)e->number, event_name(e), (int)e->tid);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
    exit(EXIT_INTERNAL);
}

/* ---- threads ---- */

struct thread *thread_of(struct replay *r, pid_t tid)
{
    for (size_t i = 0; i < r->thread_count; i++)
        if (r->threads[i].tid == tid)
            return &r->threads[i];
    return NULL;
}

struct thread *add_thread(struct replay *r, pid_t tid, pid_t pid)
{
    r->threads = realloc(r->threads, (r->thread_count + 1) * sizeof *r->threads);
    struct thread *t = &r->threads[r->thread_count++];
    *t = (struct thread){.tid = tid, .pid = pid};
    return t;
}

/* Forget a thread. The last one stays, so that there is always something to look at. */
void remove_thread(struct replay *r, pid_t tid)
{
    struct thread *t = thread_of(r, tid);
    if (!t || r->thread_count == 1)
        return;
    if (t == &r->threads[r->current])
        switch_thread(r, &r->threads[r->current ? 0 : 1]);
    free(t->xsave);
    size_t i = t - r->threads;
    memmove(t, t + 1, (r->thread_count - i - 1) * sizeof *t);
    r->thread_count--;
    if (r->current > i)
        r->current--;
}

void write_regs(struct replay *r, const struct user_regs_struct *regs)
{
    struct user_regs_struct w = *regs;
    w.orig_rax = -1; /* or syscall-restart logic rewrites rax and rip */
    ptrace(PTRACE_SETREGS, r->task.pid, 0, &w);
}

/* The task plays t from now on. */
void switch_thread(struct replay *r, struct thread *t)
{
    uint8_t xsave[XSAVE_MAX];
    struct thread *old = &r->threads[r->current];
    if (t == old)
        return;
    ptrace(PTRACE_GETREGS, r->task.pid, 0, &old->regs);
    old->xsave_len = get_xsave(r->task.pid, xsave, sizeof xsave);
    old->xsave = realloc(old->xsave, old->xsave_len);
    memcpy(old->xsave, xsave, old->xsave_len);
    r->current = t - r->threads;
    write_regs(r, &t->regs);
    if (t->xsave)
        set_xsave(r->task.pid, t->xsave, t->xsave_len);
}

/* ---- building a process ---- */

/* The child's side: becomes a process that holds nothing but the stub page and its parent's
 * leavings. */
static void become_empty(void)
{
    ptrace(PTRACE_TRACEME, 0, 0, 0);
    setpgid(0, 0); /* Ctrl-C is for rr and gdb, not for the replayed program */
    trap_here(true);
    signal(SIGSEGV, SIG_DFL);
    /* The kernel would go on writing to glibc's rseq area, which will be gone */
    if (__rseq_size > 0)
        syscall(SYS_rseq, (char *)__builtin_thread_pointer() + __rseq_offset, 32, 1, RSEQ_SIG);
    void *p = mmap((void *)STUB_PAGE, 4096, PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
    if (p != (void *)STUB_PAGE)
        _exit(1);
    memcpy(p, stub_page_code, sizeof stub_page_code);
    mprotect(p, 4096, PROT_READ | PROT_EXEC);
    kill(getpid(), SIGSTOP);
    _exit(1);
}

/* A fresh, empty, stopped task for r. */
static void new_task(struct replay *r)
{
    int status = 0;
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0)
        become_empty();
    if (pid < 0 || wait_stop(pid, &status) != pid || !WIFSTOPPED(status)) {
        fprintf(stderr, "rr: cannot start a process to replay in: %s\n", strerror(errno));
        exit(EXIT_INTERNAL);
    }
    ptrace(PTRACE_SETOPTIONS, pid, 0,
           PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL | PTRACE_O_TRACEFORK | PTRACE_O_TRACECLONE);
    r->task = (struct tracee){.pid = pid, .mem = open_mem(pid), .owner = r, .syscall = inject_stub,
                              .step = tracee_step};
}

/* Inject a mapping syscall that cannot fail unless the machine cannot hold the process. */
static void must(struct replay *r, const struct event *e, const char *what, int64_t result,
                 uint64_t addr)
{
    if (result < 0 && result >= -4095)
        diverged(r, e, "%s at 0x%llx failed here: %s", what, (unsigned long long)addr,
                 strerror(-result));
}

/* Map what I_MAP says: the trace's copy of the file, or zeroes. */
static void apply_map(struct replay *r, const struct event *e, const struct item *i)
{
    struct item_map m;
    char path[4096];
    int64_t fd = -1;
    if (i->len < sizeof m || !i->size)
        return;
    memcpy(&m, i->data, sizeof m);
    int flags = MAP_PRIVATE | MAP_FIXED | MAP_NORESERVE | (m.file < 0 ? MAP_ANONYMOUS : 0);
    if (m.flags & MAPPED_GROWSDOWN)
        flags |= MAP_GROWSDOWN;
    if (m.object) {
        flags = MAP_SHARED | MAP_FIXED;
        if ((fd = open_object(r, m.object)) < 0)
            diverged(r, e, "cannot make shared memory: %s", strerror(-fd));
    } else if (m.file >= 0) { /* the path is lent a place in the stub page */
        int n = snprintf(path, sizeof path, "%s/files/%d", trace_dir(r->rec->trace), m.file);
        trace_check_file(r->rec->trace, m.file);
        tracee_write(&r->task, STUB_PAGE + 64, path, n + 1 < 4000 ? n + 1 : 4000);
        fd = inject(&r->task, SYS_open, STUB_PAGE + 64, 0, 0, 0, 0, 0);
        if (fd < 0)
            diverged(r, e, "cannot open %s: %s", path, strerror(-fd));
    }
    must(r, e, "mmap", inject(&r->task, SYS_mmap, i->addr, i->size, m.prot, flags, fd, m.offset),
         i->addr);
    if (fd >= 0)
        inject(&r->task, SYS_close, fd, 0, 0, 0, 0, 0);
}

/* Replace all of r's process by what the EV_EXEC says: the memory, and its only thread. */
void build_process(struct replay *r, const struct event *e)
{
    if (r->task.pid)
        remove_breakpoints(r);
    else
        new_task(r);
    probes_free(r->probes); /* their memory goes with all the rest */
    r->probes = probes_new();
    for (size_t i = 0; i < r->thread_count; i++)
        free(r->threads[i].xsave);
    r->thread_count = r->current = 0;
    add_thread(r, e->tid, e->pid);
    inject(&r->task, SYS_munmap, 0, STUB_PAGE, 0, 0, 0, 0);
    inject(&r->task, SYS_munmap, STUB_PAGE + 4096, TASK_TOP - STUB_PAGE - 4096, 0, 0, 0, 0);
    close(r->task.mem);
    r->task.mem = open_mem(r->task.pid);
    apply_items(r, e, NULL);
    write_regs(r, &e->regs);
}

/* ---- items ---- */

/* Bytes the kernel wrote. An int3 of ours under them stays, and hides the new byte. */
static void apply_mem(struct replay *r, const struct event *e, const struct item *i,
                      struct replay_stop *stop)
{
    if (!tracee_write(&r->task, i->addr, i->data, i->len) &&
        !write_object(r, i->addr, i->data, i->len))
        diverged(r, e, "memory at 0x%llx is not there", (unsigned long long)i->addr);
    for (size_t n = 0; n < r->breakpoint_count; n++) {
        struct breakpoint *b = &r->breakpoints[n];
        if (b->inserted && b->addr - i->addr < i->len) {
            b->original = i->data[b->addr - i->addr];
            tracee_write(&r->task, b->addr, "\xcc", 1);
        }
    }
    for (int n = 0; stop && n < WATCH_SLOTS; n++) {
        struct watch *w = &r->watch[n];
        if (w->on && w->addr < i->addr + i->len && i->addr < w->addr + w->len) {
            stop->kind = STOP_WATCH;
            stop->watch = -1;
            stop->watch_addr = w->addr;
        }
    }
}

/* Is replayed output shown? The high-water mark keeps a stretch that is run again from printing
 * again. */
static bool echo;
static uint64_t echoed; /* events below this number have been shown */

bool replay_echo(bool on)
{
    bool was = echo;
    echo = on;
    return was;
}

/* All of it, or as much as can be written: an output that is gone is no reason to end a replay. */
static void write_all(int fd, const uint8_t *p, uint64_t len)
{
    if (!len)
        return;
    uint8_t last = p[len - 1];
    progress_give_way(0);
    while (len) {
        ssize_t n = write(fd, p, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            break;
        p += n;
        len -= n;
    }
    progress_give_way(last);
}

/* Shows what the program wrote to its stdout or stderr, once, however often the stretch is run
 * again. I_OUTPUT has the bytes; of I_OUTPUT_MEM they are still where the program wrote them
 * from. */
static void apply_output(struct replay *r, const struct event *e, const struct item *i)
{
    int32_t fd = i->kind == I_OUTPUT ? (int32_t)i->addr : 0;
    if (!echo || e->number < echoed)
        return;
    if (i->kind == I_OUTPUT) {
        write_all(fd, i->data, i->len);
        return;
    }
    uint8_t *buf = malloc(i->size + 1);
    memcpy(&fd, i->data, 4);
    ssize_t n = replay_read_mem(r, i->addr, buf, i->size);
    if (n > 0)
        write_all(fd, buf, n);
    free(buf);
}

/* What the program is about to send out, compared with what it sent then: by its checksum, as the
 * trace does not hold it. The earliest sign of memory that is not what it was. */
static void apply_check(struct replay *r, const struct event *e, const struct item *i)
{
    uint64_t want;
    uint8_t *buf = malloc(i->size + 1);
    memcpy(&want, i->data, 8);
    ssize_t n = replay_read_mem(r, i->addr, buf, i->size);
    bool same = n == (ssize_t)i->size && checksum(buf, n, 0) == want;
    free(buf);
    if (!same)
        diverged(r, e, "the %llu bytes of output at 0x%llx are not those recorded",
                 (unsigned long long)i->size, (unsigned long long)i->addr);
}

/* A mapping syscall done again. */
static void apply_shape(struct replay *r, const struct event *e, const struct item *i)
{
    uint64_t old[2];
    uint32_t value = 0;
    int64_t result;
    remove_breakpoints(r);
    probes_make_room(r->probes, &r->task, i->addr, i->size);
    if (i->len >= 4)
        memcpy(&value, i->data, 4);
    switch (i->kind) {
    case I_MAP: apply_map(r, e, i); break;
    case I_UNMAP: inject(&r->task, SYS_munmap, i->addr, i->size, 0, 0, 0, 0); break;
    case I_PROTECT:
        result = inject(&r->task, SYS_mprotect, i->addr, i->size, value, 0, 0, 0);
        /* with a gap behind, it fails as it did then */
        must(r, e, "mprotect", result == e->result ? 0 : result, i->addr);
        break;
    case I_ADVISE: inject(&r->task, SYS_madvise, i->addr, i->size, value, 0, 0, 0); break;
    case I_MOVE:
        memcpy(old, i->data, sizeof old);
        if (old[0] == i->addr) /* in place: what lies behind it was free in the recording, too */
            must(r, e, "mremap", inject(&r->task, SYS_mremap, old[0], old[1], i->size, 0, 0, 0),
                 i->addr);
        else
            must(r, e, "mremap",
                 inject(&r->task, SYS_mremap, old[0], old[1], i->size,
                        MREMAP_MAYMOVE | MREMAP_FIXED, i->addr, 0),
                 i->addr);
        break;
    default: break;
    }
}

/* Do to the process what the event says, its registers apart. A watched byte that is written sets
 * *stop (NULL: nobody asks). */
void apply_items(struct replay *r, const struct event *e, struct replay_stop *stop)
{
    struct item_newtask born;
    const uint8_t *at = e->items;
    for (struct item i; trace_next_item(e, &at, &i);)
        switch (i.kind) {
        case I_MEM: apply_mem(r, e, &i, stop); break;
        case I_MAP: case I_UNMAP: case I_PROTECT: case I_MOVE: case I_ADVISE: apply_shape(r, e, &i); break;
        case I_PERMIT:
            must(r, e, "arch_prctl", inject(&r->task, SYS_arch_prctl, i.addr, i.size, 0, 0, 0, 0),
                 i.addr);
            break;
        case I_XSAVE: set_xsave(r->task.pid, i.data, i.len); break;
        case I_CHECK: apply_check(r, e, &i); break;
        case I_OUTPUT: case I_OUTPUT_MEM: apply_output(r, e, &i); break;
        case I_NEWTASK:
            memcpy(&born, i.data, sizeof born);
            if (replay_born(r, e, &born))
                at = e->items_end; /* the rest is the parent's */
            break;
        case I_EXE:
            snprintf(r->exe, sizeof r->exe, "%.*s", (int)i.len, (const char *)i.data);
            break;
        case I_AUXV:
            r->auxv_len = i.len < sizeof r->auxv ? i.len : sizeof r->auxv;
            memcpy(r->auxv, i.data, r->auxv_len);
            break;
        case I_ARGV: case I_REGS: case I_SIGINFO: case I_POINT: case I_RANGE: case I_HINT:
        case I_VECTORS: break; /* for others */
        }
    if (e->number >= echoed)
        echoed = e->number + 1;
}
