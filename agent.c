/* agent.c - a breakpoint condition as machine code.
 *
 * Problem: `break f if x == 7` with a million false hits. gdb sends the condition along with the
 * breakpoint as an "agent expression", a bytecode for a stack machine (gdb manual, appendix "The
 * GDB Agent Expression Mechanism"). Interpreting it costs a stop of the process each time.
 *
 * Guarantee: the compiled condition computes what the bytecode says, on the registers and memory of
 * the program standing at the site. Where evaluation would fail (a null pointer, a division by
 * zero) the stub faults, and probes_after_stop() reports a hit: whoever asked may evaluate it
 * again in peace, and find the error. What is not in the table below is refused, and the caller
 * falls back to an ordinary breakpoint.
 *
 * How: each bytecode is a few bytes of machine code on a stack of its own, in the stub's data
 * page, so that the program's stack stays as it is. Jumps lead forward only (gdb emits no others),
 * so a condition ends, and needs no more stack than it has bytecodes.
 *
 * Start reading at stub_condition().
 */
#include "probe.h"
#include <string.h>

enum { RAX = 0, RCX = 1, RDX = 2, RSP = 4 };
enum { AGENT_MAX = 200 }; /* bytecodes; times 8 must fit between SLOT_WORDS and SLOT_FLAGS */

enum agent_op {
    AGENT_EXT = 0x16, AGENT_IF_GOTO = 0x20, AGENT_GOTO = 0x21, AGENT_CONST8 = 0x22, AGENT_CONST64 = 0x25,
    AGENT_REG = 0x26, AGENT_END = 0x27, AGENT_ZERO_EXT = 0x2a, AGENT_PICK = 0x32,
};

/* The simple ones: what they take from the stack and leave on it, and their code. Two operands
 * arrive as rax (first) and rcx (second); 58 and 59 pop them, 50 to 52 push rax, rcx, rdx. */
static const struct agent_code {
    uint8_t takes, leaves, length;
    const char *code;
} agent_codes[256] = {
    [0x02] = { 2, 1, 6, "\x59\x58\x48\x01\xc8\x50" },             /* add */
    [0x03] = { 2, 1, 6, "\x59\x58\x48\x29\xc8\x50" },             /* sub */
    [0x04] = { 2, 1, 7, "\x59\x58\x48\x0f\xaf\xc1\x50" },         /* mul */
    [0x05] = { 2, 1, 8, "\x59\x58\x48\x99\x48\xf7\xf9\x50" },     /* div_signed: cqo; idiv rcx */
    [0x06] = { 2, 1, 8, "\x59\x58\x31\xd2\x48\xf7\xf1\x50" },     /* div_unsigned: xor edx,edx; div */
    [0x07] = { 2, 1, 8, "\x59\x58\x48\x99\x48\xf7\xf9\x52" },     /* rem_signed */
    [0x08] = { 2, 1, 8, "\x59\x58\x31\xd2\x48\xf7\xf1\x52" },     /* rem_unsigned */
    [0x09] = { 2, 1, 6, "\x59\x58\x48\xd3\xe0\x50" },             /* lsh */
    [0x0a] = { 2, 1, 6, "\x59\x58\x48\xd3\xf8\x50" },             /* rsh_signed */
    [0x0b] = { 2, 1, 6, "\x59\x58\x48\xd3\xe8\x50" },             /* rsh_unsigned */
    [0x0e] = { 1, 1, 10, "\x58\x31\xc9\x48\x85\xc0\x0f\x94\xc1\x51" },              /* log_not */
    [0x0f] = { 2, 1, 6, "\x59\x58\x48\x21\xc8\x50" },             /* bit_and */
    [0x10] = { 2, 1, 6, "\x59\x58\x48\x09\xc8\x50" },             /* bit_or */
    [0x11] = { 2, 1, 6, "\x59\x58\x48\x31\xc8\x50" },             /* bit_xor */
    [0x12] = { 1, 1, 5, "\x58\x48\xf7\xd0\x50" },                 /* bit_not */
    [0x13] = { 2, 1, 12, "\x59\x58\x48\x39\xc8\x0f\x94\xc0\x0f\xb6\xc0\x50" },      /* equal */
    [0x14] = { 2, 1, 12, "\x59\x58\x48\x39\xc8\x0f\x9c\xc0\x0f\xb6\xc0\x50" },      /* less_signed */
    [0x15] = { 2, 1, 12, "\x59\x58\x48\x39\xc8\x0f\x92\xc0\x0f\xb6\xc0\x50" },      /* less_unsigned */
    [0x17] = { 1, 1, 5, "\x58\x0f\xb6\x00\x50" },                 /* ref8: movzx eax, byte [rax] */
    [0x18] = { 1, 1, 5, "\x58\x0f\xb7\x00\x50" },                 /* ref16 */
    [0x19] = { 1, 1, 4, "\x58\x8b\x00\x50" },                     /* ref32 */
    [0x1a] = { 1, 1, 5, "\x58\x48\x8b\x00\x50" },                 /* ref64 */
    [0x28] = { 1, 2, 3, "\xff\x34\x24" },                         /* dup: push [rsp] */
    [0x29] = { 1, 0, 1, "\x58" },                                 /* pop */
    [0x2b] = { 2, 2, 4, "\x59\x58\x51\x50" },                     /* swap */
    [0x33] = { 3, 3, 6, "\x59\x58\x5a\x51\x52\x50" },             /* rot: a b c becomes c a b */
};

/* One compilation. Depths are tracked so that no bytecode can reach below its own stack. */
struct agent {
    struct stub *s;
    const uint8_t *code;
    size_t length, at;
    int depth;                       /* values on the stack here; -1 behind a goto: not reached */
    int depth_at[AGENT_MAX];         /* what a jump to this bytecode brings; -1: none leads there */
    size_t jump_count, jump_at[AGENT_MAX], jump_to[AGENT_MAX]; /* 32-bit displacements to fill in */
};

/* The next n bytes of the bytecode as a big-endian number; the end of it is checked by the caller
 * */
static uint64_t agent_operand(struct agent *a, size_t n)
{
    uint64_t value = 0;
    while (n--) value = value << 8 | a->code[a->at++];
    return value;
}

/* Pushes a register, by gdb's number for it: rax rbx rcx rdx rsi rdi rbp rsp r8.. r15 rip eflags */
static bool agent_push_register(struct agent *a, unsigned number, uint64_t site)
{
    static const uint8_t machine[8] = { 0, 3, 1, 2, 6, 7, 5, 4 };
    if (number > 17) return false;
    if (number == 16) {
        stub_immediate(a->s, RAX, site);
        stub_bytes(a->s, "\x50", 1);
        return true;
    }
    unsigned reg = number < 8 ? machine[number] : number;
    if (number == 17 || reg == RAX || reg == RCX || reg == RDX || reg == RSP) {
        stub_bytes(a->s, "\xff\x35", 2); /* push [slot] */
        stub_slot(a->s, number == 17 ? (unsigned)SLOT_FLAGS : 8 * reg);
    } else if (reg < 8) {
        stub_bytes(a->s, (uint8_t[]){ 0x50 | reg }, 1);
    } else {
        stub_bytes(a->s, (uint8_t[]){ 0x41, 0x50 | (reg & 7) }, 2);
    }
    return true;
}

/* A 32-bit displacement here, to lead to bytecode `target` when its place is known. */
static bool agent_jump(struct agent *a, size_t target)
{
    if (target < a->at || target >= a->length || a->jump_count == AGENT_MAX) return false;
    if (a->depth_at[target] >= 0 && a->depth_at[target] != a->depth) return false;
    a->depth_at[target] = a->depth;
    a->jump_at[a->jump_count] = a->s->size;
    a->jump_to[a->jump_count++] = target;
    stub_bytes(a->s, "\0\0\0", 4);
    return true;
}

/* Fills in the jumps that lead to the bytecode at a->at, whose code begins here, and learns from
 * them how deep the stack is. false: they disagree, or the bytecode is never reached. */
static bool agent_land(struct agent *a)
{
    int brought = a->depth_at[a->at];
    if (a->depth < 0) a->depth = brought;
    if (a->depth < 0 || (brought >= 0 && brought != a->depth)) return false;
    for (size_t i = 0; i < a->jump_count; i++) {
        if (a->jump_to[i] != a->at) continue;
        int32_t distance = a->s->size - (a->jump_at[i] + 4);
        memcpy(a->s->bytes + a->jump_at[i], &distance, 4);
        a->jump_to[i] = SIZE_MAX;
    }
    return true;
}

/* Sign or zero extension of the low `bits` bits: shl rax, 64-bits; sar or shr back */
static bool agent_extend(struct agent *a, unsigned bits, uint8_t shift_back)
{
    if (bits == 0 || bits > 64 || a->depth < 1) return false;
    uint8_t code[] = { 0x58, 0x48, 0xc1, 0xe0, 64 - bits, 0x48, 0xc1, shift_back, 64 - bits, 0x50 };
    stub_bytes(a->s, code, sizeof code);
    return true;
}

/* Bytes of operand behind a bytecode. */
static size_t agent_operand_size(uint8_t op)
{
    if (op >= AGENT_CONST8 && op <= AGENT_CONST64) return 1 << (op - AGENT_CONST8);
    if (op == AGENT_IF_GOTO || op == AGENT_GOTO || op == AGENT_REG) return 2;
    return op == AGENT_EXT || op == AGENT_ZERO_EXT || op == AGENT_PICK;
}

/* The bytecodes with an operand. */
static bool agent_with_operand(struct agent *a, uint8_t op, uint64_t operand, uint64_t site)
{
    uint32_t pick = operand * 8;
    switch (op) {
    case AGENT_EXT: return agent_extend(a, operand, 0xf8);
    case AGENT_ZERO_EXT: return agent_extend(a, operand, 0xe8);
    case AGENT_REG:
        a->depth++;
        return agent_push_register(a, operand, site);
    case AGENT_PICK:
        if (operand >= (uint64_t)a->depth) return false;
        a->depth++;
        stub_bytes(a->s, "\xff\xb4\x24", 3); /* push [rsp + disp32] */
        stub_bytes(a->s, &pick, 4);
        return true;
    case AGENT_IF_GOTO: /* pop rax; test rax,rax; jne */
        if (a->depth-- < 1) return false;
        stub_bytes(a->s, "\x58\x48\x85\xc0\x0f\x85", 6);
        return agent_jump(a, operand);
    case AGENT_GOTO: {
        stub_bytes(a->s, "\xe9", 1);
        bool fine = agent_jump(a, operand);
        a->depth = -1;
        return fine;
    }
    default: /* const8 to const64 */
        a->depth++;
        stub_immediate(a->s, RAX, operand);
        stub_bytes(a->s, "\x50", 1);
        return true;
    }
}

/* Compiles bytecode up to its `end`; leaves the value on the stack. */
static bool agent_compile(struct agent *a, uint64_t site)
{
    while (a->at < a->length) {
        if (!agent_land(a)) return false;
        uint8_t op = a->code[a->at++];
        size_t operand = agent_operand_size(op);
        const struct agent_code *simple = &agent_codes[op];
        if (op == AGENT_END) return a->depth >= 1 && a->at == a->length;
        if (a->at + operand > a->length) return false;
        if (operand) {
            if (!agent_with_operand(a, op, agent_operand(a, operand), site)) return false;
        } else {
            if (!simple->code || a->depth < simple->takes) return false;
            stub_bytes(a->s, simple->code, simple->length);
            a->depth += simple->leaves - simple->takes;
        }
    }
    return false;
}

/* The deciding part of a probe that counts down and traps when the count is zero or the bytecode's
 * value is not. Flags and stack pointer move to the stub's own stack meanwhile; a tracer's stop in
 * between finds all of it in the slots. false: not compilable. */
bool stub_condition(struct stub *s, uint64_t site, uint64_t count, const uint8_t *agent,
                    size_t length)
{
    static const uint8_t used[] = { RSP, RAX, RCX, RDX };
    struct agent a = { .s = s, .code = agent, .length = length };
    if (length > AGENT_MAX) return false;
    memset(a.depth_at, -1, sizeof a.depth_at);
    memcpy(s->slots + SLOT_COUNT, &count, 8);
    stub_span(s, 0, site);
    for (size_t i = 0; i < sizeof used; i++) stub_save(s, used[i]);
    stub_bytes(s, "\x48\x8d\x25", 3); /* lea rsp, [private stack] */
    stub_slot(s, SLOT_STACK);
    stub_bytes(s, "\x9c", 1); /* pushfq */
    uint32_t all = s->spans[s->span_count - 1].saved | SAVED_FLAGS;
    stub_span(s, all, site);
    stub_bytes(s, "\x48\xff\x0d", 3); /* dec qword [count] */
    stub_slot(s, SLOT_COUNT);
    s->counting = true;
    stub_span(s, all, site);
    if (!agent_compile(&a, site)) return false;
    stub_load(s, RAX, SLOT_COUNT);
    /* test rax, rax; sete al; movzx eax, al; pop rcx; or rcx, rax */
    stub_bytes(s, "\x48\x85\xc0\x0f\x94\xc0\x0f\xb6\xc0\x59\x48\x09\xc1", 13);
    stub_bytes(s, "\x48\x8d\x25", 3);
    stub_slot(s, SLOT_FLAGS);
    stub_bytes(s, "\x9d\xe3\x00", 3); /* popfq; jrcxz no */
    size_t no = s->size - 1;
    for (size_t i = sizeof used; i--;) stub_load(s, used[i], 8 * used[i]);
    stub_hit(s);
    if (!s->unfit) s->bytes[no] = s->size - (no + 1);
    for (size_t i = sizeof used; i--;) stub_load(s, used[i], 8 * used[i]);
    s->counting = false;
    return true;
}
