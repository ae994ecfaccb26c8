/* breakpoint.c - breakpoints in a replayed process, and filters on them; watchpoints; syscalls that
 * stop.
 *
 * Problem: time travel names an instant by "the 700,000th arrival at this address", and gdb's
 * conditions are false nearly always. Stopping at each arrival costs 30 microseconds; running past
 * it costs nothing.
 *
 * Guarantee: a breakpoint that is wanted stops the task at each arrival; one with a filter only
 * where it has to, and still each arrival is counted.
 *
 * How: int3, brought in line with what is wanted when the task runs. A filter is a probe at the
 * same address (probe.c), which counts and decides in the process. Wherever no probe suits, or
 * another breakpoint is so near that its int3 would be among the bytes a probe displaces, there is
 * an int3 as without a filter; it only stops too often. Filters count the arrivals of one stretch
 * between events, as positions do.
 *
 * Start reading at insert_breakpoints().
 */
#include "replay.h"
#include "probe.h"
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>

struct breakpoint *breakpoint_at(struct replay *r, uint64_t addr)
{
    for (size_t i = 0; i < r->breakpoint_count; i++)
        if (r->breakpoints[i].addr == addr)
            return &r->breakpoints[i];
    return NULL;
}

/* Does a probe do the work of this breakpoint at the moment? */
bool filter_stands(const struct replay *r, const struct breakpoint *b)
{
    return b->filtered && b->tried && probe_is_at(r->probes, b->probe, b->addr);
}

/* How many arrivals the probe of a filter has counted since it was last asked. */
static uint64_t arrivals(struct replay *r, struct breakpoint *b)
{
    if (!filter_stands(r, b))
        return 0;
    uint64_t left = b->count - probe_hits(r->probes, &r->task, b->probe), n = b->left - left;
    b->left = left;
    return n;
}

/* Is another breakpoint, or its probe, where the probe of this one would be? */
static bool breakpoint_near(const struct replay *r, const struct breakpoint *b)
{
    for (size_t i = 0; i < r->breakpoint_count; i++) {
        const struct breakpoint *other = &r->breakpoints[i];
        if (other == b || (!other->wanted && !other->call))
            continue;
        if (other->filtered ? probes_collide(b->addr, other->addr) : probe_covers(b->addr, other->addr))
            return true;
    }
    return false;
}

/* Tries to put in the probe of a filter. The int3 must be out. */
static void insert_filter(struct replay *r, struct breakpoint *b)
{
    struct probe_spec spec = {.kind = b->agent_length ? PROBE_CONDITION : PROBE_COUNT,
                              .count = b->count,
                              .agent = b->agent,
                              .agent_length = b->agent_length};
    b->tried = true;
    b->left = b->count;
    b->probe = breakpoint_near(r, b) ? -1 : probe_install(r->probes, &r->task, b->addr, &spec);
}

/* What it has counted is not forgotten, in case it comes back. */
static void remove_filter(struct replay *r, struct breakpoint *b)
{
    if (filter_stands(r, b)) {
        b->passed += arrivals(r, b);
        b->count = b->left;
        probe_remove(r->probes, &r->task, b->probe);
    }
    b->tried = false;
}

static void take_out(struct replay *r, struct breakpoint *b)
{
    if (b->inserted)
        b->inserted = !tracee_write(&r->task, b->addr, &b->original, 1);
}

/* Bring memory in line with what is wanted; called before the task runs. gdb takes all breakpoints
 * out and puts them back at every stop, and that must cost nothing. */
void insert_breakpoints(struct replay *r)
{
    for (size_t i = 0; i < r->breakpoint_count; i++) {
        struct breakpoint *b = &r->breakpoints[i];
        if (b->wanted && b->filtered && !b->tried) {
            take_out(r, b);
            insert_filter(r, b);
        } else if (b->wanted && b->filtered && b->probe >= 0 && !filter_stands(r, b)) {
            insert_filter(r, b); /* a mapping of its memory took it away */
        }
        bool int3 = (b->wanted && !filter_stands(r, b)) || b->call;
        if (!int3)
            take_out(r, b);
        else if (!b->inserted)
            b->inserted = tracee_read(&r->task, b->addr, &b->original, 1) == 1 &&
                          tracee_write(&r->task, b->addr, "\xcc", 1);
        if (!b->wanted && !b->call && !b->inserted) {
            *b = r->breakpoints[--r->breakpoint_count];
            i--;
        }
    }
}

/* Take all of it out of memory, before mappings change. */
void remove_breakpoints(struct replay *r)
{
    for (size_t i = 0; i < r->breakpoint_count; i++) {
        take_out(r, &r->breakpoints[i]);
        remove_filter(r, &r->breakpoints[i]);
    }
}

/* A breakpoint at addr, of which its int3 will be wanted now if it was not. NULL: there are too
 * many. */
static struct breakpoint *add_breakpoint(struct replay *r, uint64_t addr)
{
    struct breakpoint *b = breakpoint_at(r, addr);
    if (!b) {
        if (r->breakpoint_count == MAX_BREAKPOINTS)
            return NULL;
        r->breakpoints = realloc(r->breakpoints, (r->breakpoint_count + 1) * sizeof *b);
        b = &r->breakpoints[r->breakpoint_count++];
        *b = (struct breakpoint){.addr = addr};
    }
    /* its int3 may fall into their code */
    for (size_t i = 0; i < r->breakpoint_count && !b->wanted; i++)
        if (r->breakpoints[i].filtered && probes_collide(r->breakpoints[i].addr, addr))
            replay_filter(r, r->breakpoints[i].addr, NULL, 0, 0);
    return b;
}

/* What is not mapped may have a breakpoint, too: it comes into memory with the mapping. gdb keeps
 * those of libraries when time goes back to before they were loaded. */
bool replay_set_breakpoint(struct replay *r, uint64_t addr)
{
    struct breakpoint *b = add_breakpoint(r, addr);
    if (b)
        b->wanted = true;
    return b != NULL;
}

bool replay_clear_breakpoint(struct replay *r, uint64_t addr)
{
    struct breakpoint *b = breakpoint_at(r, addr);
    if (!b)
        return false;
    replay_filter(r, addr, NULL, 0, 0);
    b->wanted = false; /* comes out of memory before the task next runs */
    return true;
}

/* ---- filters ---- */

void replay_filter(struct replay *r, uint64_t addr, const uint8_t *agent, size_t length,
                   uint64_t quota)
{
    struct breakpoint *b = breakpoint_at(r, addr);
    uint64_t count = quota ? quota : UINT64_MAX;
    bool wanted = b && (length || quota) && length <= sizeof b->agent;
    if (!b || (!wanted && !b->filtered))
        return;
    if (!wanted) {
        remove_filter(r, b);
        b->filtered = false;
        return;
    }
    if (!b->filtered || b->agent_length != length ||
        (length && memcmp(b->agent, agent, length) != 0))
        remove_filter(r, b);
    b->filtered = true;
    b->agent_length = length;
    if (length)
        memcpy(b->agent, agent, length);
    b->count = b->left = count;
    b->passed = 0;
    if (filter_stands(r, b))
        probe_recount(r->probes, &r->task, b->probe, count);
}

uint64_t replay_passes(struct replay *r, uint64_t addr)
{
    struct breakpoint *b = breakpoint_at(r, addr);
    uint64_t n = b ? b->passed + arrivals(r, b) : 0;
    if (b)
        b->passed = 0;
    return n && probes_passed(r->probes, addr) ? n - 1 : n; /* there was a stop for the last one */
}

/* An event: arrivals are counted from here. */
void restart_filters(struct replay *r)
{
    for (size_t i = 0; i < r->breakpoint_count; i++)
        arrivals(r, &r->breakpoints[i]), r->breakpoints[i].passed = 0;
}

/* ---- watchpoints ---- */

uint64_t read_debug(struct replay *r, int n)
{
    return ptrace(PTRACE_PEEKUSER, r->task.pid, offsetof(struct user, u_debugreg) + n * 8, 0);
}

bool write_debug(struct replay *r, int n, uint64_t value)
{
    return ptrace(PTRACE_POKEUSER, r->task.pid, offsetof(struct user, u_debugreg) + n * 8, value) ==
           0;
}

/* Load slot's debug register from r->watch, or turn it off. DR7: two enable bits a slot from bit 0,
 * four bits of length and type a slot from bit 16 (Intel SDM vol. 3, "Debug Registers"). */
void arm_watch(struct replay *r, int slot)
{
    struct watch *w = &r->watch[slot];
    uint64_t dr7 = read_debug(r, 7) & ~(3ull << (slot * 2) | 15ull << (16 + slot * 4));
    uint64_t length = w->len == 8 ? 2 : w->len - 1;
    write_debug(r, 7, dr7);
    if (!w->on)
        return;
    write_debug(r, slot, w->addr);
    write_debug(r, 7, dr7 | 1ull << (slot * 2) | (length << 2 | w->type) << (16 + slot * 4));
}

bool replay_set_watch(struct replay *r, int slot, uint64_t addr, int len, enum watch_type type)
{
    if (slot < 0 || slot >= WATCH_SLOTS || (len != 1 && len != 2 && len != 4 && len != 8) ||
        addr % len)
        return false;
    r->watch[slot] = (struct watch){addr, len, type, true};
    arm_watch(r, slot);
    return true;
}

/* A slot that is not in use; -1: all are. */
int free_watch(const struct replay *r)
{
    for (int slot = WATCH_SLOTS; slot-- > 0;)
        if (!r->watch[slot].on)
            return slot;
    return -1;
}

bool replay_clear_watch(struct replay *r, int slot)
{
    r->watch[slot].on = false;
    arm_watch(r, slot);
    return true;
}

/* ---- syscalls that stop ---- */

bool syscall_in(const struct syscall_set *set, int64_t nr)
{
    if (!set || nr < 0)
        return false;
    nr &= ~INT80;
    return set->all || (nr < 512 && set->bits[nr / 64] >> nr % 64 & 1);
}

/* A stop at a syscall's instruction, whatever else is wanted there; and no more of it. */
static bool set_call_breakpoint(struct replay *r, uint64_t addr)
{
    struct breakpoint *b = add_breakpoint(r, addr);
    if (b && b->filtered)
        replay_filter(r, addr, NULL, 0, 0);
    return b && (b->call = true);
}

/* False: the caller of replay_run wants a breakpoint there besides. */
bool clear_call_breakpoint(struct replay *r, uint64_t addr)
{
    struct breakpoint *b = breakpoint_at(r, addr);
    b->call = false;
    return !b->wanted;
}

/* (1) Is e a syscall that is caught? Then the task stops before it: by a breakpoint, as entering
 * the kernel costs it two registers. */
bool catch_call(struct replay *r, const struct event *e, bool step)
{
    bool call = e->type == EV_SYSCALL || e->type == EV_ENTER;
    if (step || !call || r->next == r->passing || !syscall_in(r->catching, e->nr))
        return false;
    return set_call_breakpoint(r, e->regs.rip - 2);
}

void replay_catch(struct replay *r, const struct syscall_set *set) { r->catching = set; }

/* It is, if the next event is a syscall of the present thread and rip stands on its instruction. */
int64_t replay_calling(struct replay *r)
{
    struct user_regs_struct regs;
    const struct event *e = r->ended || r->diverted ? NULL : next_event(r);
    uint8_t code[2];
    if (!e || (e->type != EV_SYSCALL && e->type != EV_ENTER) || r->threads[r->current].in_kernel ||
        !replay_get_regs(r, e->tid, &regs) || replay_read_mem(r, regs.rip, code, 2) != 2 ||
        memcmp(code, e->nr & INT80 ? "\xcd\x80" : "\x0f\x05", 2))
        return -1;
    return e->nr & ~INT80;
}

int64_t replay_returned(const struct replay *r, pid_t *tid)
{
    *tid = r->returned_tid;
    return r->diverted || r->returned < 0 ? -1 : r->returned & ~INT80;
}
