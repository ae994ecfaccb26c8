/* alu.c - data processing: AND to MVN, and CMP, with every kind of second operand.
 *
 * Problem: sixteen operations, six kinds of second operand, with and without flags: half of all
 * instructions executed, so each combination should be straight code without a test inside.
 *
 * How: alu() says once what they all do, and is compiled into a handler for each combination, with
 * the combination as constants. The rare forms (r15 as an operand or the destination, shifts by 32)
 * share one handler, op_alu_any, which goes through the same compute().
 *
 *      31  28 27 26 25 24   21 20 19  16 15  12 11                   0
 *     | cond | 0 0 | I| opcode| S|  rn  |  rd  |   second operand     |
 *
 *     second operand   I = 1   rotate/2 (4 bits), 8 bits: a constant, rotated right
 *                      I = 0   amount (5 bits), type (2), 0, rm: rm shifted by a constant
 *                              rs (4 bits), 0, type (2), 1, rm: rm shifted by a register
 *
 * Where to start: compute(), then alu().
 */
#include "engine.h"

enum op { AND, EOR, SUB, RSB, ADD, ADC, SBC, RSC, TST, TEQ, CMP, CMN, ORR, MOV, BIC, MVN };
enum { LSL, LSR, ASR, ROR };

/* ---- the operations ---- */

static always_inline bool is_compare(enum op op) { return op >= TST && op <= CMN; }
static always_inline bool is_logical(enum op op)
{
    return op == AND || op == EOR || op == TST || op == TEQ || op >= ORR;
}

/* a + b + carry, setting all flags if s. Subtraction is this with ~b: the carry is "no borrow". */
static always_inline uint32_t add(CPUARMState *env, uint32_t a, uint32_t b, uint32_t carry, bool s)
{
    uint32_t r = a + b + carry;

    if (s) {
        env->NF = env->ZF = r;
        env->CF = ((uint64_t)a + b + carry) >> 32;
        env->VF = ~(a ^ b) & (a ^ r);
    }
    return r;
}

/* a - b, setting all flags if s; the same as add(a, ~b, 1), which compiles to more. */
static always_inline uint32_t sub(CPUARMState *env, uint32_t a, uint32_t b, bool s)
{
    uint32_t r = a - b;

    if (s) {
        env->NF = env->ZF = r;
        env->CF = a >= b;
        env->VF = (a ^ b) & (a ^ r);
    }
    return r;
}

/* The result of an operation on a (rn) and b (the second operand); sets the flags if s. carry is
 * what came out of the shifter: the C flag of logical operations. */
static always_inline uint32_t compute(CPUARMState *env, enum op op, uint32_t a, uint32_t b,
                                      uint32_t carry, bool s)
{
    uint32_t r;

    switch (op) {
    case AND: case TST: r = a & b; break;
    case EOR: case TEQ: r = a ^ b; break;
    case ORR: r = a | b; break;
    case MOV: r = b; break;
    case BIC: r = a & ~b; break;
    case MVN: r = ~b; break;
    case SUB: case CMP: return sub(env, a, b, s);
    case RSB: return sub(env, b, a, s);
    case ADD: case CMN: return add(env, a, b, 0, s);
    case ADC: return add(env, a, b, env->CF, s);
    case SBC: return add(env, a, ~b, env->CF, s);
    default: return add(env, b, ~a, env->CF, s); /* RSC */
    }
    if (s) {
        env->NF = env->ZF = r;
        env->CF = carry;
    }
    return r;
}

/* ---- the second operand ---- */

/* value shifted by 1..31, and the last bit shifted out. */
static always_inline uint32_t shift(unsigned type, uint32_t value, unsigned amount)
{
    switch (type) {
    case LSL: return value << amount;
    case LSR: return value >> amount;
    case ASR: return (uint32_t)((int32_t)value >> amount);
    default: return ror32(value, amount);
    }
}

static always_inline uint32_t shifted_out(unsigned type, uint32_t value, unsigned amount)
{
    return (type == LSL ? value >> (32 - amount) : value >> (amount - 1)) & 1;
}

/* By register: amount is 0..255, and 32 and more empty the register. */
static always_inline uint32_t shift_by_register(unsigned type, uint32_t value, unsigned amount)
{
    if (type == ROR)
        return ror32(value, amount & 31);
    if (amount >= 32)
        return type == ASR ? (uint32_t)((int32_t)value >> 31) : 0;
    return shift(type, value, amount);
}

/* The carry out of a shift by the low byte of a register, which may be 0 or more than 32 (ARM ARM
 * A5.1.6 to A5.1.12). */
static always_inline uint32_t shifted_out_by_register(unsigned type, uint32_t value,
                                                      unsigned amount, uint32_t carry)
{
    if (amount == 0)
        return carry;
    if (type == ROR)
        return value >> ((amount - 1) & 31) & 1;
    if (amount <= 31)
        return shifted_out(type, value, amount);
    if (type == ASR)
        return value >> 31;
    return amount > 32 ? 0 : type == LSL ? value & 1 : value >> 31;
}

/* ---- the hot forms: one handler for each operation, operand kind and S ---- */

/* Kinds: a constant; a register; a register shifted by 1..31, by type; shifted by a register. */
enum kind { IMM, REG, BY_LSL, BY_LSR, BY_ASR, BY_ROR, BY_REG, KINDS };

/* For IMM, rs says what the rotation makes of the carry: 2 leaves it as it is. For the shifts by a
 * constant imm is the amount; for BY_REG the type. */
static always_inline const struct insn *alu(CPUARMState *env, const struct insn *ip, enum op op,
                                            enum kind kind, bool s)
{
    bool carries = s && is_logical(op); /* else nobody asks for the shifter's carry */
    uint32_t a = op == MOV || op == MVN ? 0 : env->regs[ip->rn];
    uint32_t b = kind == IMM ? ip->imm : env->regs[ip->rm];
    uint32_t carry = carries ? env->CF : 0;

    if (kind == IMM && carries && ip->rs != 2)
        carry = ip->rs;
    if (kind >= BY_LSL && kind <= BY_ROR) {
        if (carries)
            carry = shifted_out(kind - BY_LSL, b, ip->imm);
        b = shift(kind - BY_LSL, b, ip->imm);
    }
    if (kind == BY_REG) {
        unsigned amount = env->regs[ip->rs] & 0xff;
        if (carries)
            carry = shifted_out_by_register(ip->imm, b, amount, carry);
        b = shift_by_register(ip->imm, b, amount);
    }
    uint32_t r = compute(env, op, a, b, carry, s);
    if (!is_compare(op))
        env->regs[ip->rd] = r;
    return next(env, ip);
}

/* The handlers of one operation, all alike but for the constants, and their row in the table. */
#define ALU(op, kind) \
    static const struct insn *op_##op##_##kind(CPUARMState *env, const struct insn *ip) \
    { return alu(env, ip, op, kind, false); } \
    static const struct insn *op_##op##S_##kind(CPUARMState *env, const struct insn *ip) \
    { return alu(env, ip, op, kind, true); }
#define ALUS(op) \
    ALU(op, IMM) ALU(op, REG) ALU(op, BY_LSL) ALU(op, BY_LSR) ALU(op, BY_ASR) ALU(op, BY_ROR) \
    ALU(op, BY_REG)
ALUS(AND) ALUS(EOR) ALUS(SUB) ALUS(RSB) ALUS(ADD) ALUS(ADC) ALUS(SBC) ALUS(RSC)
ALUS(TST) ALUS(TEQ) ALUS(CMP) ALUS(CMN) ALUS(ORR) ALUS(MOV) ALUS(BIC) ALUS(MVN)

#define ALU_ROW(op) [op] = { \
    { op_##op##_IMM, op_##op##S_IMM }, { op_##op##_REG, op_##op##S_REG }, \
    { op_##op##_BY_LSL, op_##op##S_BY_LSL }, { op_##op##_BY_LSR, op_##op##S_BY_LSR }, \
    { op_##op##_BY_ASR, op_##op##S_BY_ASR }, { op_##op##_BY_ROR, op_##op##S_BY_ROR }, \
    { op_##op##_BY_REG, op_##op##S_BY_REG } }
static handler *const alu_handlers[16][KINDS][2] = {
    ALU_ROW(AND), ALU_ROW(EOR), ALU_ROW(SUB), ALU_ROW(RSB),
    ALU_ROW(ADD), ALU_ROW(ADC), ALU_ROW(SBC), ALU_ROW(RSC),
    ALU_ROW(TST), ALU_ROW(TEQ), ALU_ROW(CMP), ALU_ROW(CMN),
    ALU_ROW(ORR), ALU_ROW(MOV), ALU_ROW(BIC), ALU_ROW(MVN),
};

/* MOV pc, rm: the return from a function. */
static const struct insn *op_mov_pc(CPUARMState *env, const struct insn *ip)
{
    return jump(env, ip, env->regs[ip->rm]);
}

/* ---- every form, straight from the instruction word in imm ---- */

/* The second operand and its shifter's carry. A register shifted by zero encodes LSR and ASR by 32
 * and RRX. Reading r15 with a shift by register gives 4 more. (Returned by value: a handler must
 * not have a local whose address is taken, see engine.h.) */
struct operand {
    uint32_t value, carry;
};

static struct operand operand(CPUARMState *env, const struct insn *ip, uint32_t raw)
{
    unsigned type = raw >> 5 & 3, amount = raw >> 7 & 31;
    struct operand b = { 0, env->CF };

    if (raw & 1 << 25) {
        b.value = ror32(raw & 0xff, raw >> 7 & 0x1e);
        if (raw & 0xf00)
            b.carry = b.value >> 31;
        return b;
    }
    b.value = reg(env, ip, raw & 15);
    if (raw & 1 << 4) {
        if ((raw & 15) == 15)
            b.value += 4;
        amount = reg(env, ip, raw >> 8 & 15) & 0xff;
        b.carry = shifted_out_by_register(type, b.value, amount, env->CF);
        b.value = shift_by_register(type, b.value, amount);
    } else if (amount) {
        b.carry = shifted_out(type, b.value, amount);
        b.value = shift(type, b.value, amount);
    } else if (type != LSL) {
        uint32_t rm = b.value;
        b.carry = type == ROR ? rm & 1 : rm >> 31;
        b.value = type == LSR ? 0
                : type == ASR ? (uint32_t)((int32_t)rm >> 31) : env->CF << 31 | rm >> 1;
    }
    return b;
}

static const struct insn *op_alu_any(CPUARMState *env, const struct insn *ip)
{
    uint32_t raw = ip->imm;
    struct operand b = operand(env, ip, raw);
    unsigned rn = raw >> 16 & 15, rd = raw >> 12 & 15;
    enum op op = raw >> 21 & 15;
    bool s = raw & 1 << 20;
    uint32_t a = reg(env, ip, rn);

    if (rn == 15 && (raw & 1 << 4) && !(raw & 1 << 25))
        a += 4;
    if (rd == 15 && !is_compare(op)) {
        uint32_t r = compute(env, op, a, b.value, b.carry, false);
        if (!s)
            return jump(env, ip, r);
        sync_state(env, ip + 1, r); /* the return from an exception */
        cpsr_write(env, env->spsr, ~0u);
        env->regs[15] &= env->thumb ? ~1u : ~3u;
        return NULL;
    }
    uint32_t r = compute(env, op, a, b.value, b.carry, s);
    if (!is_compare(op))
        env->regs[rd] = r;
    return ip + 1;
}

/* A data-processing instruction (ARM ARM A3.4): finds its handler by operation, kind of operand and
 * whether it sets the flags, and takes its operands apart for it. */
void decode_alu(struct insn *i, uint32_t raw, uint32_t at)
{
    enum op op = raw >> 21 & 15;
    bool imm = raw & 1 << 25, by_register = !imm && (raw & 1 << 4);
    unsigned type = raw >> 5 & 3, amount = raw >> 7 & 31;
    enum kind kind;

    (void)at;
    i->rd = raw >> 12 & 15;
    i->rn = raw >> 16 & 15;
    i->rm = raw & 15;
    if (imm) {
        kind = IMM;
        i->imm = ror32(raw & 0xff, raw >> 7 & 0x1e);
        i->rs = raw & 0xf00 ? i->imm >> 31 : 2;
    } else if (by_register) {
        kind = BY_REG;
        i->imm = type;
        i->rs = raw >> 8 & 15;
    } else {
        kind = amount ? BY_LSL + type : REG;
        i->imm = amount;
    }
    bool reads_rn = op != MOV && op != MVN;
    bool rare = (i->rd == 15 && !is_compare(op)) || (i->rn == 15 && reads_rn) ||
                (!imm && i->rm == 15) || (by_register && i->rs == 15) ||
                (kind == REG && type != LSL);
    i->exec = alu_handlers[op][kind][raw >> 20 & 1];
    if (rare) {
        bool mov_pc = op == MOV && kind == REG && type == LSL && i->rm != 15 && !(raw & 1 << 20);
        i->exec = mov_pc ? op_mov_pc : op_alu_any;
        i->imm = raw;
    }
}
