/* mul.c - multiplies, the DSP extension, CLZ, and coprocessor 0 with its 40-bit accumulator.
 *
 * Problem: two dozen instructions that differ in which halves they multiply, what they add and
 * whether they saturate. Each handler takes the instruction word in imm apart itself.
 *
 * Where r15 is named as an operand the result is unpredictable; here it reads as whatever regs[15]
 * holds, and a result for r15 is written there, where the next jump overwrites it.
 *
 * Where to start: op_mul_any for the pattern, op_dsp_multiply_any for the DSP forms.
 */
#include "engine.h"

/* Registers by their place in the word. */
static always_inline uint32_t *r0(CPUARMState *env, const struct insn *ip)
{
    return &env->regs[ip->imm & 15];
}
static always_inline uint32_t *r8(CPUARMState *env, const struct insn *ip)
{
    return &env->regs[ip->imm >> 8 & 15];
}
static always_inline uint32_t *r12(CPUARMState *env, const struct insn *ip)
{
    return &env->regs[ip->imm >> 12 & 15];
}
static always_inline uint32_t *r16(CPUARMState *env, const struct insn *ip)
{
    return &env->regs[ip->imm >> 16 & 15];
}

/*      31  28 27              21 20 19  16 15  12 11   8 7     4 3   0
 *     | cond | 0 0 0  0 0 0   A| S|  rd  |  rn  |  rs  |1 0 0 1|  rm  |   MUL, MLA (A)
 *     | cond | 0 0 0  0 1 Sg  A| S|  hi  |  lo  |  rs  |1 0 0 1|  rm  |   UMULL ... SMLAL
 */
const struct insn *op_mul_any(CPUARMState *env, const struct insn *ip)
{
    uint32_t r = *r0(env, ip) * *r8(env, ip);

    if (ip->imm & 1 << 21)
        r += *r12(env, ip);
    *r16(env, ip) = r;
    if (ip->imm & 1 << 20)
        env->NF = env->ZF = r;
    return next(env, ip);
}

const struct insn *op_multiply_long_any(CPUARMState *env, const struct insn *ip)
{
    uint32_t a = *r0(env, ip), b = *r8(env, ip);
    uint64_t r = ip->imm & 1 << 22 ? (uint64_t)((int64_t)(int32_t)a * (int32_t)b) : (uint64_t)a * b;

    if (ip->imm & 1 << 21)
        r += (uint64_t)*r16(env, ip) << 32 | *r12(env, ip);
    *r12(env, ip) = r;
    *r16(env, ip) = r >> 32;
    if (ip->imm & 1 << 20) {
        env->NF = r >> 32;
        env->ZF = r != 0;
    }
    return next(env, ip);
}

const struct insn *op_clz_any(CPUARMState *env, const struct insn *ip)
{
    uint32_t rm = *r0(env, ip);

    *r12(env, ip) = rm ? __builtin_clz(rm) : 32;
    return next(env, ip);
}

/* ---- DSP ---- */

/* v as 32 signed bits; Q is set if it does not fit. */
static uint32_t saturate(CPUARMState *env, int64_t v)
{
    if (v == (int32_t)v)
        return v;
    env->QF = 1;
    return v < 0 ? 0x80000000 : 0x7fffffff;
}

/* QADD, QSUB, QDADD, QDSUB: bit 21 subtracts, bit 22 doubles rn, with saturation, first. */
const struct insn *op_saturate_any(CPUARMState *env, const struct insn *ip)
{
    int64_t a = (int32_t)*r0(env, ip), b = (int32_t)*r16(env, ip);

    if (ip->imm & 1 << 22)
        b = (int32_t)saturate(env, b * 2);
    *r12(env, ip) = saturate(env, ip->imm & 1 << 21 ? a - b : a + b);
    return next(env, ip);
}

static int32_t half(uint32_t value, uint32_t top) { return (int16_t)(top ? value >> 16 : value); }

/* A sum that wraps, but sets Q when it does. */
static uint32_t add_q(CPUARMState *env, int32_t a, int32_t b)
{
    int32_t r;

    if (__builtin_add_overflow(a, b, &r))
        env->QF = 1;
    return r;
}

/*      31  28 27      23 22 21 20 19  16 15  12 11   8 7  6  5  4 3   0
 *     | cond | 0 0 0 1 0 | op  | 0|  rd  |  rn  |  rs  | 1| y| x| 0|  rm  |
 *
 *     op 0 SMLAxy   rd = rm.x * rs.y + rn         2 SMLALxy  rd:rn += rm.x * rs.y
 *     op 1 SMLAWy   rd = (rm * rs.y) >> 16 + rn   3 SMULxy   rd = rm.x * rs.y
 *          (x set: SMULWy, without the + rn)
 */
const struct insn *op_dsp_multiply_any(CPUARMState *env, const struct insn *ip)
{
    uint32_t raw = ip->imm, x = raw & 1 << 5;
    int32_t rm = *r0(env, ip), rs = half(*r8(env, ip), raw & 1 << 6), rn = *r12(env, ip);
    int32_t product = half(rm, x) * rs;

    switch (raw >> 21 & 3) {
    case 0:
        *r16(env, ip) = add_q(env, product, rn);
        break;
    case 1:
        product = ((int64_t)rm * rs) >> 16;
        *r16(env, ip) = x ? (uint32_t)product : add_q(env, product, rn);
        break;
    case 2: {
        uint64_t sum = ((uint64_t)*r16(env, ip) << 32 | (uint32_t)rn) + (int64_t)product;
        *r12(env, ip) = sum;
        *r16(env, ip) = sum >> 32;
        break;
    }
    default:
        *r16(env, ip) = product;
    }
    return next(env, ip);
}

/* ---- coprocessor 0: the accumulator ---- */

/* CP15's access register must grant coprocessor 0. */
static bool accumulator_there(const CPUARMState *env, uint32_t acc)
{
    return (env->cp15.cpar & 1) && acc == 0;
}

/* MIA, MIAPH, MIAxy: acc0 += product of rm (bits 0..3) and rs (bits 12..15), by bits 16..19:
 *
 *     0 MIA   whole      8 MIAPH   top halves and bottom halves
 *     12..15 MIAxy       a half of each: bit 17 set, the top of rm; bit 16 set, the top of rs */
const struct insn *op_mia_any(CPUARMState *env, const struct insn *ip)
{
    uint32_t raw = ip->imm, rm = *r0(env, ip), rs = *r12(env, ip);

    if (!accumulator_there(env, raw >> 5 & 7))
        return op_undefined(env, ip);
    switch (raw >> 16 & 15) {
    case 0:
        env->acc0 += (int64_t)(int32_t)rm * (int32_t)rs;
        break;
    case 8:
        env->acc0 += (int64_t)half(rm, 1) * half(rs, 1) + (int64_t)half(rm, 0) * half(rs, 0);
        break;
    case 12: case 13: case 14: case 15:
        env->acc0 += (int64_t)half(rm, raw & 1 << 17) * half(rs, raw & 1 << 16);
        break;
    default:
        return op_undefined(env, ip);
    }
    return next(env, ip);
}

/* MAR and MRA (bit 20): acc0 from and to a pair of registers, the low word in bits 12..15. */
const struct insn *op_mar_mra_any(CPUARMState *env, const struct insn *ip)
{
    uint32_t raw = ip->imm;

    if (!accumulator_there(env, raw & 7))
        return op_undefined(env, ip);
    if (raw & 1 << 20) {
        *r12(env, ip) = env->acc0;
        *r16(env, ip) = (uint32_t)(int8_t)(env->acc0 >> 32); /* its sign extended */
    } else {
        env->acc0 = (uint64_t)*r16(env, ip) << 32 | *r12(env, ip);
    }
    return next(env, ip);
}
