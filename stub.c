/* stub.c - the machine code a probe runs.
 *
 * Problem: at every pass of a breakpoint's address something is to be decided: is this the pass we
 * are looking for? A trap to the tracer costs some microseconds, and a loop makes a pass every
 * nanosecond. So the decision must be made by code inside the process, in a few nanoseconds, and
 * the program must not be able to tell.
 *
 * Guarantee: whichever way the decision goes, registers, flags and the program's memory are as
 * before when the displaced instruction runs, and that instruction does what it would have done at
 * its own address. At no instant does the program's stack (with the 128 bytes below it that leaf
 * functions use) hold anything of ours.
 *
 * How: with instructions that leave the flags alone. There is no compare among them, but LEA adds
 * and JRCXZ jumps if rcx is zero. So "does r equal v" is
 *
 *     mov rcx, -v ; lea rcx, [rcx + r] ; jrcxz equal
 *
 * with rcx saved in the stub's data page. A count is `mov rcx,[count]; lea rcx,[rcx-1]; mov
 * [count],rcx; jrcxz hit`. Memory is compared by a loop over a table, entered only when all
 * registers are equal, so a loop pays for one comparison a pass in nearly all cases.
 *
 * Start reading at stub_compare().
 */
#include "probe.h"
#include <string.h>

enum { RAX = 0, RCX = 1, RDX = 2, RBX = 3, RSP = 4, RSI = 6 };
enum { REX_W = 0x48, REX_WR = 0x4c }; /* 64-bit operands; and bit 3 of ModRM's reg field */

/* ---- writing ---- */

/* Appends code. Too much of it makes the stub unfit; nothing is written past the page. */
void stub_bytes(struct stub *s, const void *bytes, size_t n)
{
    if (s->size + n > STUB_SIZE) {
        s->unfit = true;
        return;
    }
    memcpy(s->bytes + s->size, bytes, n);
    s->size += n;
}

static void stub_32(struct stub *s, int64_t value)
{
    if (value != (int32_t)value) s->unfit = true;
    int32_t narrow = value;
    stub_bytes(s, &narrow, 4);
}

/* From here on: these registers' true values are in the slots, and the program stands at pc. */
void stub_span(struct stub *s, uint32_t saved, uint64_t pc)
{
    if (s->span_count == STUB_SPANS) {
        s->unfit = true;
        return;
    }
    s->spans[s->span_count++] =
        (struct span){ .offset = s->size, .saved = saved, .pc = pc, .counted = s->counting };
}

/* The end of an instruction whose ModRM byte says "RIP-relative": the distance to a slot. */
void stub_slot(struct stub *s, unsigned slot)
{
    stub_32(s, s->data + slot - (s->code + s->size + 4));
}

/* mov [slot], reg or mov reg, [slot]: REX.W 89 or 8b, ModRM 00 reg 101 */
static void stub_move(struct stub *s, uint8_t opcode, unsigned reg, unsigned slot)
{
    uint8_t code[] = { reg & 8 ? REX_WR : REX_W, opcode, (reg & 7) << 3 | 5 };
    stub_bytes(s, code, sizeof code);
    stub_slot(s, slot);
}

void stub_load(struct stub *s, unsigned reg, unsigned slot) { stub_move(s, 0x8b, reg, slot); }

static void stub_store(struct stub *s, unsigned slot, unsigned reg)
{
    stub_move(s, 0x89, reg, slot);
}

/* Saves a register in its slot; from then on it is scratch, until stub_load() brings it back. */
void stub_save(struct stub *s, unsigned reg)
{
    const struct span *last = &s->spans[s->span_count - 1];
    stub_store(s, 8 * reg, reg);
    stub_span(s, last->saved | 1u << reg, last->pc);
}

/* Brings a register back, and notes that its slot is out of date from there on. */
static void stub_restore(struct stub *s, unsigned reg)
{
    const struct span *last = &s->spans[s->span_count - 1];
    stub_load(s, reg, 8 * reg);
    stub_span(s, last->saved & ~(1u << reg), last->pc);
}

/* mov reg, imm64 */
void stub_immediate(struct stub *s, unsigned reg, uint64_t value)
{
    uint8_t code[] = { REX_W, 0xb8 | reg };
    stub_bytes(s, code, sizeof code);
    stub_bytes(s, &value, 8);
}

/* jrcxz over; jmp no; over: */
void stub_skip_no_unless_rcx_zero(struct stub *s)
{
    if (s->no_count == sizeof s->no / sizeof s->no[0]) {
        s->unfit = true;
        return;
    }
    stub_bytes(s, "\xe3\x05\xe9", 3);
    s->no[s->no_count++] = s->size;
    stub_32(s, 0);
}

/* Lets the jumps to "no" issued from number `first` on lead here. */
void stub_no_is_here(struct stub *s, size_t first)
{
    for (; first < s->no_count; first++) {
        int32_t distance = s->size - (s->no[first] + 4);
        memcpy(s->bytes + s->no[first], &distance, 4);
    }
}

/* The trap. The NOP behind it is never executed, so the address after the trap means only this. */
void stub_hit(struct stub *s)
{
    s->hit = s->size;
    stub_bytes(s, "\xcc\x90", 2);
}

/* jmp target, or where that is too far jmp [slot] */
static void stub_jump(struct stub *s, uint64_t target)
{
    int64_t distance = target - (s->code + s->size + 5);
    if (distance == (int32_t)distance) {
        stub_bytes(s, "\xe9", 1);
        stub_32(s, distance);
    } else {
        unsigned slot = SLOT_JUMP + 8 * s->jumps++;
        if (slot + 8 > SLOT_WORDS) s->unfit = true;
        else memcpy(s->slots + slot, &target, 8);
        stub_bytes(s, "\xff\x25", 2);
        stub_slot(s, slot);
    }
}

/* The program's instruction has been executed; what is left is to get to where it leads. */
static void stub_leave(struct stub *s, uint64_t target)
{
    stub_span(s, 0, target);
    stub_jump(s, target);
}

/* ---- deciding ---- */

/* rcx = register - value, for any register but rcx: lea rcx, [register + rcx] with SIB and disp8 0,
 * a form that has no exception for rsp, rbp, r12 or r13. */
static void stub_subtract_register(struct stub *s, unsigned reg, uint64_t value)
{
    uint8_t lea[] = { REX_W | reg >> 3, 0x8d, 0x4c, 1 << 3 | (reg & 7), 0 };
    stub_immediate(s, RCX, -value);
    stub_bytes(s, lea, sizeof lea);
}

/* rcx = [slot] - value; rdx helps and is restored */
static void stub_subtract_slot(struct stub *s, unsigned slot, uint64_t value)
{
    stub_save(s, RDX);
    stub_load(s, RDX, slot);
    stub_immediate(s, RCX, -value);
    stub_bytes(s, "\x48\x8d\x0c\x11", 4); /* lea rcx, [rcx + rdx] */
    stub_restore(s, RDX);
}

/* One value of the list: a general register, or the low half of a vector register, which movq
 * brings to memory without touching the flags (66 REX.R 0f d6 /r). */
static void stub_compare_value(struct stub *s, const struct probe_value *v)
{
    if (v->which >= PROBE_XMM0) {
        unsigned xmm = v->which - PROBE_XMM0;
        uint8_t movq[] = { 0x66, 0x40 | (xmm >> 3) << 2, 0x0f, 0xd6, (xmm & 7) << 3 | 5 };
        stub_bytes(s, movq, sizeof movq);
        stub_slot(s, SLOT_TEMP);
        stub_subtract_slot(s, SLOT_TEMP, v->value);
    } else if (v->which == RCX) {
        stub_subtract_slot(s, SLOT_RCX, v->value);
    } else {
        stub_subtract_register(s, v->which, v->value);
    }
    stub_skip_no_unless_rcx_zero(s);
}

/* The table of memory words: leaves by "no" at the first that differs. An address that is not
 * mapped faults; probes_after_stop() takes that for a difference. */
static void stub_compare_words(struct stub *s, const struct probe_compare *want)
{
    for (size_t i = 0; i < want->word_count; i++) {
        uint64_t pair[2] = { want->words[i].address, -want->words[i].value };
        memcpy(s->slots + SLOT_WORDS + 16 * i, pair, sizeof pair);
    }
    stub_save(s, RDX);
    stub_save(s, RSI);
    stub_immediate(s, RDX, s->data + SLOT_WORDS);
    size_t loop = s->size;
    stub_bytes(s, "\x48\x8b\x0a", 3); /* mov rcx, [rdx] */
    size_t done = s->size + 1;
    stub_bytes(s, "\xe3\x00", 2);                 /* jrcxz done */
    stub_bytes(s, "\x48\x8b\x09", 3);             /* mov rcx, [rcx] */
    stub_bytes(s, "\x48\x8b\x72\x08", 4);         /* mov rsi, [rdx + 8] */
    stub_bytes(s, "\x48\x8d\x0c\x31", 4);         /* lea rcx, [rcx + rsi] */
    stub_skip_no_unless_rcx_zero(s);
    stub_bytes(s, "\x48\x8d\x52\x10", 4);         /* lea rdx, [rdx + 16] */
    uint8_t again[] = { 0xeb, loop - (s->size + 2) };
    stub_bytes(s, again, sizeof again);
    if (!s->unfit) s->bytes[done] = s->size - (done + 1);
}

/* An arrival is counted; at the one that makes the counter zero it traps. Else on from here, with
 * rcx still saved. */
static void stub_count_down(struct stub *s, uint64_t site, uint64_t count)
{
    memcpy(s->slots + SLOT_COUNT, &count, 8);
    stub_span(s, 0, site);
    stub_save(s, RCX);
    stub_load(s, RCX, SLOT_COUNT);
    stub_bytes(s, "\x48\x8d\x49\xff", 4); /* lea rcx, [rcx - 1] */
    stub_store(s, SLOT_COUNT, RCX);
    s->counting = true;
    stub_span(s, 1 << RCX, site);
    stub_skip_no_unless_rcx_zero(s);
    stub_load(s, RCX, SLOT_RCX);
    stub_hit(s);
    stub_no_is_here(s, 0);
    s->no_count = 0;
}

/* Trap at the arrival that makes the counter zero. */
void stub_count(struct stub *s, uint64_t site, uint64_t count)
{
    stub_count_down(s, site, count);
    stub_load(s, RCX, SLOT_RCX);
    s->counting = false;
}

/* Trap when all values, and then all memory words, are equal, and at the `count`th arrival (0:
 * none). The value that differs most often should come first. The site is where the program stands
 * meanwhile. */
void stub_compare(struct stub *s, uint64_t site, const struct probe_compare *want, uint64_t count)
{
    if (count) {
        stub_count_down(s, site, count);
    } else {
        stub_span(s, 0, site);
        stub_save(s, RCX);
    }
    for (size_t i = 0; i < want->value_count; i++) stub_compare_value(s, &want->values[i]);
    size_t first_word_no = s->no_count;
    if (want->word_count) {
        stub_compare_words(s, want);
        stub_load(s, RSI, SLOT_RSI);
        stub_load(s, RDX, SLOT_RDX);
    }
    stub_load(s, RCX, SLOT_RCX);
    if (count) stub_jump(s, s->code + s->hit);
    else stub_hit(s);
    if (want->word_count) {
        stub_no_is_here(s, first_word_no);
        stub_load(s, RSI, SLOT_RSI);
        stub_load(s, RDX, SLOT_RDX);
        s->no_count = first_word_no;
    }
    stub_span(s, 1 << RCX, site); /* "no" before the words: rdx and rsi were never saved */
    stub_no_is_here(s, 0);
    stub_load(s, RCX, SLOT_RCX);
    s->counting = false;
}

/* ---- the displaced instruction ---- */

/* A conditional jump, of whatever length: the condition over a jump that goes on, to one that goes.
 *
 *     jcc taken ; jmp next ; taken: jmp target
 */
static void stub_branch(struct stub *s, const uint8_t *code, const struct x86_insn *in,
                        uint64_t next)
{
    /* jcc rel32 (0f 8x) has a short form 7x; loop and jrcxz are short, and a 67 before them
     * counts */
    if (in->map) stub_bytes(s, (uint8_t[]){ 0x70 | (in->opcode & 15) }, 1);
    else stub_bytes(s, code, in->length - 1);
    size_t distance = s->size;
    stub_bytes(s, "", 1);
    stub_leave(s, next);
    if (!s->unfit) s->bytes[distance] = s->size - (distance + 1);
    stub_leave(s, next + in->relative);
}

/* Appends one instruction of the program, which stood at pc, so that it does the same from here.
 * *falls: whether what comes behind it may be reached. false: this kind cannot be displaced. */
static bool stub_displace(struct stub *s, const uint8_t *code, const struct x86_insn *in,
                          uint64_t pc, bool *falls)
{
    uint64_t next = pc + in->length;
    stub_span(s, 0, pc);
    s->spans[s->span_count - 1].passed = true;
    *falls = in->flow == X86_PLAIN;
    switch (in->flow) {
    case X86_PLAIN: case X86_RETURN: case X86_JUMP_INDIRECT: {
        size_t at = s->size;
        stub_bytes(s, code, in->length);
        if (in->rip_disp_at && !s->unfit) {
            int64_t disp = in->disp + next - (s->code + s->size);
            int32_t narrow = disp;
            if (disp != narrow) s->unfit = true;
            memcpy(s->bytes + at + in->rip_disp_at, &narrow, 4);
        }
        return true;
    }
    case X86_BRANCH: case X86_LOOP:
        stub_branch(s, code, in, next);
        return true;
    case X86_JUMP:
        stub_jump(s, next + in->relative);
        return true;
    case X86_CALL: /* one instruction pushes the true return address; then it is a jump */
        memcpy(s->slots + SLOT_RETURN, &next, 8);
        stub_bytes(s, "\xff\x35", 2);
        stub_slot(s, SLOT_RETURN);
        stub_leave(s, next + in->relative);
        return true;
    default:
        return false;
    }
}

/* The end of every stub: the `count` instructions (one or two) that stood at the site, and the jump
 * behind them. false: they cannot be displaced, or the stub does not fit. */
bool stub_finish(struct stub *s, uint64_t site, const uint8_t *code, const struct x86_insn *in,
                 size_t count)
{
    bool falls = true;
    s->displaced = s->size;
    for (size_t i = 0; i < count; i++) {
        if (!falls || !stub_displace(s, code, &in[i], site, &falls)) return false;
        code += in[i].length;
        site += in[i].length;
    }
    if (falls) stub_leave(s, site);
    return !s->unfit;
}
