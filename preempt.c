/* preempt.c - an instant between two events, named by the state of the program; recording it.
 *
 * Problem: a thread that makes no syscalls must be stopped at some instruction, for another thread
 * to run or a signal to be delivered, and in replay exactly there. "There" needs a name. A counter
 * of branches would give one, but a VM has none to offer.
 *
 * The idea: name the instant by all the program could know of it: its registers, and a digest of
 * its memory. Replay stops where that state comes about. Should it come about twice, the two
 * instants cannot be told apart by the program either, and what follows from them is the same; so
 * either is right. That is all there is to prove, and nothing has to be done while the program
 * runs. (Of memory, only what can differ is read: written.c, whose opening says why that is
 * enough.)
 *
 * The price is paid in finding the instant again (seek.c): somewhere in 5 ms of a tight loop it is
 * one pass of millions. It is found at nearly full speed by a probe (probe.c) that compares
 * registers in passing. So the recorder *chooses* an instant that suits one: it steps through a
 * window of some hundred instructions and looks
 *
 *   - which of them are executed again and again, in a loop;
 *   - at which of those a probe can be put;
 *   - which registers differ from one pass to the next: the fewer passes look alike, the fewer stop
 *     the replay in vain, and those are compared first;
 *   - which memory the instructions name: loop variables that have no register.
 *
 * One of the suitable instructions is taken by lot (always taking the same would make some races
 * impossible), the thread is stepped on to it, and the state there is written down.
 *
 * Start reading at record_preempt().
 */
#define _GNU_SOURCE
#include "preempt.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

enum {
    WINDOW = 300,      /* instructions looked at, 10 to 20 us each. Loops of up to half of it are seen to be loops */
    ROUNDS = 3,        /* so many passes over one instruction show the loop... */
    THOROUGH = 4,      /* ... and one time in so many it is not enough */
    ARRIVE = 4 * WINDOW, /* more of them, at most, until the chosen one comes along again */
    MOST_ASKED = 12,   /* short instructions: each is a look at 128 KB of code, 0.2 ms */
    HINTS = WINDOW,    /* words that its instructions name */
    PAGE = 4096,
    STACK_HINT = 4096, /* bytes above the stack pointer */
    DATA_HINT = 8192,  /* bytes: a writable range of at most this size is a hint, too (.data and .bss) */
    DATA_HINTS = 32768, /* all of them together */
    WHOLE = 12 << 20,  /* bytes: so much can be digested whole, in some 3 ms; see choose_memory() */
    RECENT_HINTS = 16, /* pages that have just been written to, at most */
    SMALL = 256 << 10, /* ... ranges of up to this size whole */
    BLOCK = 64 << 10   /* ... and blocks of this size of others */
};

/* What the window has shown. */
struct window {
    struct user_regs_struct at[WINDOW]; /* before each instruction */
    size_t count;
    uint64_t named[HINTS]; /* addresses of memory operands, multiples of eight */
    size_t named_count;
};

/* An instruction of the window as a place to stop. */
struct site {
    uint64_t pc;
    unsigned passes;    /* how often it came along */
    /* of these, how often each general register was another than at the pass before */
    unsigned varies[16];
    int differs;        /* 1: any of them ever was */
};

/* ---- the window ---- */

static void note_operand(struct window *w, const struct x86_insn *in,
                         const struct user_regs_struct *regs)
{
    uint64_t addr = x86_operand_address(in, regs) & ~7ull;
    if (!addr || w->named_count == HINTS)
        return;
    for (size_t i = 0; i < w->named_count; i++)
        if (w->named[i] == addr)
            return;
    w->named[w->named_count++] = addr;
}

/* Run t to the instruction at `next`, over one that cannot be stepped over. Its wait status, as of
 * a step. */
static int run_over(struct task *t, uint64_t next)
{
    uint8_t byte;
    struct user_regs_struct regs;
    if (tracee_read(&t->tracee, next, &byte, 1) != 1 || !tracee_write(&t->tracee, next, "\xcc", 1))
        return record_step(&t->tracee);
    int status = record_run(&t->tracee, PTRACE_CONT);
    tracee_write(&t->tracee, next, &byte, 1);
    if (WIFSTOPPED(status) && ptrace(PTRACE_GETREGS, t->tid, 0, &regs) == 0 &&
        regs.rip == next + 1) {
        regs.rip = next;
        ptrace(PTRACE_SETREGS, t->tid, 0, &regs);
    }
    return status;
}

/* Is it not to be stepped over? Of a string instruction, every byte would be a step. A pushf shows
 * the program the trap flag; a popf makes the kernel believe that the flag is the program's own,
 * from the step after it on (enable_single_step() in arch/x86/kernel/step.c). */
static bool unsteppable(const struct x86_insn *in)
{
    enum { PUSHF = 0x9c, POPF = 0x9d };
    return in->flow == X86_REPEAT ||
           (in->map == 0 && (in->opcode == PUSHF || in->opcode == POPF));
}

/* Execute one instruction of t. False, with nothing executed: it would be an event; or, t's stop
 * kept for the loop: it was one (a fault). */
static bool step_over(struct task *t, struct user_regs_struct *regs, struct x86_insn *in)
{
    uint8_t code[16];
    size_t size = tracee_read(&t->tracee, regs->rip, code, sizeof code);
    if (!x86_decode(code, size, in) || in->flow == X86_SPECIAL)
        return false;
    int status = unsteppable(in) ? run_over(t, regs->rip + in->length) : record_step(&t->tracee);
    if (WIFSTOPPED(status) && WSTOPSIG(status) == SIGTRAP && status >> 16 == 0 &&
        ptrace(PTRACE_GETREGS, t->tid, 0, regs) == 0)
        return true;
    keep_stop(t, status);
    return false;
}

/* How often has the window seen the instruction at pc? */
static int passes(const struct window *w, uint64_t pc)
{
    int n = 0;
    for (size_t i = 0; i < w->count; i++)
        n += w->at[i].rip == pc;
    return n;
}

/* Fills the window: as far as the first loop, mostly; but now and then the whole, or an outer
 * loop's instructions would never be chosen. False: an event came up. */
static bool look_around(struct task *t, struct user_regs_struct *regs, struct window *w)
{
    struct x86_insn in;
    bool thorough = rand() % THOROUGH == 0;
    for (w->count = w->named_count = 0; w->count < WINDOW; w->count++) {
        if (!thorough && passes(w, regs->rip) >= ROUNDS)
            break;
        w->at[w->count] = *regs;
        if (!step_over(t, regs, &in))
            return false;
        note_operand(w, &in, &w->at[w->count]);
    }
    return true;
}

/* The window's passes over the instruction at w->at[first]. */
static struct site survey(struct window *w, size_t first)
{
    struct site s = {.pc = w->at[first].rip, .passes = 1};
    struct user_regs_struct *last = &w->at[first];
    for (size_t i = first + 1; i < w->count; i++) {
        if (w->at[i].rip != s.pc)
            continue;
        s.passes++;
        for (unsigned reg = 0; reg < 16; reg++)
            if (*x86_register(&w->at[i], reg) != *x86_register(last, reg)) {
                s.varies[reg]++;
                s.differs = 1;
            }
        last = &w->at[i];
    }
    return s;
}

/* Is w->at[i] the first pass over its instruction? */
static bool first_pass(const struct window *w, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (w->at[k].rip == w->at[i].rip)
            return false;
    return true;
}

/* Can a probe be put on the instruction at pc without a look at all the code around? It can on one
 * that is as long as a jump. */
static bool suits_at_once(struct task *t, struct probes *none, uint64_t pc)
{
    uint8_t code[16];
    struct x86_insn in;
    size_t size = tracee_read(&t->tracee, pc, code, sizeof code);
    return x86_decode(code, size, &in) && in.length >= 5 &&
           probe_suits(none, &t->tracee, pc, false);
}

/* By lot, one of the window's instructions that suit: passed again and again, and with registers
 * that differ, if there is one. pc 0: there is no loop in sight. (Whether a probe fits is asked
 * last, as it takes a look at all the code around.) */
static struct site choose(struct task *t, struct window *w)
{
    struct site *sites = malloc(w->count * sizeof *sites), chosen = {0};
    struct probes *none = probes_new();
    size_t count = 0;
    for (size_t i = 0; i < w->count; i++) {
        if (!first_pass(w, i))
            continue;
        sites[count] = survey(w, i);
        count += sites[count].passes > 1;
    }
    /* long and differing, differing, long, any */
    for (int asked = 0, pass = 0; pass < 4 && !chosen.pc; pass++)
        for (size_t left = count; left && !chosen.pc; left--) {   /* draw without putting back */
            size_t i = rand() % left;
            struct site s = sites[i];
            sites[i] = sites[left - 1];
            sites[left - 1] = s;
            if (s.differs != (pass < 2))
                continue;
            if (suits_at_once(t, none, s.pc) ||
                (pass & 1 && asked++ < MOST_ASKED && probe_suits(none, &t->tracee, s.pc, false)))
                chosen = s;
        }
    probes_free(none);
    free(sites);
    return chosen;
}

/* Step on until the chosen instruction, or where there is none, any that suits, comes along. False:
 * an event came first. */
static bool go_to(struct task *t, struct user_regs_struct *regs, const struct site *s)
{
    struct x86_insn in;
    struct probes *none = probes_new();
    bool there = false, event = false;
    for (int i = 0; !there && !event; i++) {
        if (s->pc && i < ARRIVE)
            there = regs->rip == s->pc;
        else
            there = i <= 2 * ARRIVE ? suits_at_once(t, none, regs->rip)
                                    : probe_suits(none, &t->tracee, regs->rip, true);
        event = !there && !step_over(t, regs, &in);
    }
    probes_free(none);
    return there;
}

/* ---- writing it down ---- */

static void cut_buffer(struct syscall_ctx *c, uint64_t addr, uint64_t len)
{
    ranges_cut(c->owner, addr, addr + len);
}

/* What t can write and nobody else. The list is kept until a syscall may have changed it, or the
 * stack has grown. */
static const struct ranges *own_memory(const struct task *t, uint64_t sp)
{
    struct ranges *r = t->space->writable;
    for (size_t i = 0; r && i < r->count; i++)
        if (sp - r->at[i].addr < r->at[i].size)
            return r;
    forget_writable(t->space);
    t->space->writable = r = malloc(sizeof *r);
    *r = ranges_of(t->tid);
    return r;
}

void forget_writable(struct space *s)
{
    if (s->writable)
        ranges_free(s->writable);
    free(s->writable);
    s->writable = NULL;
}

/* The memory that makes the state of the threads that share t's; t itself stands at `regs`. */
static struct ranges living_memory(const struct task *t, const struct user_regs_struct *regs)
{
    struct ranges r = ranges_copy(own_memory(t, regs->rsp));
    ranges_cut_stack(&r, regs->rsp);
    for (struct task *o = rec.tasks; o; o = o->next) {
        if (o == t || o->space != t->space)
            continue;
        ranges_cut_stack(&r, o->in_syscall ? o->entry.rsp : o->regs.rsp);
        if (o->in_syscall) {
            struct syscall_ctx c = syscall_context(o, 0);
            c.owner = &r;
            c.out = cut_buffer;
            syscall_buffers(&c);
        }
    }
    return r;
}

/* Of a range, the block around a pointer, if it points there and the block is not in `out` yet. */
static void take_block(struct ranges *out, const struct range *r, uint64_t pointer)
{
    uint64_t from = pointer & ~(BLOCK - 1ull), to = from + BLOCK, end = r->addr + r->size;
    if (pointer - r->addr >= r->size)
        return;
    from = from > r->addr ? from : r->addr;
    for (size_t i = 0; i < out->count; i++)
        if (out->at[i].addr == from)
            return;
    ranges_add(out, from, to < end ? to : end, r->file);
}

/* Of the memory `all`, what the code at hand works on: small ranges whole, of large ones the blocks
 * around what registers, the window's operands and the words on top of the stack point to. */
static struct ranges narrow(struct task *t, const struct ranges *all, struct user_regs_struct *regs,
                            const struct window *w)
{
    uint64_t stack[64] = {0};
    struct ranges r = {0};
    tracee_read(&t->tracee, regs->rsp, stack, sizeof stack);
    for (size_t i = 0; i < all->count; i++) {
        const struct range *from = &all->at[i];
        if (from->size <= SMALL)
            ranges_add(&r, from->addr, from->addr + from->size, from->file);
        for (unsigned reg = 0; from->size > SMALL && reg < 16; reg++)
            take_block(&r, from, *x86_register(regs, reg));
        for (size_t k = 0; from->size > SMALL && k < w->named_count; k++)
            take_block(&r, from, w->named[k]);
        for (size_t k = 0; from->size > SMALL && k < sizeof stack / sizeof *stack; k++)
            take_block(&r, from, stack[k]);
    }
    return r;
}

/* What memory is the name of an instant made of? */
struct named {
    struct ranges memory;   /* this */
    struct ranges recently; /* and this of it has changed in the last moments: a good hint */
};

static void named_free(struct named *n)
{
    ranges_free(&n->memory);
    ranges_free(&n->recently);
}

/* The memory to name t's instant by, which stands at `regs`; to be freed by the caller. A digest of
 * it must not take longer than a turn, and it is to tell the instant from all others between t's
 * last event and here:
 *
 *   (1) what t has written to since its last event, as the rest is the same at all of them
 *       (written.c). Even where that is all there is, it also says what was written recently, and
 *       that is worth more than the name: without such hints, replay may have to digest everything
 *       at each of ten million passes that look alike
 *   (2) the kernel does not let that be known, and there is little: all of it
 *   (3) the same, and there is much: what the code works on. Two instants that differ in nothing but
 *       the rest could then be confused. Replay would find out: the thread's next event would not be
 *       the recorded one.
 *
 * Of memory that is shared with others it is, in all three cases, the words that the window's
 * instructions name: a loop may count there. To more of it somebody outside the recording might
 * write. */
static struct named choose_memory(struct task *t, struct user_regs_struct *regs,
                                  const struct window *w)
{
    struct ranges all = living_memory(t, regs);
    struct named n = {0};
    if (!written_lists(t, &all, &n.memory, &n.recently)) /* (1) */
        n.memory = ranges_hold(&t->tracee, &all, WHOLE) ? narrow(t, &all, regs, w) /* (3) */
                                                        : ranges_copy(&all);       /* (2) */
    for (size_t i = 0; i < w->named_count; i++)
        if (shared_at(t, w->named[i]))
            ranges_add(&n.memory, w->named[i], w->named[i] + 8, true);
    ranges_free(&all);
    return n;
}

/* t has been stopped. False: (1), and it must run on for a moment first. */
static bool name_can_be_had(struct task *t, const struct user_regs_struct *regs)
{
    struct ranges all = living_memory(t, regs);
    bool can = written_look(t, &all);
    ranges_free(&all);
    return can;
}

/* What is in memory from addr on, as far as it belongs to the state. */
static void write_hint(struct task *t, const struct ranges *r, uint64_t addr, uint64_t size)
{
    uint8_t bytes[DATA_HINT];
    for (size_t i = 0; i < r->count; i++) {
        uint64_t from = r->at[i].addr > addr ? r->at[i].addr : addr;
        uint64_t end = r->at[i].addr + r->at[i].size, to = end < addr + size ? end : addr + size;
        if (from < to && tracee_read(&t->tracee, from, bytes, to - from) == to - from)
            trace_item(rec.trace, I_HINT, from, to - from, bytes, to - from);
    }
}

/* Hints from what has changed in the last moments: all of it, or, if it is much, some from all over
 * it, as instants a little apart differ in many pages then. */
static void write_recent_hints(struct task *t, const struct named *n)
{
    size_t pages = 0, page = 0;
    for (size_t i = 0; i < n->recently.count; i++)
        pages += (n->recently.at[i].size + PAGE - 1) / PAGE;
    size_t each = pages / RECENT_HINTS + 1;
    for (size_t i = 0; i < n->recently.count; i++) {
        const struct range *r = &n->recently.at[i];
        for (uint64_t at = r->addr; at < r->addr + r->size; at += PAGE)
            if (page++ % each == 0)
                write_hint(t, &n->memory, at, PAGE);
    }
}

/* The general registers, those first that differed most often. */
static void order_registers(const struct site *s, uint8_t order[16])
{
    for (unsigned reg = 0; reg < 16; reg++) {
        unsigned at = reg;
        for (; at > 0 && s->varies[order[at - 1]] < s->varies[reg]; at--)
            order[at] = order[at - 1];
        order[at] = reg;
    }
}

/* The event: t's state, standing at `regs`. */
static void write_point(struct task *t, struct user_regs_struct *regs, const struct window *w,
                        const struct site *s, const struct named *n)
{
    uint64_t data = 0, vectors[16];
    struct item_point p = {0};
    const struct ranges *r = &n->memory;
    p.memory = digest(&t->tracee, r);
    p.xsave = digest_xsave(t->tid);
    order_registers(s, p.order);
    tracee_read(&t->tracee, regs->rip, p.code, sizeof p.code);
    event_begin(t, EV_PREEMPT, regs, 0, 0, 0);
    trace_item(rec.trace, I_POINT, regs->rip, 0, &p, sizeof p);
    vector_registers(t->tid, vectors);
    trace_item(rec.trace, I_VECTORS, 0, 0, vectors, sizeof vectors);
    for (size_t i = 0; i < r->count; i++)
        if (r->at[i].size)
            trace_item(rec.trace, I_RANGE, r->at[i].addr, r->at[i].size, NULL, 0);
    for (size_t i = 0; i < w->named_count; i++)
        write_hint(t, r, w->named[i], 8);
    write_hint(t, r, regs->rsp & ~7ull, STACK_HINT);
    /* what they point to: an object, an interpreter's state */
    for (unsigned reg = 0; reg < 16; reg++)
        write_hint(t, r, *x86_register(regs, reg) & ~(PAGE - 1ull), PAGE);
    for (size_t i = 0; i < r->count; i++)
        if (r->at[i].size <= DATA_HINT && (data += r->at[i].size) <= DATA_HINTS)
            write_hint(t, r, r->at[i].addr, r->at[i].size);
    write_recent_hints(t, n);
    event_end();
}

/* Has the window seen nothing but rounds that begin with the same registers? Then the thread waits
 * for another one. (Or counts in memory alone, and will have shorter turns than it deserves.) */
static bool only_spins(struct window *w)
{
    bool loops = false;
    for (size_t i = 0; i < w->count; i++) {
        struct site s = survey(w, i);
        if (s.differs)
            return false;
        loops |= s.passes >= ROUNDS;
    }
    return loops;
}

/* t was stopped by the recorder, between two events. Find it an instant that has a name, write that
 * down, and leave t there: it counts as standing at an event. */
enum preempted record_preempt(struct task *t)
{
    static struct window w;
    struct user_regs_struct regs;
    if (ptrace(PTRACE_GETREGS, t->tid, 0, &regs) != 0)
        return PREEMPT_SOON;
    if (!name_can_be_had(t, &regs))
        return PREEMPT_AGAIN;
    if (!look_around(t, &regs, &w))
        return PREEMPT_SOON;
    t->spins = only_spins(&w);
    struct site s = choose(t, &w);
    if (!go_to(t, &regs, &s))
        return PREEMPT_SOON;
    struct named n = choose_memory(t, &regs, &w);
    write_point(t, &regs, &w, &s, &n);
    named_free(&n);
    t->regs = regs;
    t->at_event = true;
    mark_place(t);
    return PREEMPT_DONE;
}
