/* arm.c - the ARMv5TE/XScale CPU: its state, its exceptions, and the loop that runs it.
 *
 * Problem: be a PXA270's core for the board in spitz.c, and run exactly as many instructions as
 * asked for. How instructions are run is engine.h's essay; this file holds what is around it:
 * program status and register banks, exceptions, interrupts, and cpu_exec.
 *
 *     decode.c   the instruction table, conditions, branches, status registers, coprocessors
 *     alu.c      data processing          mem.c     loads and stores
 *     mul.c      multiplies and DSP       thumb.c   Thumb
 *     code.c     decoded pages            tlb.c, cp15.c   memory management
 *
 * Guarantees: cpu_exec(env, n) runs n instructions, or fewer only if it was stopped or halted;
 * cpu_icount is exact wherever it is asked. An instruction that faults counts as one, as does a
 * fetch that faults, so a guest whose vectors are unmapped still uses up its budget.
 *
 * Where to start: cpu_exec, at the end.
 */
#include "engine.h"
#include <string.h>

enum { SCTLR_V = 1 << 13 }; /* vectors at 0xffff0000 */

/* ---- program status, modes and banks ---- */

uint32_t cpsr_read(const CPUARMState *env)
{
    return env->mode_and_masks | env->thumb << 5 | env->QF << 27 | (env->VF >> 31) << 28 |
           env->CF << 29 | (uint32_t)(env->ZF == 0) << 30 | (env->NF & CPSR_N);
}

/* The bank of r13, r14 and SPSR a mode uses; -1: no such mode. */
int bank_of(uint32_t mode)
{
    switch (mode) {
    case MODE_USR: case MODE_SYS: return 0;
    case MODE_FIQ: return 1;
    case MODE_IRQ: return 2;
    case MODE_SVC: return 3;
    case MODE_ABT: return 4;
    case MODE_UND: return 5;
    default: return -1;
    }
}

/* Puts the registers of the current mode away and takes out those of the new one. A mode that does
 * not exist is not entered. */
static void switch_mode(CPUARMState *env, uint32_t mode)
{
    uint32_t old_mode = env->mode_and_masks & CPSR_M;
    int old = bank_of(old_mode), new = bank_of(mode);

    if (new < 0)
        return;
    if (old != new) {
        env->banked_r13[old] = env->regs[13];
        env->banked_r14[old] = env->regs[14];
        env->banked_spsr[old] = env->spsr;
        env->regs[13] = env->banked_r13[new];
        env->regs[14] = env->banked_r14[new];
        env->spsr = env->banked_spsr[new];
    }
    if ((old == 1) != (new == 1)) { /* into or out of fiq, which has r8-r12 too */
        memcpy(old == 1 ? env->fiq_regs : env->usr_regs, &env->regs[8], sizeof env->usr_regs);
        memcpy(&env->regs[8], new == 1 ? env->fiq_regs : env->usr_regs, sizeof env->usr_regs);
    }
    env->mode_and_masks = (env->mode_and_masks & ~CPSR_M) | mode;
    env->mmu_idx = mode == MODE_USR ? MMU_USER_IDX : MMU_KERNEL_IDX;
    env->tlb = env->tlb_table[env->mmu_idx];
}

/* MSR, and what exceptions and their returns do to CPSR: the bits of `mask` become those of value.
 * The flags live apart, each in the form in which the instructions find it fastest. */
void cpsr_write(CPUARMState *env, uint32_t value, uint32_t mask)
{
    uint32_t new = (cpsr_read(env) & ~mask) | (value & mask);

    env->NF = new;
    env->ZF = !(new & CPSR_Z);
    env->CF = new >> 29 & 1;
    env->VF = new << 3;
    env->QF = new >> 27 & 1;
    env->thumb = new >> 5 & 1;
    env->mode_and_masks = (env->mode_and_masks & CPSR_M) | (new & (CPSR_I | CPSR_F));
    if ((new ^ env->mode_and_masks) & CPSR_M)
        switch_mode(env, new & CPSR_M);
}

/* ---- exceptions ---- */

void sync_state(CPUARMState *env, const struct insn *ip, uint32_t pc)
{
    env->icount = env->icount_end - (env->limit - (uintptr_t)ip) / sizeof(struct insn);
    env->regs[15] = pc;
    env->ip = NULL;
}

void raise_exception(CPUARMState *env, int index)
{
    if (env->ip) /* in an instruction; else a fetch, and regs[15] is its address already */
        sync_state(env, env->ip, pc_of(env, env->ip));
    env->icount++;
    env->exception.index = index;
    longjmp(env->jmp_env, 1);
}

const struct insn *op_undefined(CPUARMState *env, const struct insn *ip)
{
    env->ip = ip;
    raise_exception(env, EXCP_UDEF);
}

/* What each exception does: where it goes, in which mode, and what r14 becomes: the address of the
 * instruction it happened at, plus this (in ARM and Thumb state; for an interrupt that is the
 * instruction to go on with). */
static const struct {
    uint32_t vector, mode, masks;
    int lr_arm, lr_thumb;
} exceptions[] = {
    [EXCP_UDEF]           = { 0x04, MODE_UND, CPSR_I, 4, 2 },
    [EXCP_SWI]            = { 0x08, MODE_SVC, CPSR_I, 4, 2 },
    [EXCP_PREFETCH_ABORT] = { 0x0c, MODE_ABT, CPSR_I, 4, 4 },
    [EXCP_DATA_ABORT]     = { 0x10, MODE_ABT, CPSR_I, 8, 8 },
    [EXCP_IRQ]            = { 0x18, MODE_IRQ, CPSR_I, 4, 4 },
    [EXCP_FIQ]            = { 0x1c, MODE_FIQ, CPSR_I | CPSR_F, 4, 4 },
};

/* Enters env->exception.index; regs[15] is the address it happened at. */
static void arm_cpu_do_interrupt(CPUARMState *env)
{
    int index = env->exception.index;
    uint32_t cpsr = cpsr_read(env);
    uint32_t lr = env->regs[15] +
                  (env->thumb ? exceptions[index].lr_thumb : exceptions[index].lr_arm);

    if (index == EXCP_DATA_ABORT) {
        env->cp15.dfsr = env->exception.fsr;
        env->cp15.far = env->exception.vaddress;
    } else if (index == EXCP_PREFETCH_ABORT) {
        env->cp15.ifsr = env->exception.fsr;
    }
    switch_mode(env, exceptions[index].mode);
    env->spsr = cpsr;
    env->regs[14] = lr;
    env->mode_and_masks |= exceptions[index].masks;
    env->thumb = 0;
    env->regs[15] = (env->cp15.sctlr & SCTLR_V ? 0xffff0000 : 0) + exceptions[index].vector;
    env->in_page = false;
    env->exception.index = 0;
}

/* ---- interrupt lines, stopping ---- */

/* Gives the slot op_stop was in its own handler back. */
static void remove_stop(CPUARMState *env)
{
    if (env->stop_slot)
        env->stop_slot->fn = env->stopped_fn;
    env->stop_slot = NULL;
}

/* Puts op_stop into a slot of the current page: a straight line returns to cpu_exec there. */
static void put_stop(CPUARMState *env, const struct insn *ip)
{
    struct insn *slot = env->code->slots[env->thumb] + (ip - env->code_base);

    remove_stop(env);
    env->stop_slot = slot;
    env->stopped_fn = slot->fn;
    slot->fn = op_stop;
}

const struct insn *op_stop(CPUARMState *env, const struct insn *ip)
{
    (void)env;
    return ip;
}

/* Makes run() look at the world. From inside a device access that is right after the instruction:
 * where an interrupt is taken must not depend on how the run is cut into cpu_exec calls. From
 * elsewhere (a signal handler) it is at the next taken branch, by raising the fence. */
static void look_up(CPUARMState *env)
{
    env->exit_request = true;
    env->fence = UINTPTR_MAX;
    if (env->ip)
        put_stop(env, env->ip + 1);
}

void cpu_interrupt(CPUARMState *env, int mask)
{
    env->interrupt_request |= mask;
    env->halted = false;
    look_up(env);
}

void cpu_reset_interrupt(CPUARMState *env, int mask) { env->interrupt_request &= ~mask; }

void cpu_stop(CPUARMState *env)
{
    env->stop_request = true;
    look_up(env);
}

void cpu_halt(CPUARMState *env)
{
    if (env->interrupt_request)
        return;
    env->halted = true;
    cpu_stop(env);
}

uint64_t cpu_icount(CPUARMState *env)
{
    if (!env->ip)
        return env->icount;
    return env->icount_end - (env->limit - (uintptr_t)env->ip) / sizeof(struct insn);
}

/* The state after reset (ARM ARM A2.6.2): supervisor mode, interrupts masked, MMU off, execution at
 * 0. The instruction count is time here, and goes on. */
void cpu_reset(CPUARMState *env)
{
    uint64_t icount = env->icount;

    memset(env, 0, sizeof *env);
    env->icount = icount;
    env->ZF = 1;
    env->mode_and_masks = MODE_SVC | CPSR_I | CPSR_F;
    env->mmu_idx = MMU_KERNEL_IDX;
    env->tlb = env->tlb_table[MMU_KERNEL_IDX];
    cp15_reset(env);
}

/* ---- running ---- */

/* The interrupt to take now, as EXCP_*, or 0. */
static int pending_interrupt(const CPUARMState *env)
{
    if ((env->interrupt_request & CPU_INTERRUPT_FIQ) && !(env->mode_and_masks & CPSR_F))
        return EXCP_FIQ;
    if ((env->interrupt_request & CPU_INTERRUPT_HARD) && !(env->mode_and_masks & CPSR_I))
        return EXCP_IRQ;
    return 0;
}

/* The run is cut before ip. Where the cuts are must make no difference to the guest. Asking the TLB
 * for the page anew would: an entry pushed out meanwhile would come back and push out another, and
 * an entry that is stale by the guest's own doing (or by the post's bug) decides what it reads. So
 * the run goes on in the page it was in, whatever the TLB says by then. Only at the page's end is
 * it asked, as it would have been without the cut. */
static void cut(CPUARMState *env, const struct insn *ip)
{
    sync_state(env, ip, pc_of(env, ip));
    env->in_page = ip < env->code_base + (ARM_SLOTS << env->thumb);
    env->in_page_paddr = env->code->paddr;
}

/* Runs slots from ip on until something needs cpu_exec: the budget is used up, an interrupt, a
 * stop, or a handler that says so by returning NULL. On return regs[15] and icount are valid. */
static void run(CPUARMState *env, const struct insn *ip)
{
    while (ip) {
        uintptr_t page_end = (uintptr_t)(env->code_base + (ARM_SLOTS << env->thumb));

        /* first take the request down, then look what it was: one that comes now is seen later */
        env->exit_request = false;
        env->fence = page_end;
        if (env->limit == (uintptr_t)ip || env->stop_request || pending_interrupt(env)) {
            cut(env, ip);
            return;
        }
        if (env->limit < page_end) /* the budget ends in this page if it goes on straight */
            put_stop(env, (const struct insn *)env->limit);
        ip = ip->fn(env, ip);
        remove_stop(env);
    }
}

void cpu_take_interrupt(CPUARMState *env)
{
    env->exception.index = pending_interrupt(env);
    if (env->exception.index)
        arm_cpu_do_interrupt(env);
}

/* Executes n instructions, or fewer if the guest halts or somebody asks for a stop; never one more.
 * How many it was; 0 while it is halted. */
uint64_t cpu_exec(CPUARMState *env, uint64_t n)
{
    const uint64_t start = env->icount;
    const uint64_t most = 1ull << 40; /* limit - ip must fit an address */

    if (env->halted)
        return 0;
    code_trim(env);
    env->icount_end = start + (n < most ? n : most);
    if (setjmp(env->jmp_env)) { /* raise_exception comes here */
        remove_stop(env);
        arm_cpu_do_interrupt(env);
    }
    while (env->icount < env->icount_end && !env->stop_request) {
        cpu_take_interrupt(env);
        const struct insn *ip = env->in_page ? code_reenter(env) : code_enter(env, env->regs[15]);
        env->in_page = false;
        env->limit = (uintptr_t)(ip + (env->icount_end - env->icount));
        run(env, ip);
    }
    env->stop_request = false;
    return env->icount - start;
}
