/* shared.c - memory that changes behind a thread's back.
 *
 * Problem: replay knows two ways for memory to change, the program's own instructions and the
 * results of its own syscalls. There are others, and each must come into the trace as bytes, at a
 * moment when it is certain that they have been written and that no one has looked at them yet.
 *
 *   (a) A thread ends: the kernel zeroes its thread id and marks the robust mutexes it held.
 *   (b) A thread blocks on a priority-inheriting futex: the kernel marks it as waited for, and the owner sees that.
 *   (c) Another process writes to memory that is shared with this one.
 *   (d) A syscall writes to a file that is mapped, be it privately: what is not yet the process's own copy changes.
 *   (e) process_vm_writev, and writes to /proc/PID/mem.   (f) Memory that madvise has kept from a child.
 *
 * (c) is found by comparing. Only one task of the whole tree runs at a time. When the turn goes
 * from a process A to a process B, what is shared is copied as A leaves it, and B's own copy, from
 * when B last had the turn, shows what has changed since: an EV_MEMORY of B with those bytes comes
 * before anything else B does. So each process replays alone, with a memory of its own. Only within
 * one process several mappings of the same thing must stay one memory: such a thing has a number,
 * its `object`, and replay makes one real memfd of it. Costs nothing where no two processes share
 * memory that one can write, else a read of it at each turn.
 *
 * Source: get_robust_list(2), set_tid_address(2), futex(2).
 */
#define _GNU_SOURCE
#include "record.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>
#include <unistd.h>

static void shared_lost(const struct space *s);

/* ---- (a) the end of a thread ---- */

enum { MAX_ROBUST = 2048 }; /* the kernel gives up then, too */

/* Write down the futexes of t's robust list, which the kernel has marked FUTEX_OWNER_DIED. The list
 * is made of pointers to the next one, ends at its head, and bit 0 of a pointer is a flag. */
static void record_robust(struct task *t)
{
    struct robust_list_head head;
    if (!t->robust || tracee_read(&t->tracee, t->robust, &head, sizeof head) != sizeof head)
        return;
    uint64_t at = (uint64_t)head.list.next & ~1ull;
    for (int n = 0; n < MAX_ROBUST && at != t->robust; n++) {
        event_mem(t, at + head.futex_offset, 4);
        if (tracee_read(&t->tracee, at, &at, sizeof at) != sizeof at)
            break;
        at &= ~1ull;
    }
    if (head.list_op_pending)
        event_mem(t, ((uint64_t)head.list_op_pending & ~1ull) + head.futex_offset, 4);
}

/* t is about to exit: if it holds no robust mutex, there is nothing to look for when it has. */
void note_robust(struct task *t)
{
    struct robust_list_head head;
    if (t->robust && tracee_read(&t->tracee, t->robust, &head, sizeof head) == sizeof head &&
        (uint64_t)head.list.next == t->robust && !head.list_op_pending)
        t->robust = 0;
}

/* Items for what the kernel has done to memory as t ended, if there is anyone left to see it. */
void record_leavings(struct task *t)
{
    static const uint32_t zero;
    if (t->space && t->space->users > 1) {
        record_robust(t);
        if (t->clear_tid)
            trace_item(rec.trace, I_MEM, t->clear_tid, 4, &zero, 4);
    } else if (t->space && t->robust) {
        shared_lost(t->space);
    }
    t->robust = t->clear_tid = 0;
}

/* ---- (b) futexes ---- */

/* Items for what the kernel has done to the futex on which t is about to wait. */
void record_futex_waiter(struct task *t)
{
    int op = t->entry.rsi & FUTEX_CMD_MASK;
    if (t->nr == SYS_futex && (op == FUTEX_LOCK_PI || op == FUTEX_LOCK_PI2))
        event_mem(t, t->entry.rdi, 4);
}

/* ---- (c) memory shared with other processes ---- */

enum {
    PAGE = 4096,
    /* Larger ones replay as private copies: each checkpoint copies an object. So do those that are
     * only read, unless they are small: to be read in one place and written in another, by one
     * process, is for tests and rings. */
    MAX_SHARED = 256 << 20, MAX_READ_ONLY = 1 << 20
};

/* A shared mapping of an address space. */
struct shared_range {
    uint64_t start, end, offset; /* offset: into the thing that is mapped... */
    uint64_t dev, inode;         /* ...which is this */
    /* private: a file's, which may be written to (d) while its pages are not ours yet */
    bool writable, private;
    uint32_t object;             /* its number in this space, 0: replay has a private copy */
    /* the bytes when this space last had the turn; NULL: none were taken */
    uint8_t *copy;
    /* (d): offsets between which a syscall has written, and we have not told */
    uint64_t dirty_from, dirty_to;
};

static bool same_thing(const struct shared_range *a, const struct shared_range *b)
{
    return a->inode == b->inode && a->dev == b->dev;
}

/* The number of the thing r maps, if its space maps it already; 0 if not. */
static uint32_t object_of(const struct space *s, const struct shared_range *r)
{
    for (size_t i = 0; i < s->shared_count; i++)
        if (same_thing(&s->shared[i], r) && !s->shared[i].private)
            return s->shared[i].object;
    return 0;
}

static bool has_private(const struct space *s, const struct shared_range *r)
{
    for (size_t i = 0; i < s->shared_count; i++)
        if (same_thing(&s->shared[i], r) && s->shared[i].private)
            return true;
    return false;
}

static struct shared_range range_of(const struct mapping *m)
{
    return (struct shared_range){.start = m->start, .end = m->end, .offset = m->offset, .dev = m->dev,
                                 .inode = m->inode, .writable = m->shared && m->prot & PROT_WRITE, .private = !m->shared};
}

static void add_range(struct space *s, const struct shared_range *r)
{
    s->shared = realloc(s->shared, (s->shared_count + 1) * sizeof *r);
    s->shared[s->shared_count++] = *r;
}

/* t has just made the shared mapping m. The number replay is to know its memory by; 0: it gets a
 * copy. */
uint32_t shared_object(struct task *t, const struct mapping *m)
{
    static uint32_t last;
    struct shared_range r = range_of(m);
    r.object = object_of(t->space, &r);
    if (!r.object && m->end - m->start <= (r.writable ? MAX_SHARED : MAX_READ_ONLY))
        r.object = ++last;
    add_range(t->space, &r);
    return r.object;
}

/* t has just made the private mapping m of a file that may be written to. */
void shared_private(struct task *t, const struct mapping *m)
{
    struct shared_range r = range_of(m);
    add_range(t->space, &r);
}

/* t has given up its own copies of these pages: items for those that are the file's again. */
void shared_restored(struct task *t, uint64_t addr, uint64_t len)
{
    for (size_t i = 0; i < t->space->shared_count; i++) {
        const struct shared_range *r = &t->space->shared[i];
        uint64_t from = addr > r->start ? addr : r->start,
                 to = addr + len < r->end ? addr + len : r->end;
        if (r->private && from < to)
            event_mem(t, from, to - from);
    }
}

/* Is addr in memory of t that others may write to, and whose contents are the same in replay? */
bool shared_at(const struct task *t, uint64_t addr)
{
    for (size_t i = 0; i < t->space->shared_count; i++) {
        const struct shared_range *r = &t->space->shared[i];
        if (r->writable && addr - r->start < r->end - r->start)
            return r->end - r->start <= MAX_SHARED;
    }
    return false;
}

void shared_free(struct space *s)
{
    for (size_t i = 0; i < s->shared_count; i++)
        free(s->shared[i].copy);
    free(s->shared);
    s->shared = NULL;
    s->shared_count = 0;
}

/* Take over one mapping of the space as it is now; things keep their numbers (those in `from`). */
struct renewal { struct space *space; const struct space *from; };

static void renew_range(const struct mapping *m, void *data)
{
    struct renewal *n = data;
    struct shared_range r = range_of(m);
    if (r.private ? !m->inode || !has_private(n->from, &r) : !m->shared)
        return;
    r.object = r.private ? 0 : object_of(n->from, &r);
    add_range(n->space, &r);
}

/* t has detached the segment at addr: the item for that. */
void shared_detached(struct task *t, uint64_t addr)
{
    for (size_t i = 0; i < t->space->shared_count; i++)
        if (t->space->shared[i].start == addr)
            trace_item(rec.trace, I_UNMAP, addr, t->space->shared[i].end - addr, NULL, 0);
}

/* t's mappings have changed. What others wrote before was told when t got the turn, so nothing is
 * lost. */
void shared_refresh(struct task *t)
{
    struct space was = *t->space;
    struct renewal n = {t->space, &was};
    if (!was.shared_count)
        return;
    t->space->shared = NULL;
    t->space->shared_count = 0;
    for_each_map(t->tid, renew_range, &n);
    shared_free(&was);
}

static void take_copies(struct task *t);

/* The child has a space of its own, with the parent's mappings, and in replay memory as the
 * parent's now is. */
void shared_born(struct task *parent, struct task *child)
{
    struct renewal n = {child->space, parent->space};
    if (!parent->space->shared_count)
        return;
    for_each_map(child->tid, renew_range, &n);
    take_copies(child);
}

/* Does anybody but s have the thing r maps, and either of them the right to write to it? */
static bool in_common(const struct space *s, const struct shared_range *r)
{
    if (r->private)
        return false;
    for (const struct space *o = rec.spaces; o; o = o->next)
        for (size_t i = 0; o != s && i < o->shared_count; i++)
            if (same_thing(&o->shared[i], r) && o->shared[i].writable)
                return r->end - r->start <= MAX_SHARED;
    return false;
}

/* Where a mapping has anything in it: much shared memory is never touched, and to look at it would
 * make pages of it. */
struct extents { int fd; uint64_t offset; };

/* For finding the parts of a shared range that exist at all, by SEEK_DATA in what it maps; see
 * next_extent(). To be closed by the caller. */
static struct extents extents_of(struct task *t, const struct shared_range *r)
{
    enum { SMALL = 16 * PAGE };
    char path[64];
    struct extents e = {-1, r->offset};
    snprintf(path, sizeof path, "/proc/%d/map_files/%llx-%llx", (int)t->tid,
             (unsigned long long)r->start, (unsigned long long)r->end);
    if (r->end - r->start > SMALL)
        /* needs a privilege; without it, all of it is looked at */
        e.fd = open(path, O_RDONLY | O_CLOEXEC);
    return e;
}

/* The next bytes from `from` on, before `size`, of a mapping with something in them: [from, *to).
 * `size`: no more. */
static uint64_t next_extent(const struct extents *e, uint64_t from, uint64_t size, uint64_t *to)
{
    *to = size;
    off_t data = e->fd < 0 ? -1 : lseek(e->fd, e->offset + from, SEEK_DATA);
    if (data < 0)
        return e->fd >= 0 && errno == ENXIO ? size : from;
    off_t hole = lseek(e->fd, data, SEEK_HOLE);
    from = ((uint64_t)data - e->offset) & ~(uint64_t)(PAGE - 1);
    if (hole > data && (uint64_t)hole - e->offset < size)
        *to = ((uint64_t)hole - e->offset + PAGE - 1) & ~(uint64_t)(PAGE - 1);
    return from < size ? from : size;
}

/* t's space gives up the turn: remember what it has seen. */
static void take_copies(struct task *t)
{
    for (size_t i = 0; i < t->space->shared_count; i++) {
        struct shared_range *r = &t->space->shared[i];
        uint64_t size = r->end - r->start;
        if (!in_common(t->space, r))
            continue;
        free(r->copy);
        r->copy = calloc(1, size);
        struct extents e = extents_of(t, r);
        for (uint64_t at = 0, to; r->copy && (at = next_extent(&e, at, size, &to)) < size; at = to)
            tracee_read(&t->tracee, r->start + at, r->copy + at, to - at);
        if (e.fd >= 0)
            close(e.fd);
    }
}

static bool telling; /* an EV_MEMORY has been begun */

/* The `len` bytes of t's memory at addr have been changed by others. */
static void tell(struct task *t, uint64_t addr, uint64_t len)
{
    if (!telling)
        event_begin(t, EV_MEMORY, &t->regs, 0, 0, 0);
    telling = true;
    event_mem(t, addr, len);
}

/* Items for the bytes of page `at` of r that are not as in r's copy: from the first to the last of
 * them. */
static void record_changed_page(struct task *t, const struct shared_range *r, uint64_t at)
{
    uint8_t now[PAGE];
    const uint8_t *was = r->copy + (at - r->start);
    size_t from = 0, to = tracee_read(&t->tracee, at, now, PAGE);
    while (from < to && now[from] == was[from])
        from++;
    while (to > from && now[to - 1] == was[to - 1])
        to--;
    if (from < to)
        tell(t, at + from, to - from);
}

/* Adds to the event being written what has changed in the range since t last saw it, by pages. */
static void record_changes(struct task *t, const struct shared_range *r)
{
    struct extents e = extents_of(t, r);
    for (uint64_t at = 0, to, size = r->end - r->start;
         (at = next_extent(&e, at, size, &to)) < size; at = to)
        for (; at < to; at += PAGE)
            record_changed_page(t, r, r->start + at);
    if (e.fd >= 0)
        close(e.fd);
}

/* Items for what others have written to r since t's space last had the turn; if it has the turn
 * (`own`), for what its syscall has. */
static void record_range(struct task *t, struct shared_range *r, bool own)
{
    uint64_t from = r->dirty_from > r->offset ? r->dirty_from - r->offset : 0,
             size = r->end - r->start;
    uint64_t to = r->dirty_to > r->offset ? r->dirty_to - r->offset : 0;
    if (r->copy)
        record_changes(t, r);
    else if (!own && in_common(t->space, r))
        from = 0, to = UINT64_MAX; /* nobody shared it then, so nothing is known of it */
    if (from < (to < size ? to : size))
        tell(t, r->start + from, (to < size ? to : size) - from);
    free(r->copy);
    r->copy = NULL;
    r->dirty_from = r->dirty_to = 0;
}

/* An EV_MEMORY of t with what others have written to; `own`: since it got the turn, which it
 * has. */
void shared_tell(struct task *t, bool own)
{
    telling = false;
    for (size_t i = 0; i < t->space->shared_count; i++)
        record_range(t, &t->space->shared[i], own);
    if (telling)
        event_end();
}

/* t gets the turn next. */
void shared_switch(struct task *t)
{
    struct space *last = rec.last_space;
    rec.last_space = t->space;
    if (last == t->space || !t->space)
        return;
    for (struct task *o = rec.tasks; o && last && last->shared_count; o = o->next)
        if (o->space == last) {
            take_copies(o);
            break;
        }
    shared_tell(t, false);
}

static bool met_shared;

static void meet_shared(struct syscall_ctx *c, uint64_t addr, uint64_t len)
{
    const struct space *s = ((struct task *)c->owner)->space;
    for (size_t i = 0; i < s->shared_count; i++) {
        const struct shared_range *r = &s->shared[i];
        met_shared |= !r->private && addr < r->end && r->start < addr + len;
    }
}

/* Will what the syscall that t is in writes be seen by others: the threads of its process, or who
 * shares that memory? */
bool others_see(struct task *t)
{
    if (has_siblings(t))
        return true;
    met_shared = false;
    if (!t->space || !t->space->shared_count)
        return false;
    struct syscall_ctx c = syscall_context(t, 0);
    c.out = meet_shared;
    syscall_buffers(&c);
    return met_shared;
}

/* ---- (d) files that are mapped and written to ---- */

/* Bytes [from, to) of the file have been written to: each space that maps them hears of it when it
 * gets the turn. The device is not compared: it is another in /proc/PID/maps than in stat on some
 * file systems, and too much told is told rightly. */
static void mark_dirty(const struct space *but, uint64_t inode, uint64_t from, uint64_t to)
{
    for (struct space *s = rec.spaces; s; s = s->next)
        for (size_t i = 0; s != but && i < s->shared_count; i++) {
            struct shared_range *r = &s->shared[i];
            if (r->inode != inode)
                continue;
            if (!r->dirty_to || from < r->dirty_from)
                r->dirty_from = from;
            if (to > r->dirty_to)
                r->dirty_to = to;
        }
}

/* The last task of s has ended, perhaps while another had the turn, and the kernel may have marked
 * robust mutexes in memory that is shared; where they are can no longer be seen. */
static void shared_lost(const struct space *s)
{
    for (size_t i = 0; i < s->shared_count; i++)
        mark_dirty(s, s->shared[i].inode, s->shared[i].offset,
                   s->shared[i].offset + (s->shared[i].end - s->shared[i].start));
}

/* A syscall of t has written to memory of its own, which others may share: with t blocked in it for
 * long, they may have had the turn while it wrote, and the copies tell nothing. */
void shared_written(struct task *t, uint64_t addr, uint64_t len)
{
    for (size_t i = 0; t->space && i < t->space->shared_count; i++) {
        struct shared_range *r = &t->space->shared[i];
        if (addr < r->end && r->start < addr + len) {
            uint64_t from = r->offset + (addr > r->start ? addr - r->start : 0);
            mark_dirty(t->space, r->inode, from, from + len);
        }
    }
}

enum { FILE_NAME = 4096 + 64 };

/* Which bytes of which file the syscall t comes back from has written to; `name` is one by which
 * the recorder can reach it. False: it is none that writes. */
static bool written_file(struct task *t, int64_t result, char name[FILE_NAME], uint64_t *from,
                         uint64_t *to)
{
    const struct user_regs_struct *e = &t->entry;
    uint64_t fd = e->rdi, flags = O_TRUNC;
    char path[4096] = "";
    *from = 0, *to = UINT64_MAX;
    switch (t->nr) {
    case SYS_truncate:
        tracee_read(&t->tracee, e->rdi, path, sizeof path - 1);
        snprintf(name, FILE_NAME, "/proc/%d/%s%s", (int)t->tid,
                 path[0] == '/' ? "root" : "cwd/", path);
        return true;
    case SYS_open: flags = e->rsi; fd = result; break;
    case SYS_openat: flags = e->rdx; fd = result; break;
    case SYS_openat2: tracee_read(&t->tracee, e->rdx, &flags, sizeof flags); fd = result; break;
    case SYS_creat: fd = result; break;
    case SYS_pwrite64: case SYS_pwritev: case SYS_pwritev2:
        if ((int64_t)e->r10 < 0 || (t->nr == SYS_pwritev2 && e->r9 & RWF_APPEND))
            break;
        *from = e->r10;
        *to = e->r10 + result;
        break;
    case SYS_write: case SYS_writev: case SYS_ftruncate: case SYS_fallocate: case SYS_sendfile: break;
    case SYS_copy_file_range: case SYS_splice: fd = e->rdx; break;
    default: return false;
    }
    snprintf(name, FILE_NAME, "/proc/%d/fd/%d", (int)t->tid, (int)fd);
    return flags & O_TRUNC;
}

static bool is_mapped(uint64_t inode)
{
    for (struct space *s = rec.spaces; s; s = s->next)
        for (size_t i = 0; i < s->shared_count; i++)
            if (s->shared[i].inode == inode)
                return true;
    return false;
}

/* t comes back from a syscall that may have written to a file it has mapped: items, in the
 * syscall's event, for those of its pages; and a note for the others who map it. */
void shared_file_written(struct task *t, int64_t result)
{
    uint64_t from, to;
    char name[FILE_NAME];
    struct stat st;
    bool any = false;
    for (struct space *s = rec.spaces; s && !any; s = s->next)
        any = s->shared_count;
    if (!any || result < 0 || !written_file(t, result, name, &from, &to) || stat(name, &st) != 0 ||
        !S_ISREG(st.st_mode) || !is_mapped(st.st_ino))
        return;
    /* pwrite appends as well then */
    if (to != UINT64_MAX && descriptor_flags(t, t->entry.rdi) & O_APPEND)
        from = 0, to = UINT64_MAX;
    mark_dirty(NULL, st.st_ino, from, to);
    telling = true; /* within the event that is being written */
    for (size_t i = 0; i < t->space->shared_count; i++)
        if (t->space->shared[i].inode == st.st_ino)
            record_range(t, &t->space->shared[i], true);
}

/* ---- (e) memory written as if it were a file or a message ---- */

/* t has written to another process, or to itself, by process_vm_writev: an EV_MEMORY of that
 * one. */
static void record_vm_written(struct task *t, int64_t result)
{
    struct { uint64_t base, len; } to;
    struct task *o = meant_by(t, t->entry.rdi);
    uint64_t left = result;
    if (!o)
        return;
    event_begin(o, EV_MEMORY, &o->regs, 0, 0, 0);
    for (uint64_t i = 0; i < t->entry.r8 && left; i++) {
        if (tracee_read(&t->tracee, t->entry.r10 + i * sizeof to, &to, sizeof to) != sizeof to)
            break;
        uint64_t n = to.len < left ? to.len : left;
        event_mem(o, to.base, n);
        left -= n;
    }
    event_end();
}

/* The pid whose /proc/PID/mem t's descriptor fd is; 0: it is something else. */
static pid_t memory_file(struct task *t, uint64_t fd)
{
    char path[64], target[64] = "";
    int pid = 0, end = 0;
    snprintf(path, sizeof path, "/proc/%d/fd/%d", (int)t->tid, (int)fd);
    return readlink(path, target, sizeof target - 1) > 0 &&
                   sscanf(target, "/proc/%d/mem%n", &pid, &end) == 1 && end && !target[end]
               ? pid
               : 0;
}

/* t comes back from a syscall with `result`, its event is written: was memory changed by way of
 * /proc/PID/mem or process_vm_writev? Whoever opens such a file to write makes us look at every
 * write from then on. */
void record_memory_written(struct task *t, int64_t result)
{
    static bool opened;
    const struct user_regs_struct *e = &t->entry;
    uint64_t from = e->r10;
    struct task *o;
    switch (t->nr) {
    case SYS_process_vm_writev:
        if (result > 0)
            record_vm_written(t, result);
        break;
    case SYS_open: case SYS_openat: case SYS_openat2:
        if (result >= 0 && !opened &&
            (t->nr == SYS_openat2 || (t->nr == SYS_open ? e->rsi : e->rdx) & O_ACCMODE))
            opened = memory_file(t, result);
        break;
    case SYS_write: case SYS_writev: case SYS_pwrite64: case SYS_pwritev: case SYS_pwritev2:
        if (!opened || result <= 0 || !(o = find_task(memory_file(t, e->rdi))))
            break;
        if (t->nr == SYS_write || t->nr == SYS_writev ||
            (t->nr == SYS_pwritev2 && from == UINT64_MAX))
            from = file_position(t, e->rdi) - result;
        event_begin(o, EV_MEMORY, &o->regs, 0, 0, 0);
        event_mem(o, from, result);
        event_end();
    }
}

/* ---- (f) what madvise has kept from a child ---- */

struct lookup { uint64_t start; bool found; };

static void look(const struct mapping *m, void *data)
{
    struct lookup *l = data;
    l->found |= m->start == l->start;
}

struct birth { struct task *parent, *child; };

static void record_not_forked(const struct mapping *m, void *data)
{
    struct birth *b = data;
    struct lookup l = {m->start, false};
    for_each_map(b->child->tid, look, &l);
    if (!l.found && m->start < 1ull << 47)
        trace_item(rec.trace, I_UNMAP, m->start, m->end - m->start, NULL, 0);
}

/* The child is born with less than its parent had, of whom replay forks it: what MADV_DONTFORK was
 * said of is not there, and what MADV_WIPEONFORK was said of, marked "wf" among the VmFlags in
 * /proc/PID/smaps, is zeroes. */
void record_fork_differences(struct task *parent, struct task *child)
{
    char path[64], line[4096];
    struct mapping m = {0}, next;
    struct birth b = {parent, child};
    uint32_t zeroes = MADV_DONTNEED;
    snprintf(path, sizeof path, "/proc/%d/smaps", (int)child->tid);
    FILE *f = fopen(path, "re");
    if (!f)
        return;
    event_begin(child, EV_MEMORY, &child->regs, 0, 0, 0);
    for_each_map(parent->tid, record_not_forked, &b);
    while (fgets(line, sizeof line, f))
        if (parse_map(line, &next))
            m = next;
        else if (!strncmp(line, "VmFlags:", 8) && strstr(line, " wf"))
            trace_item(rec.trace, I_ADVISE, m.start, m.end - m.start, &zeroes, sizeof zeroes);
    event_end();
    fclose(f);
}
