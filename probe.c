/* probe.c - breakpoints that decide inside the process.
 *
 * Problem: a breakpoint that should stop once in a million passes stops a million times; at 20 to
 * 30 microseconds for the trap and the step off it, that is half a minute for what the program
 * does in a millisecond.
 *
 * Guarantee: a probe at an instruction traps exactly when its decision says so, costs a few
 * nanoseconds otherwise, and nobody ever sees it: not the program in its registers or memory
 * (reading its own code excepted: see probes_hide), not the debugger, not a digest of the memory.
 *
 * How: the instruction at the site, five bytes or more, is overwritten by a jump to a stub (stub.c)
 * in a page mapped within two gigabytes of it. As exactly one instruction is overwritten, no jump
 * can lead into the middle of the patch. A shorter one is displaced together with its successors,
 * if no jump that can be seen leads to one of them (indirect jumps cannot be seen; compilers aim
 * them at the start of basic blocks, and a tracer's own resuming there is led to the copy). Where
 * neither will do, an int3 is put there, and the decision taken here; the stub still executes the
 * displaced instruction, so that a pass costs one stop and no step.
 *
 * What cannot be a site: syscalls and other instructions that trap, string instructions with REP,
 * indirect calls, and what x86.c does not know.
 *
 * Start reading at probe_install(), then probes_after_stop().
 */
#include "probe.h"
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { JUMP = 5, AREA_STUBS = 16, AREA_SIZE = AREA_STUBS * 2 * STUB_SIZE };

/* A region mapped into the task for stubs: AREA_STUBS pages of code, then as many of data. */
struct area {
    uint64_t start;          /* 0: not in use */
    uint32_t used;           /* bit N: stub N is taken */
};
struct probe {
    bool used;
    uint64_t site;
    uint8_t patch_size;      /* 5: a jump; 1: an int3 */
    uint8_t original[JUMP];  /* what the patch overwrote */
    enum probe_kind kind;
    uint64_t count;          /* what the counter started with */
    struct probe_compare compare;
    uint64_t code, data;     /* the stub */
    size_t size;             /* bytes of its code */
    uint16_t hit, displaced; /* as in struct stub */
    size_t span_count;
    struct span spans[STUB_SPANS];
};
struct probes {
    struct probe *probes;
    size_t probe_count;      /* slots, some of them free */
    struct area areas[64];
    /* The program stands at this site with this stack pointer, and the site's decision is over: it
     * goes on with the displaced instruction. (The stack pointer tells threads apart.) */
    uint64_t passed_site, passed_rsp;
};

/* ---- the task's memory ---- */

/* Reads as many bytes as are readable from address on; returns how many. */
size_t tracee_read(struct tracee *t, uint64_t address, void *buffer, size_t size)
{
    size_t done = 0;
    while (done < size) {
        ssize_t n = pread(t->mem, (char *)buffer + done, size - done, address + done);
        if (n <= 0) break;
        done += n;
    }
    return done;
}

/* Writes through any protection. false: not all of it is mapped. */
bool tracee_write(struct tracee *t, uint64_t address, const void *buffer, size_t size)
{
    return pwrite(t->mem, buffer, size, address) == (ssize_t)size;
}

/* Replaces the bytes of patches in memory read from the task by what the program has there. */
void probes_hide(const struct probes *ps, uint64_t address, void *buffer, size_t size)
{
    for (size_t i = 0; i < ps->probe_count; i++) {
        const struct probe *p = &ps->probes[i];
        if (!p->used || p->site >= address + size || p->site + JUMP <= address) continue;
        for (size_t b = 0; b < p->patch_size; b++)
            if (p->site + b - address < size)
                ((uint8_t *)buffer)[p->site + b - address] = p->original[b];
    }
}

/* Whether a probe at site may take the place of the byte at address. */
bool probe_covers(uint64_t site, uint64_t address) { return address - site < JUMP; }

/* Whether probes at these two addresses might take the place of the same byte. */
bool probes_collide(uint64_t one, uint64_t other)
{
    return probe_covers(one, other) || probe_covers(other, one);
}

/* Whether an address is in memory that exists for probes only. */
bool probes_own(const struct probes *ps, uint64_t address)
{
    for (size_t i = 0; i < sizeof ps->areas / sizeof ps->areas[0]; i++)
        if (ps->areas[i].start && address - ps->areas[i].start < AREA_SIZE) return true;
    return false;
}

/* ---- the list ---- */

/* An empty set, for a task without probes: at its start, or after an exec. */
struct probes *probes_new(void)
{
    struct probes *ps = calloc(1, sizeof *ps);
    if (!ps) abort();
    return ps;
}

/* The set as it is in a task just forked off the one it belongs to. */
struct probes *probes_copy(const struct probes *from)
{
    struct probes *ps = probes_new();
    *ps = *from;
    ps->probes = malloc(ps->probe_count * sizeof *ps->probes + 1);
    if (!ps->probes) abort();
    if (ps->probe_count) memcpy(ps->probes, from->probes, ps->probe_count * sizeof *ps->probes);
    return ps;
}

/* Forgets the set; the task's memory is not touched (it is gone, or probes_remove_all() was
 * called). */
void probes_free(struct probes *ps)
{
    if (ps) free(ps->probes);
    free(ps);
}

/* A free place in the list. Pointers to others may move. */
static struct probe *new_probe(struct probes *ps)
{
    for (size_t i = 0; i < ps->probe_count; i++)
        if (!ps->probes[i].used) return &ps->probes[i];
    ps->probes = realloc(ps->probes, (ps->probe_count + 1) * sizeof *ps->probes);
    if (!ps->probes) abort();
    memset(&ps->probes[ps->probe_count], 0, sizeof *ps->probes);
    return &ps->probes[ps->probe_count++];
}

/* ---- the stubs' memory ---- */

#define TASK_TOP 0x7ffffffff000ull /* end of user addresses */
/* of a 32-bit displacement, with 128 MB to spare; of mmap */
enum { REACH = 0x78000000, LOWEST = 65536 };

/* A free range of AREA_SIZE within reach of the site: in the middle of the largest gap between
 * mappings, where the program's own hardly ever grow to. 0: there is none. */
static uint64_t find_room(struct tracee *t, uint64_t site)
{
    char name[64], line[512];
    uint64_t first = site > REACH + LOWEST ? site - REACH : LOWEST;
    uint64_t last = site + REACH < TASK_TOP ? site + REACH : TASK_TOP;
    uint64_t best = 0, widest = AREA_SIZE, end_before = 0;
    snprintf(name, sizeof name, "/proc/%d/maps", t->pid);
    FILE *maps = fopen(name, "re");
    for (bool more = maps; more;) {
        uint64_t start = last, end = last;
        do
            more = fgets(line, sizeof line, maps);
        while (more && sscanf(line, "%" SCNx64 "-%" SCNx64, &start, &end) != 2);
        uint64_t from = end_before > first ? end_before : first, to = start < last ? start : last;
        if (to > from && to - from > widest) {
            widest = to - from;
            best = (from + widest / 2 - AREA_SIZE / 2) & ~4095ull;
        }
        end_before = end;
    }
    if (maps)
        fclose(maps);
    return best;
}

/* Maps a new area near the site into a. false: the task will not have it. */
static bool map_area(struct tracee *t, struct area *a, uint64_t site)
{
    uint64_t at = find_room(t, site);
    uint64_t arg[6] = { at, AREA_SIZE, PROT_READ | PROT_WRITE | PROT_EXEC,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0 };
    if (!at || t->syscall(t, SYS_mmap, arg) != (int64_t)at) return false;
    *a = (struct area){ .start = at };
    return true;
}

/* Finds a free stub within reach of the site and says where; marks nothing. */
static struct area *stub_room(struct probes *ps, struct tracee *t, uint64_t site, int *number)
{
    struct area *unused = NULL;
    for (size_t i = 0; i < sizeof ps->areas / sizeof ps->areas[0]; i++) {
        struct area *a = &ps->areas[i];
        if (!a->start) {
            unused = a;
            continue;
        }
        int64_t distance = site - a->start;
        if (distance > REACH || distance < -REACH) continue;
        for (*number = 0; *number < AREA_STUBS; ++*number)
            if (!(a->used & 1u << *number)) return a;
    }
    *number = 0;
    return unused && map_area(t, unused, site) ? unused : NULL;
}

/* ---- choosing what to displace ---- */

/* Whether a direct jump to target is to be seen within 64 KB: every byte is taken for the start of
 * a jump, so some are seen that are none, and none that is one is missed; nor is one whose first
 * byte is under a breakpoint. */
static bool jump_in_sight(struct probes *ps, struct tracee *t, uint64_t target)
{
    enum { AROUND = 65536 };
    static uint8_t code[2 * AROUND];
    uint64_t start = target - AROUND;
    /* what is unreadable before the target is skipped by pages */
    while (start < target && tracee_read(t, start, code, 1) == 0) start = (start | 4095) + 1;
    size_t size = tracee_read(t, start, code, target + AROUND - start);
    probes_hide(ps, start, code, size);
    for (size_t i = 0; i + 6 < size; i++) {
        uint8_t b = code[i];
        int32_t far;
        uint64_t at = start + i;
        bool hidden = b == 0xcc;
        if ((b == 0xeb || b >> 4 == 7 || (b & 0xfc) == 0xe0 || hidden) &&
            at + 2 + (int8_t)code[i + 1] == target) return true;
        for (int two = 0; two < 2; two++) { /* bytes of opcode, less one */
            if (!hidden && (two ? b != 0x0f : b != 0xe8 && b != 0xe9)) continue;
            if (two && code[i + 1] >> 4 != 8) continue;
            memcpy(&far, code + i + 1 + two, 4);
            if (at + 5 + two + far == target) return true;
        }
    }
    return false;
}

/* What would be displaced at a site: the code there, its decoded instructions, their number and the
 * patch's size (5, or 1 for an int3). false: nothing suits. */
struct displacement {
    uint8_t code[32];
    struct x86_insn in[JUMP];
    size_t count;
    uint8_t patch_size;
};

static bool displaceable(const struct x86_insn *in)
{
    return in->flow != X86_SPECIAL && in->flow != X86_REPEAT && in->flow != X86_CALL_INDIRECT;
}

/* Which instructions a probe at `site` takes the place of: one of five bytes or more, else several
 * of which no jump in sight goes to any but the first, else, if it may trap, one byte for an int3.
 * Of d only what says so is filled in. False: no probe can stand there. */
static bool choose_displacement(struct probes *ps, struct tracee *t, uint64_t site, bool may_trap,
                                struct displacement *d)
{
    memset(d, 0, sizeof *d);
    size_t size = tracee_read(t, site, d->code, sizeof d->code);
    probes_hide(ps, site, d->code, size);
    if (!x86_decode(d->code, size, &d->in[0]) || !displaceable(&d->in[0])) return false;
    size_t covered = d->in[0].length;
    d->patch_size = JUMP;
    for (d->count = 1; covered < JUMP && d->in[d->count - 1].flow == X86_PLAIN; d->count++) {
        struct x86_insn *next = &d->in[d->count];
        if (!x86_decode(d->code + covered, size - covered, next) || !displaceable(next) ||
            jump_in_sight(ps, t, site + covered)) break;
        covered += next->length;
    }
    if (covered >= JUMP) return true;
    d->count = 1;
    d->patch_size = 1;
    return may_trap;
}

/* Whether a probe could be put at this address. may_trap: an int3 would do. */
bool probe_suits(struct probes *ps, struct tracee *t, uint64_t site, bool may_trap)
{
    struct displacement d;
    return choose_displacement(ps, t, site, may_trap, &d);
}

/* ---- in and out ---- */

/* Writes the decision, as asked for, and the displaced instructions into a stub whose addresses are
 * set. false: it does not suit. */
static bool write_stub(struct stub *s, uint64_t site, const struct displacement *d,
                       const struct probe_spec *spec)
{
    if (d->patch_size == JUMP) {
        if (spec->kind == PROBE_COMPARE) stub_compare(s, site, &spec->compare, spec->count);
        if (spec->kind == PROBE_COUNT) stub_count(s, site, spec->count);
        if (spec->kind == PROBE_CONDITION &&
            !stub_condition(s, site, spec->count, spec->agent, spec->agent_length)) return false;
    } else {
        if (spec->kind == PROBE_CONDITION) return false;
        memcpy(s->slots + SLOT_COUNT, &spec->count, 8);
    }
    return stub_finish(s, site, d->code, d->in, d->count) && !s->unfit;
}

/* Puts a probe at an address of a stopped task. Returns its number, or -1 if the place does not
 * suit (then the caller uses an ordinary breakpoint) or has a probe already. */
int probe_install(struct probes *ps, struct tracee *t, uint64_t site, const struct probe_spec *spec)
{
    struct displacement d;
    int number;
    for (size_t i = 0; i < ps->probe_count; i++)
        if (ps->probes[i].used && probes_collide(ps->probes[i].site, site)) return -1;
    if (!choose_displacement(ps, t, site, spec->may_trap, &d)) return -1;
    struct area *a = stub_room(ps, t, site, &number);
    struct stub *s = a ? calloc(1, sizeof *s) : NULL;
    if (!s) return -1;
    s->code = a->start + number * STUB_SIZE;
    s->data = s->code + AREA_STUBS * STUB_SIZE;
    int64_t distance = s->code - (site + JUMP);
    struct probe *p = NULL;
    if (write_stub(s, site, &d, spec) && distance == (int32_t)distance &&
        tracee_write(t, s->code, s->bytes, s->size) &&
        tracee_write(t, s->data, s->slots, sizeof s->slots)) {
        p = new_probe(ps);
        *p = (struct probe){
            .used = true, .site = site, .patch_size = d.patch_size, .kind = spec->kind,
            .count = spec->count, .compare = spec->compare, .code = s->code, .data = s->data,
            .size = s->size, .hit = s->hit, .displaced = s->displaced, .span_count = s->span_count };
        memcpy(p->original, d.code, JUMP);
        memcpy(p->spans, s->spans, sizeof p->spans);
        uint8_t patch[JUMP] = { d.patch_size == 1 ? 0xcc : 0xe9 };
        int32_t narrow = distance;
        memcpy(patch + 1, &narrow, 4);
        if (!tracee_write(t, site, patch, d.patch_size)) p->used = false;
        else a->used |= 1u << number;
    }
    free(s);
    return p && p->used ? p - ps->probes : -1;
}

/* Takes a probe out. The task must not be inside its stub, which it is not after after_stop. */
void probe_remove(struct probes *ps, struct tracee *t, int number)
{
    struct probe *p = &ps->probes[number];
    if (number < 0 || !p->used) return;
    tracee_write(t, p->site, p->original, p->patch_size);
    for (size_t i = 0; i < sizeof ps->areas / sizeof ps->areas[0]; i++) {
        uint64_t inside = p->code - ps->areas[i].start;
        if (ps->areas[i].start && inside < AREA_SIZE)
            ps->areas[i].used &= ~(1u << inside / STUB_SIZE);
    }
    p->used = false;
    if (ps->passed_site == p->site) ps->passed_site = 0;
}

/* Takes all probes out, and their memory: after it the task is as if there had never been any. */
void probes_remove_all(struct probes *ps, struct tracee *t)
{
    for (size_t i = 0; i < ps->probe_count; i++) probe_remove(ps, t, i);
    probes_make_room(ps, t, 0, SIZE_MAX);
}

/* To be called before a range of the task's address space is mapped, unmapped or moved: takes out
 * the probes in it, and unmaps areas that are in the way, with the probes whose stubs are there. */
void probes_make_room(struct probes *ps, struct tracee *t, uint64_t address, size_t size)
{
    for (size_t i = 0; i < ps->probe_count; i++)
        if (ps->probes[i].used && ps->probes[i].site - address < size) probe_remove(ps, t, i);
    for (size_t i = 0; i < sizeof ps->areas / sizeof ps->areas[0]; i++) {
        struct area *a = &ps->areas[i];
        bool clear = a->start >= address ? a->start - address >= size
                                         : address - a->start >= AREA_SIZE;
        if (!a->start || clear) continue;
        for (size_t p = 0; p < ps->probe_count; p++)
            if (ps->probes[p].used && ps->probes[p].code - a->start < AREA_SIZE)
                probe_remove(ps, t, p);
        t->syscall(t, SYS_munmap, (uint64_t[6]){ a->start, AREA_SIZE });
        a->start = 0;
    }
}

/* How often the site of a count probe has been reached since it was put in. */
uint64_t probe_hits(struct probes *ps, struct tracee *t, int number)
{
    struct probe *p = &ps->probes[number];
    uint64_t left = p->count;
    tracee_read(t, p->data + SLOT_COUNT, &left, sizeof left);
    return p->count - left;
}

/* Whether that probe is still there: mappings may have changed (probes_make_room). */
bool probe_is_at(const struct probes *ps, int number, uint64_t site)
{
    return number >= 0 && (size_t)number < ps->probe_count && ps->probes[number].used &&
           ps->probes[number].site == site;
}

/* Whether the program stands at the site with its arrival counted and decided upon. */
bool probes_passed(const struct probes *ps, uint64_t site)
{
    return ps->passed_site == site;
}

/* Counts anew: probe_hits() is 0, and this many'th arrival from now on traps. */
void probe_recount(struct probes *ps, struct tracee *t, int number, uint64_t count)
{
    struct probe *p = &ps->probes[number];
    p->count = count;
    tracee_write(t, p->data + SLOT_COUNT, &count, sizeof count);
}

/* ---- a stop, and the run after it ---- */

/* Adds `change` to a probe's counter; returns what it is then. */
static uint64_t change_count(struct tracee *t, const struct probe *p, int change)
{
    uint64_t left = 0;
    tracee_read(t, p->data + SLOT_COUNT, &left, sizeof left);
    left += change;
    tracee_write(t, p->data + SLOT_COUNT, &left, sizeof left);
    return left;
}

/* Whether the registers have a compare probe's values (memory words are left to the caller). */
static bool values_equal(struct tracee *t, const struct probe_compare *want,
                         struct user_regs_struct *regs)
{
    struct user_fpregs_struct fp;
    bool have_fp = false;
    for (size_t i = 0; i < want->value_count; i++) {
        const struct probe_value *v = &want->values[i];
        uint64_t is;
        if (v->which < PROBE_XMM0) {
            is = *x86_register(regs, v->which);
        } else {
            if (!have_fp) ptrace(PTRACE_GETFPREGS, t->pid, 0, &fp);
            have_fp = true;
            memcpy(&is, (char *)fp.xmm_space + 16 * (v->which - PROBE_XMM0), 8);
        }
        if (is != v->value) return false;
    }
    return true;
}

/* Does it count arrivals? */
static bool counts(const struct probe *p) { return p->kind != PROBE_COMPARE || p->count; }

/* A probe's int3 was executed: decide as its stub would have. */
static enum probe_verdict decide_here(struct tracee *t, struct probe *p,
                                      struct user_regs_struct *regs)
{
    if (p->kind == PROBE_COUNT) return change_count(t, p, -1) == 0 ? PROBE_HIT : PROBE_MISS;
    return values_equal(t, &p->compare, regs) ? PROBE_HIT : PROBE_MISS;
}

/* The span an offset in a stub's code is in. */
static const struct span *span_at(const struct probe *p, uint64_t offset)
{
    size_t i = p->span_count - 1;
    while (i > 0 && p->spans[i].offset > offset) i--;
    return &p->spans[i];
}

/* The task was stopped inside a stub: shows it at its site (as if it had not arrived yet) or, when
 * only the displaced instruction was left to do, standing before that, or behind it. */
static void leave_stub(struct tracee *t, struct probe *p, const struct span *s,
                       struct user_regs_struct *regs)
{
    for (unsigned reg = 0; reg < 16; reg++)
        if (s->saved & 1u << reg) tracee_read(t, p->data + 8 * reg, x86_register(regs, reg), 8);
    if (s->saved & SAVED_FLAGS) tracee_read(t, p->data + SLOT_FLAGS, &regs->eflags, 8);
    if (s->counted) change_count(t, p, 1);
    regs->rip = s->pc;
}

/* What a stop at pc means, if the probe p has to do with it. PROBE_NONE also for a stop elsewhere;
 * regs are mended in any case. */
static enum probe_verdict stop_at_probe(struct tracee *t, struct probe *p, int signo, bool int3,
                                        struct user_regs_struct *regs, bool *passed)
{
    uint64_t inside = regs->rip - p->code;
    if (signo == SIGTRAP && int3 && p->patch_size == 1 && regs->rip == p->site + 1) {
        regs->rip = p->site;
        *passed = true;
        return decide_here(t, p, regs);
    }
    if (inside >= p->size) return PROBE_NONE;
    if (signo == SIGTRAP && p->hit && inside == p->hit + 1u) {
        regs->rip = p->site;
        *passed = true;
        return PROBE_HIT;
    }
    const struct span *s = span_at(p, inside);
    bool fault = signo == SIGSEGV || signo == SIGBUS || signo == SIGFPE;
    leave_stub(t, p, s, regs);
    *passed = s->passed && s->pc == p->site;
    if (!fault || inside >= p->displaced) return PROBE_NONE;
    *passed = true; /* a fault of the decision itself */
    if (s->counted) change_count(t, p, -1); /* leave_stub() took it back, but it is an arrival */
    return p->kind == PROBE_CONDITION ? PROBE_HIT : PROBE_MISS;
}

/* To be called at every stop of the task, with its wait status, before anyone looks at it. *regs
 * are its registers, mended here and in the task. *probe: which probe, for PROBE_HIT and
 * PROBE_MISS. */
enum probe_verdict probes_after_stop(struct probes *ps, struct tracee *t, int status,
                                     struct user_regs_struct *regs, int *probe)
{
    int signo = WIFSTOPPED(status) ? WSTOPSIG(status) : 0;
    siginfo_t si;
    ps->passed_site = 0;
    for (size_t i = 0; i < ps->probe_count; i++) {
        struct probe *p = &ps->probes[i];
        if (!p->used || (regs->rip - p->code >= p->size && regs->rip != p->site + 1)) continue;
        /* SI_KERNEL tells an int3 from a step that happens to end behind the site's first byte */
        bool int3 = signo == SIGTRAP && ptrace(PTRACE_GETSIGINFO, t->pid, 0, &si) == 0 &&
                    si.si_code == SI_KERNEL;
        uint64_t shown = regs->rip;
        bool passed = false;
        enum probe_verdict v = stop_at_probe(t, p, signo, int3, regs, &passed);
        if (regs->rip != shown) ptrace(PTRACE_SETREGS, t->pid, 0, regs);
        if (passed) ps->passed_site = p->site, ps->passed_rsp = regs->rsp;
        *probe = i;
        if (v != PROBE_NONE || regs->rip != shown) return v;
    }
    return PROBE_NONE;
}

/* Declares that the task, wherever it stands, is not to be stopped or counted by a probe there: for
 * going on from a breakpoint. */
void probes_pass(struct probes *ps, const struct user_regs_struct *regs)
{
    ps->passed_site = regs->rip;
    ps->passed_rsp = regs->rsp;
}

/* Where in its stub a probe keeps the program's instruction that stood at pc; 0 if it does not. */
static uint64_t copy_of(const struct probe *p, uint64_t pc)
{
    for (size_t i = 0; i < p->span_count; i++)
        if (p->spans[i].pc == pc && p->spans[i].passed) return p->code + p->spans[i].offset;
    return 0;
}

/* To be called before every resume (step: of one instruction) of the task. regs are its registers;
 * the task's rip changes when it stands on a patch, theirs does not. A task that arrives at a site
 * by itself and runs on is decided upon by the stub; one that steps is only counted. */
void probes_before_run(struct probes *ps, struct tracee *t, struct user_regs_struct *regs,
                       bool step)
{
    for (size_t i = 0; i < ps->probe_count; i++) {
        struct probe *p = &ps->probes[i];
        uint64_t inside = regs->rip - p->site;
        if (!p->used || inside >= p->patch_size) continue;
        bool passed = ps->passed_site == regs->rip && ps->passed_rsp == regs->rsp;
        if (inside == 0 && !passed) {
            if (!step) return;
            if (counts(p)) change_count(t, p, -1);
        }
        struct user_regs_struct moved = *regs;
        moved.rip = copy_of(p, regs->rip);
        if (!moved.rip) return;
        moved.orig_rax = -1; /* or the kernel might take the change for the end of a syscall */
        ptrace(PTRACE_SETREGS, t->pid, 0, &moved);
        return;
    }
}
