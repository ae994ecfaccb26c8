/* thumb.c - Thumb: 16-bit instructions.
 *
 * Problem: a second instruction set. But nearly every Thumb instruction does what some ARM
 * instruction does, so it is translated to that one's 32 bits and decoded by decode_arm: the table
 * below is the whole of it. What has no ARM twin (pc-relative things, which count from pc + 4, BL
 * in two halves, BX, SWI, BKPT) has a row with a decoder of its own.
 *
 * Where to start: thumb_table.
 */
#include "engine.h"

enum { ALWAYS = 0xe0000000, S = 1 << 20 };

/* Fields of the 16 bits, by their lowest bit; `high` registers have their top bit elsewhere. */
static uint32_t r(uint16_t t, int bit) { return t >> bit & 7; }
static uint32_t imm5(uint16_t t) { return t >> 6 & 31; }
static uint32_t imm8(uint16_t t) { return t & 0xff; }

/* ---- translations: 16 bits in, an ARM instruction out ---- */

/* LSL LSR ASR rd, rm, #imm5  ->  MOVS rd, rm, shift */
static uint32_t shift_imm(uint16_t t)
{
    return 0x01a00000 | S | r(t, 0) << 12 | imm5(t) << 7 | (t >> 11 & 3) << 5 | r(t, 3);
}

/* ADD SUB rd, rn, rm or #imm3 */
static uint32_t add_sub(uint16_t t)
{
    uint32_t op = t & 1 << 9 ? 0x00400000 : 0x00800000;
    uint32_t imm = t & 1 << 10 ? 1 << 25 : 0;

    return op | imm | S | r(t, 3) << 16 | r(t, 0) << 12 | r(t, 6);
}

/* MOV CMP ADD SUB rd, #imm8 */
static uint32_t op_imm8(uint16_t t)
{
    static const uint32_t ops[] = { 0x03a00000, 0x03500000, 0x02800000, 0x02400000 };

    return ops[t >> 11 & 3] | S | r(t, 8) << 16 | r(t, 8) << 12 | imm8(t);
}

/* Sixteen operations on two low registers. Four of them are shifts (MOVS rd, rd, shift rm), NEG is
 * RSBS rd, rm, #0, MUL has its operands elsewhere. */
static uint32_t alu(uint16_t t)
{
    uint32_t d = r(t, 0), m = r(t, 3), two = d << 16 | d << 12 | m;

    switch (t >> 6 & 15) {
    case 0: return 0x00000000 | S | two;                            /* AND */
    case 1: return 0x00200000 | S | two;                            /* EOR */
    case 2: return 0x01a00010 | S | d << 12 | m << 8 | d;           /* LSL */
    case 3: return 0x01a00030 | S | d << 12 | m << 8 | d;           /* LSR */
    case 4: return 0x01a00050 | S | d << 12 | m << 8 | d;           /* ASR */
    case 5: return 0x00a00000 | S | two;                            /* ADC */
    case 6: return 0x00c00000 | S | two;                            /* SBC */
    case 7: return 0x01a00070 | S | d << 12 | m << 8 | d;           /* ROR */
    case 8: return 0x01000000 | S | two;                            /* TST */
    case 9: return 0x02600000 | S | m << 16 | d << 12;              /* NEG */
    case 10: return 0x01400000 | S | two;                           /* CMP */
    case 11: return 0x01600000 | S | two;                           /* CMN */
    case 12: return 0x01800000 | S | two;                           /* ORR */
    case 13: return 0x00000090 | S | d << 16 | m << 8 | d;          /* MUL */
    case 14: return 0x01c00000 | S | two;                           /* BIC */
    default: return 0x01e00000 | S | d << 12 | m;                   /* MVN */
    }
}

/* ADD CMP MOV with any registers; only CMP sets flags. */
static uint32_t high_registers(uint16_t t)
{
    uint32_t d = (t >> 4 & 8) | r(t, 0), m = t >> 3 & 15;

    switch (t >> 8 & 3) {
    case 0: return 0x00800000 | d << 16 | d << 12 | m;
    case 1: return 0x01500000 | d << 16 | m;
    default: return 0x01a00000 | d << 12 | m;
    }
}

/* STR STRH STRB LDRSB LDR LDRH LDRB LDRSH rd, [rn, rm] */
static uint32_t transfer_reg(uint16_t t)
{
    static const uint32_t ops[] = {
        0x07800000, 0x018000b0, 0x07c00000, 0x019000d0,
        0x07900000, 0x019000b0, 0x07d00000, 0x019000f0,
    };

    return ops[t >> 9 & 7] | r(t, 3) << 16 | r(t, 0) << 12 | r(t, 6);
}

/* STR LDR STRB LDRB rd, [rn, #imm5], scaled by the size */
static uint32_t transfer_imm(uint16_t t)
{
    uint32_t byte = t & 1 << 12 ? 1 << 22 : 0, load = t & 1 << 11 ? 1 << 20 : 0;

    return 0x05800000 | byte | load | r(t, 3) << 16 | r(t, 0) << 12 | imm5(t) << (byte ? 0 : 2);
}

/* STRH LDRH rd, [rn, #imm5 * 2] */
static uint32_t transfer_half(uint16_t t)
{
    uint32_t load = t & 1 << 11 ? 1 << 20 : 0, offset = imm5(t) * 2;

    return 0x01c000b0 | load | r(t, 3) << 16 | r(t, 0) << 12 | (offset & 0xf0) << 4 |
           (offset & 15);
}

/* STR LDR rd, [sp, #imm8 * 4] */
static uint32_t transfer_sp(uint16_t t)
{
    return 0x058d0000 | (t & 1 << 11 ? 1 << 20 : 0) | r(t, 8) << 12 | imm8(t) * 4;
}

/* ADD rd, sp, #imm8 * 4: the constant is rotated right by 30 */
static uint32_t add_rd_sp(uint16_t t) { return 0x028d0f00 | r(t, 8) << 12 | imm8(t); }

/* ADD SUB sp, sp, #imm7 * 4 */
static uint32_t adjust_sp(uint16_t t)
{
    return (t & 1 << 7 ? 0x024ddf00 : 0x028ddf00) | (t & 0x7f);
}

/* PUSH {list, lr}  ->  STMDB sp!;  POP {list, pc}  ->  LDMIA sp! */
static uint32_t push(uint16_t t) { return 0x092d0000 | imm8(t) | (t & 1 << 8 ? 1 << 14 : 0); }
static uint32_t pop(uint16_t t) { return 0x08bd0000 | imm8(t) | (t & 1 << 8 ? 1 << 15 : 0); }

/* STMIA LDMIA rn!, {list}: a base that is loaded is not written back */
static uint32_t multiple(uint16_t t)
{
    uint32_t load = t & 1 << 11 ? 1 << 20 : 0;
    uint32_t write_back = load && (t >> r(t, 8) & 1) ? 0 : 1 << 21;

    return 0x08800000 | load | write_back | r(t, 8) << 16 | imm8(t);
}

/* ---- what has no ARM twin ---- */

/* B, with and without a condition: half-words from pc + 4 */
static void b_cond(struct insn *i, uint16_t t, uint32_t at)
{
    branch_to(i, (int32_t)at + 4 + (int8_t)t * 2, at, false, t >> 8 & 15, true);
}

static void b(struct insn *i, uint16_t t, uint32_t at)
{
    branch_to(i, (int32_t)at + 4 + ((int32_t)((uint32_t)t << 21) >> 20), at, false, 14, true);
}

/* LDR rd, [pc, #imm8 * 4]: pc + 4 with its low two bits off */
static void ldr_literal(struct insn *i, uint16_t t, uint32_t at)
{
    i->rd = r(t, 8);
    i->imm = ((at + 4) & ~3u) + imm8(t) * 4;
    i->exec = op_ldr_literal;
}

static const struct insn *op_adr(CPUARMState *env, const struct insn *ip)
{
    env->regs[ip->rd] = env->code_vaddr + ip->imm;
    return next(env, ip);
}

/* ADD rd, pc, #imm8 * 4 */
static void adr(struct insn *i, uint16_t t, uint32_t at)
{
    i->rd = r(t, 8);
    i->imm = ((at + 4) & ~3u) + imm8(t) * 4;
    i->exec = op_adr;
}

/* BL and BLX are two instructions: the first puts the upper half of the offset into r14 ... */
static const struct insn *op_bl_prefix(CPUARMState *env, const struct insn *ip)
{
    env->regs[14] = env->code_vaddr + ip->imm;
    return next(env, ip);
}

static void bl_prefix(struct insn *i, uint16_t t, uint32_t at)
{
    i->imm = at + 4 + (uint32_t)((int32_t)((uint32_t)t << 21) >> 9);
    i->exec = op_bl_prefix;
}

/* ... and the second adds the lower half and jumps; BLX to ARM state. */
static const struct insn *op_bl(CPUARMState *env, const struct insn *ip)
{
    uint32_t target = env->regs[14] + ip->imm;

    env->regs[14] = (pc_of(env, ip) + 2) | 1;
    return jump(env, ip, target);
}

static const struct insn *op_blx(CPUARMState *env, const struct insn *ip)
{
    uint32_t target = env->regs[14] + ip->imm;

    env->regs[14] = (pc_of(env, ip) + 2) | 1;
    env->thumb = 0;
    return jump(env, ip, target);
}

static void bl(struct insn *i, uint16_t t, uint32_t at)
{
    (void)at;
    i->imm = (t & 0x7ff) * 2;
    i->exec = op_bl;
}

/* An odd half-word offset can not be: undefined. */
static void blx(struct insn *i, uint16_t t, uint32_t at)
{
    (void)at;
    i->imm = (t & 0x7ff) * 2;
    i->exec = t & 1 ? op_undefined : op_blx;
}

/* BX and BLX rm (bit 7) */
static const struct insn *op_bx_thumb(CPUARMState *env, const struct insn *ip)
{
    uint32_t target = reg(env, ip, ip->rm);

    if (ip->rd)
        env->regs[14] = (pc_of(env, ip) + 2) | 1;
    return jump_exchange(env, ip, target);
}

static void bx(struct insn *i, uint16_t t, uint32_t at)
{
    (void)at;
    i->rm = t >> 3 & 15;
    i->rd = t >> 7 & 1;
    i->exec = op_bx_thumb;
}

static void swi(struct insn *i, uint16_t t, uint32_t at)
{
    (void)t;
    (void)at;
    i->exec = op_swi;
}

static void bkpt(struct insn *i, uint16_t t, uint32_t at)
{
    (void)t;
    (void)at;
    i->exec = op_bkpt;
}

static void undefined(struct insn *i, uint16_t t, uint32_t at)
{
    (void)t;
    (void)at;
    i->exec = op_undefined;
}

/* ---- the table: the first row that matches ---- */

static const struct {
    uint16_t mask, value;
    uint32_t (*translate)(uint16_t t);                         /* either */
    void (*decode)(struct insn *i, uint16_t t, uint32_t at);   /* or */
} thumb_table[] = {
    { 0xf800, 0x1800, add_sub, NULL },
    { 0xe000, 0x0000, shift_imm, NULL },
    { 0xe000, 0x2000, op_imm8, NULL },
    { 0xfc00, 0x4000, alu, NULL },
    { 0xff00, 0x4700, NULL, bx },
    { 0xfc00, 0x4400, high_registers, NULL },
    { 0xf800, 0x4800, NULL, ldr_literal },
    { 0xf000, 0x5000, transfer_reg, NULL },
    { 0xe000, 0x6000, transfer_imm, NULL },
    { 0xf000, 0x8000, transfer_half, NULL },
    { 0xf000, 0x9000, transfer_sp, NULL },
    { 0xf800, 0xa000, NULL, adr },
    { 0xf800, 0xa800, add_rd_sp, NULL },
    { 0xff00, 0xb000, adjust_sp, NULL },
    { 0xfe00, 0xb400, push, NULL },
    { 0xfe00, 0xbc00, pop, NULL },
    { 0xff00, 0xbe00, NULL, bkpt },
    { 0xf000, 0xc000, multiple, NULL },
    { 0xff00, 0xde00, NULL, undefined },
    { 0xff00, 0xdf00, NULL, swi },
    { 0xf000, 0xd000, NULL, b_cond },
    { 0xf800, 0xe000, NULL, b },
    { 0xf800, 0xe800, NULL, blx },
    { 0xf800, 0xf000, NULL, bl_prefix },
    { 0xf800, 0xf800, NULL, bl },
    { 0, 0, NULL, undefined },
};

/* Decodes a Thumb instruction: most are an ARM instruction in other words, and become it (ARM ARM
 * A7.1 gives each one's equivalent). */
void decode_thumb(struct insn *i, uint16_t raw, uint32_t at)
{
    int k = 0;

    while ((raw & thumb_table[k].mask) != thumb_table[k].value)
        k++;
    if (thumb_table[k].translate) {
        decode_arm(i, ALWAYS | thumb_table[k].translate(raw), at);
        return;
    }
    i->fn = NULL;
    thumb_table[k].decode(i, raw, at);
    if (!i->fn)
        i->fn = i->exec;
}
