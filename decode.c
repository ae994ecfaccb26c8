/* decode.c - the ARM instruction table, and the instructions that are neither data processing nor
 * memory: branches, status registers, SWI, BKPT, coprocessors.
 *
 * Problem: 32 bits of instruction word to a handler and operands (struct insn in engine.h). It
 * happens once for each instruction executed, so clarity beats speed: a table of bit patterns,
 * searched from the top, each row naming either the handler itself or the function that knows its
 * class of instructions better. What no row matches is an undefined instruction.
 *
 * The condition, bits 28..31, is taken care of here for all: an instruction that is not "always"
 * gets a handler that tests the flags and goes on to the real one, or to the next instruction.
 * Branches within a page have handlers of their own for each condition, as they are one instruction
 * in seven.
 *
 * Where to start: arm_table.
 */
#include "engine.h"

/* ---- conditions ---- */

enum cond { EQ, NE, CS, CC, MI, PL, VS, VC, HI, LS, GE, LT, GT, LE, AL, NV };

static always_inline bool holds(const CPUARMState *env, enum cond cond)
{
    switch (cond) {
    case EQ: return env->ZF == 0;
    case NE: return env->ZF != 0;
    case CS: return env->CF;
    case CC: return !env->CF;
    case MI: return (int32_t)env->NF < 0;
    case PL: return (int32_t)env->NF >= 0;
    case VS: return (int32_t)env->VF < 0;
    case VC: return (int32_t)env->VF >= 0;
    case HI: return env->CF && env->ZF;
    case LS: return !env->CF || !env->ZF;
    case GE: return (int32_t)(env->NF ^ env->VF) >= 0;
    case LT: return (int32_t)(env->NF ^ env->VF) < 0;
    case GT: return env->ZF && (int32_t)(env->NF ^ env->VF) >= 0;
    case LE: return !env->ZF || (int32_t)(env->NF ^ env->VF) < 0;
    default: return true;
    }
}

/* The conditional forms: of any instruction, and of a branch within the page (imm: how far). */
#define CONDITION(cond) \
    static const struct insn *if_##cond(CPUARMState *env, const struct insn *ip) \
    { return holds(env, cond) ? ip->exec(env, ip) : next(env, ip); } \
    static const struct insn *branch_##cond(CPUARMState *env, const struct insn *ip) \
    { return holds(env, cond) ? branch_near(env, ip, ip->imm) : next(env, ip); }
CONDITION(EQ) CONDITION(NE) CONDITION(CS) CONDITION(CC) CONDITION(MI) CONDITION(PL) CONDITION(VS)
CONDITION(VC) CONDITION(HI) CONDITION(LS) CONDITION(GE) CONDITION(LT) CONDITION(GT) CONDITION(LE)
CONDITION(AL)

static handler *const if_handlers[] = {
    if_EQ, if_NE, if_CS, if_CC, if_MI, if_PL, if_VS, if_VC,
    if_HI, if_LS, if_GE, if_LT, if_GT, if_LE, if_AL,
};
static handler *const branch_handlers[] = {
    branch_EQ, branch_NE, branch_CS, branch_CC, branch_MI, branch_PL, branch_VS, branch_VC,
    branch_HI, branch_LS, branch_GE, branch_LT, branch_GT, branch_LE, branch_AL,
};

/* ---- branches ---- */

static const struct insn *op_branch_far(CPUARMState *env, const struct insn *ip)
{
    return jump(env, ip, env->code_vaddr + ip->imm);
}

static const struct insn *op_call_near(CPUARMState *env, const struct insn *ip)
{
    env->regs[14] = pc_of(env, ip) + 4;
    return branch_near(env, ip, ip->imm);
}

static const struct insn *op_call_far(CPUARMState *env, const struct insn *ip)
{
    env->regs[14] = pc_of(env, ip) + 4;
    return jump(env, ip, env->code_vaddr + ip->imm);
}

/* Fills *i for a branch at offset `at` of a page to offset `target` (which may lie outside). The
 * slots of a page lie in a row, so within it a branch is a distance in bytes. */
void branch_to(struct insn *i, int32_t target, uint32_t at, bool link, unsigned cond, bool thumb)
{
    bool near = target >= 0 && target < (int32_t)TARGET_PAGE_SIZE;

    if (near) {
        int32_t slots = (target - (int32_t)at) / (thumb ? 2 : 4);
        i->imm = slots * (int32_t)sizeof(struct insn);
        i->exec = link ? op_call_near : branch_handlers[AL];
    } else {
        i->imm = target;
        i->exec = link ? op_call_far : op_branch_far;
    }
    i->fn = cond == AL ? i->exec : near && !link ? branch_handlers[cond] : if_handlers[cond];
}

/*      31  28 27 26 25 24 23                                        0
 *     | cond | 1  0  1  L|       offset in words, from pc + 8        |     */
static void decode_branch(struct insn *i, uint32_t raw, uint32_t at)
{
    branch_to(i, (int32_t)(at + 8) + ((int32_t)(raw << 8) >> 6), at, raw & 1 << 24, raw >> 28,
              false);
}

/* BX rm, BLX rm: rm is read before r14 is written. */
static const struct insn *op_bx(CPUARMState *env, const struct insn *ip)
{
    return jump_exchange(env, ip, env->regs[ip->rm]);
}

static const struct insn *op_bx_any(CPUARMState *env, const struct insn *ip)
{
    uint32_t raw = ip->imm, target = reg(env, ip, raw & 15);

    if (raw & 0x20) /* BLX */
        env->regs[14] = pc_of(env, ip) + 4;
    return jump_exchange(env, ip, target);
}

static void decode_bx(struct insn *i, uint32_t raw, uint32_t at)
{
    (void)at;
    i->rm = raw & 15;
    i->imm = raw;
    i->exec = i->rm == 15 || raw & 0x20 ? op_bx_any : op_bx;
}

/* BLX to an address: always, to Thumb; bit 24 is bit 1 of the target. */
static const struct insn *op_blx_imm(CPUARMState *env, const struct insn *ip)
{
    env->regs[14] = pc_of(env, ip) + 4;
    env->thumb = 1;
    return jump(env, ip, env->regs[14] + 4 + ip->imm);
}

static void decode_blx_imm(struct insn *i, uint32_t raw, uint32_t at)
{
    (void)at;
    i->imm = (uint32_t)((int32_t)(raw << 8) >> 6) | (raw >> 23 & 2);
    i->exec = op_blx_imm;
}

/* ---- status registers, SWI, BKPT ---- */

static const struct insn *op_mrs_any(CPUARMState *env, const struct insn *ip)
{
    unsigned rd = ip->imm >> 12 & 15;

    if (rd != 15)
        env->regs[rd] = ip->imm & 1 << 22 ? env->spsr : cpsr_read(env);
    return ip + 1;
}

/* MSR: bits 16..19 choose the bytes to write (control, extension, status, flags). User mode writes
 * only the flags; the T bit of CPSR is not written this way at all. Starts over, as the mode and
 * the interrupt masks may be others now. */
static const struct insn *op_msr_any(CPUARMState *env, const struct insn *ip)
{
    uint32_t raw = ip->imm;
    uint32_t value = raw & 1 << 25 ? ror32(raw & 0xff, raw >> 7 & 0x1e) : reg(env, ip, raw & 15);
    uint32_t mask = (raw & 1 << 16 ? 0xff : 0) | (raw & 1 << 17 ? 0xff00 : 0) |
                    (raw & 1 << 18 ? 0xff0000 : 0) | (raw & 1 << 19 ? 0xff000000 : 0);
    uint32_t mode = env->mode_and_masks & CPSR_M;

    mask &= CPSR_N | CPSR_Z | CPSR_C | CPSR_V | CPSR_Q | CPSR_I | CPSR_F | CPSR_T | CPSR_M;
    if (raw & 1 << 22) {
        if (mode != MODE_USR && mode != MODE_SYS)
            env->spsr = (env->spsr & ~mask) | (value & mask);
        return ip + 1;
    }
    mask &= privileged(env) ? ~(uint32_t)CPSR_T : 0xff000000;
    sync_state(env, ip + 1, pc_of(env, ip) + 4);
    cpsr_write(env, value, mask);
    return NULL;
}

const struct insn *op_swi(CPUARMState *env, const struct insn *ip)
{
    env->ip = ip;
    raise_exception(env, EXCP_SWI);
}

/* BKPT is a prefetch abort, with the status of a debug event. */
const struct insn *op_bkpt(CPUARMState *env, const struct insn *ip)
{
    env->ip = ip;
    env->exception.fsr = 2;
    raise_exception(env, EXCP_PREFETCH_ABORT);
}

static const struct insn *op_nop(CPUARMState *env, const struct insn *ip)
{
    return next(env, ip);
}

/* ---- coprocessors ----
 *
 *      31  28 27     24 23 21 20 19  16 15  12 11   8 7   5  4  3   0
 *     | cond | 1 1 1 0 | opc1 | L|  CRn |  rd  |  cp  | opc2 | 1|  CRm |    MCR, MRC (L)
 */

/* Reads a coprocessor register; false: there is none. */
static bool coprocessor_read(CPUARMState *env, uint32_t raw, uint32_t *value)
{
    int cp = raw >> 8 & 15, opc1 = raw >> 21 & 7, opc2 = raw >> 5 & 7;
    int crn = raw >> 16 & 15, crm = raw & 15;

    return cp == 15 ? cp15_read(env, opc1, crn, crm, opc2, value)
                    : spitz_cp_read(env, cp, opc1, crn, crm, opc2, value);
}

static bool coprocessor_write(CPUARMState *env, uint32_t raw, uint32_t value)
{
    int cp = raw >> 8 & 15, opc1 = raw >> 21 & 7, opc2 = raw >> 5 & 7;
    int crn = raw >> 16 & 15, crm = raw & 15;

    return cp == 15 ? cp15_write(env, opc1, crn, crm, opc2, value)
                    : spitz_cp_write(env, cp, opc1, crn, crm, opc2, value);
}

/* All of MCR and MRC but the accumulator's. A CP15 write may change the meaning of addresses, so
 * after it we start over. */
static const struct insn *op_coprocessor_any(CPUARMState *env, const struct insn *ip)
{
    uint32_t raw = ip->imm, value = 0;
    unsigned rd = raw >> 12 & 15;

    env->ip = ip;
    if (!privileged(env))
        raise_exception(env, EXCP_UDEF);
    if (raw & 1 << 20) {
        if (!coprocessor_read(env, raw, &value))
            raise_exception(env, EXCP_UDEF);
        if (rd == 15) /* to the flags */
            cpsr_write(env, value, CPSR_N | CPSR_Z | CPSR_C | CPSR_V);
        else
            env->regs[rd] = value;
    } else {
        if (!coprocessor_write(env, raw, reg(env, ip, rd)))
            raise_exception(env, EXCP_UDEF);
        if ((raw >> 8 & 15) == 15) {
            sync_state(env, ip + 1, pc_of(env, ip) + 4);
            return NULL;
        }
    }
    env->ip = NULL;
    return ip + 1;
}

/* Cache operations, CP15 c7: nothing to do, but kernels do thousands of them in a row. */
static const struct insn *op_cache(CPUARMState *env, const struct insn *ip)
{
    return privileged(env) ? next(env, ip) : op_undefined(env, ip);
}

static void decode_coprocessor(struct insn *i, uint32_t raw, uint32_t at)
{
    (void)at;
    i->imm = raw;
    i->exec = (raw & 0x0fff0f10) == 0x0e070f10 ? op_cache
            : (raw & 0x0ff00f10) == 0x0e200010 ? op_mia_any : op_coprocessor_any;
}

/* ---- the table ---- */

struct row {
    uint32_t mask, value;
    handler *exec; /* either the handler, which finds the instruction word in imm, */
    void (*decode)(struct insn *i, uint32_t raw, uint32_t at); /* or who decodes further */
};

static const struct row arm_table[] = {
    /* multiplies and extra loads and stores: bits 4 and 7 set where data processing has none */
    { 0x0fe000f0, 0x00000090, op_mul_any, NULL },
    { 0x0fe000f0, 0x00200090, op_mul_any, NULL },
    { 0x0f8000f0, 0x00800090, op_multiply_long_any, NULL },
    { 0x0fb00ff0, 0x01000090, op_swap_any, NULL },
    { 0x0e0000f0, 0x00000090, op_undefined, NULL },
    { 0x0e000090, 0x00000090, NULL, decode_extra_load_store },
    /* miscellaneous: where TST, TEQ, CMP, CMN would not set the flags */
    { 0x0fbf0fff, 0x010f0000, op_mrs_any, NULL },
    { 0x0fb0fff0, 0x0120f000, op_msr_any, NULL },
    { 0x0fb0f000, 0x0320f000, op_msr_any, NULL },
    { 0x0fffffd0, 0x012fff10, NULL, decode_bx },
    { 0x0fff0ff0, 0x016f0f10, op_clz_any, NULL },
    { 0x0f900ff0, 0x01000050, op_saturate_any, NULL },
    { 0x0ff000f0, 0x01200070, op_bkpt, NULL },
    { 0x0f900090, 0x01000080, op_dsp_multiply_any, NULL },
    { 0x0d900000, 0x01000000, op_undefined, NULL },
    /* the big classes */
    { 0x0c000000, 0x00000000, NULL, decode_alu },
    { 0x0e000010, 0x06000010, op_undefined, NULL },
    { 0x0c000000, 0x04000000, NULL, decode_load_store },
    { 0x0e000000, 0x08000000, NULL, decode_multiple },
    { 0x0e000000, 0x0a000000, NULL, decode_branch },
    { 0x0fe00ff8, 0x0c400000, op_mar_mra_any, NULL },
    { 0x0f000010, 0x0e000010, NULL, decode_coprocessor },
    { 0x0f000000, 0x0f000000, op_swi, NULL },
    { 0, 0, op_undefined, NULL },
};

/* What bits 28..31 set mean: no condition, other instructions. */
static const struct row unconditional_table[] = {
    { 0xfe000000, 0xfa000000, NULL, decode_blx_imm },
    { 0xfd70f000, 0xf550f000, op_nop, NULL }, /* PLD */
    { 0, 0, op_undefined, NULL },
};

/* Decodes the ARM instruction raw at byte `at` of its page into i, by the first row that fits. The
 * table ends in a row for all, the undefined instruction. */
void decode_arm(struct insn *i, uint32_t raw, uint32_t at)
{
    unsigned cond = raw >> 28;
    const struct row *row = cond == NV ? unconditional_table : arm_table;

    while ((raw & row->mask) != row->value)
        row++;
    i->fn = NULL;
    if (row->decode) {
        row->decode(i, raw, at);
    } else {
        i->exec = row->exec;
        i->imm = raw;
    }
    if (!i->fn || i->fn == op_decode) /* branches have set it */
        i->fn = cond >= AL ? i->exec : if_handlers[cond];
}
