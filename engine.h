/* engine.h - how instructions run. For the files of the CPU alone; everyone else needs arm.h.
 *
 * Problem: an interpreter that fetches, decodes and dispatches every instruction anew reaches some
 * 30 to 70 million a second. Most of that is work whose result is the same each time.
 *
 * So each instruction is decoded once, into a *slot* (struct insn): the address of a C function
 * that does it, the handler, and its operands taken apart. The slots of a 1K page of RAM lie in a
 * row (code.c), and belong to the physical page: every virtual address it is mapped at shares
 * them, and flushing the TLB does not lose them. A handler ends by calling the next slot's
 * handler as its very last act, which the compiler turns into a jump:
 *
 *      slot:   | op_add_imm | op_ldr_imm | branch_ne | op_decode | ...  | op_page_end |
 *                    \----------^ \--------^  |
 *                    ^------------------------/   a branch within the page moves by slots
 *
 * Nothing is looked up or checked between two instructions of a straight line. What ends the line:
 *
 *   - op_decode fills every slot at first. It decodes its own slot and starts over.
 *   - op_page_end stands after the last slot and goes to the next virtual page.
 *   - a taken branch within the page; a jump out of it, which asks the TLB for the other page.
 *
 * Counting. cpu_exec(env, n) must stop after exactly n instructions, and devices want to know the
 * exact count at any moment, but counting every instruction would cost a tenth of the speed. So not
 * the past is counted but the end is kept in view: env->limit is the address `ip` will have when
 * the budget runs out *if the line goes on straight*. A branch that moves ip moves limit by the
 * same distance (less one slot, for the branch itself), which is the only cost. At any moment
 *
 *      instructions left = (limit - ip) / sizeof(struct insn)
 *
 * A taken branch goes on by itself if limit lies beyond the page (>= env->fence): then a straight
 * line can not overrun it. Otherwise it returns to cpu_exec, which puts op_stop into the very slot
 * limit points at and goes on. To interrupt the CPU, the fence is raised to the sky.
 *
 * A handler returns the slot to go on with; tail calls just make the common case faster. So a rare
 * instruction returns ip + 1 and cpu_exec's loop calls on. One that changed what comes next (the
 * mode, the MMU, a jump to a page that is not at hand) writes regs[15] and icount (sync_state) and
 * returns NULL: start over from there. A handler must not have a local whose address is taken, or
 * its last call is not a jump and the stack grows: such things go into helpers of their own.
 *
 * A fault in a load or store leaves by longjmp to cpu_exec; env->ip says where it was.
 */
#ifndef ENGINE_H
#define ENGINE_H

#include "arm.h"

/* A decoded instruction. `fn` differs from `exec` when something comes first: the test of the
 * condition (then exec is what happens if it holds), or op_decode. */
typedef const struct insn *handler(CPUARMState *env, const struct insn *ip);
struct insn {
    handler *fn;
    handler *exec;
    uint32_t imm;           /* immediate, offset or shift amount; handlers called ..._any find the
                               whole instruction here */
    uint8_t rd, rn, rm, rs; /* register numbers */
};

enum { ARM_SLOTS = TARGET_PAGE_SIZE / 4, THUMB_SLOTS = TARGET_PAGE_SIZE / 2 };

/* A page of RAM with code in it. The slots are made when first executed in that state. */
struct code_page {
    const uint8_t *ram;    /* the page itself */
    hwaddr paddr;          /* its physical address */
    struct insn *slots[2]; /* [0] ARM: 256 and op_page_end, [1] Thumb: 512 and op_page_end */
    /* what the slots with op_break would do; NULL: there are none (debug.c) */
    handler **under[2];
    struct code_page *next; /* of all there are */
    bool watched;          /* TLB entries for it carry TLB_NOTDIRTY: stores tell us. False: all
                              slots are op_decode, and the first to run sets it again */
    unsigned stores;       /* into it since it was last watched */
};

#define likely(x) __builtin_expect(!!(x), 1)
#define always_inline inline __attribute__((always_inline))

/* ---- going on ---- */

static always_inline const struct insn *next(CPUARMState *env, const struct insn *ip)
{
    return ip[1].fn(env, ip + 1);
}

/* The branch at ip is taken, to a slot `distance` bytes away in the same page. */
static always_inline const struct insn *branch_near(CPUARMState *env, const struct insn *ip,
                                                    int32_t distance)
{
    uintptr_t limit = env->limit + (intptr_t)distance - sizeof(struct insn);
    env->limit = limit;
    ip = (const struct insn *)((uintptr_t)ip + (intptr_t)distance);
    return likely(limit >= env->fence) ? ip->fn(env, ip) : ip;
}

/* Virtual address of the instruction at ip. */
static always_inline uint32_t pc_of(const CPUARMState *env, const struct insn *ip)
{
    return env->code_vaddr + ((uint32_t)(ip - env->code_base) << (2 - env->thumb));
}

/* Register n as an operand of the instruction at ip: r15 reads two instructions ahead. */
static always_inline uint32_t reg(const CPUARMState *env, const struct insn *ip, unsigned n)
{
    return n == 15 ? pc_of(env, ip) + (env->thumb ? 4 : 8) : env->regs[n];
}

static always_inline bool privileged(const CPUARMState *env)
{
    return (env->mode_and_masks & CPSR_M) != MODE_USR;
}

/* `value` rotated right by n bits, n in 0..31 */
static always_inline uint32_t ror32(uint32_t value, unsigned n)
{
    return value >> n | value << (-n & 31);
}

/* ---- arm.c ---- */
int bank_of(uint32_t mode); /* the bank of r13, r14 and SPSR a mode uses; -1: no such mode */
uint32_t cpsr_read(const CPUARMState *env);
/* Sets the bits of CPSR in mask, switching register banks if the mode changes. */
void cpsr_write(CPUARMState *env, uint32_t value, uint32_t mask);
/* Writes down where we are: ip is the next instruction to run, at address pc. */
void sync_state(CPUARMState *env, const struct insn *ip, uint32_t pc);
/* The exception happens at the instruction env->ip. Does not return: on to cpu_exec. */
_Noreturn void raise_exception(CPUARMState *env, int index);
handler op_undefined; /* raises EXCP_UDEF */
handler op_stop;      /* the budget ends before this slot */

/* ---- code.c ---- */
handler op_decode, op_page_end;
/* The instruction at ip jumps to pc (in env's current state, ARM or Thumb). */
const struct insn *jump(CPUARMState *env, const struct insn *ip, uint32_t pc);
/* The same; bit 0 of pc chooses the state, as in BX. */
const struct insn *jump_exchange(CPUARMState *env, const struct insn *ip, uint32_t pc);
/* Makes the page of pc the current one; the slot of pc. A prefetch abort does not return. */
const struct insn *code_enter(CPUARMState *env, uint32_t pc);
const struct insn *code_reenter(CPUARMState *env); /* ...where the run was cut (arm.c) */
/* Sets the slots at this offset of every page back to op_decode. */
void code_forget(CPUARMState *env, unsigned offset);
bool code_is_watched(hwaddr paddr);  /* must stores to this physical page tell code_written()? */
struct code_page *code_find(hwaddr paddr); /* the page's slots, or NULL */
/* RAM [paddr, paddr+len), within a page, changed. False: its page is not watched (any more). */
bool code_written(CPUARMState *env, hwaddr paddr, uint32_t len);
/* how often code_trim() did: pointers to pages from before are void */
extern unsigned code_trims;
void code_trim(CPUARMState *env); /* forgets all if it got too much; only while no code runs */

void *code_allocate(size_t n, size_t size); /* zeroes; ends the emulator if there is no memory */

/* ---- debug.c: breakpoints and watchpoints. Nothing here costs anything while there are none. ---- */
enum { DEBUG_BREAKPOINTS = 512, DEBUG_WATCHES = 4 };
enum debug_hit { DEBUG_NOTHING, DEBUG_BREAKPOINT, DEBUG_WATCHPOINT };
struct debug_watch {
    uint32_t addr, length; /* length 0: none */
    bool reads;            /* loads count, too */
};
extern struct debug {
    unsigned breakpoint_count;
    uint32_t breakpoints[DEBUG_BREAKPOINTS]; /* virtual addresses */
    struct debug_watch watches[DEBUG_WATCHES];
    bool watching;      /* there are any */
    uint64_t start;     /* the instruction of this number does not stop: the run begins there */
    enum debug_hit hit; /* why the CPU was stopped */
    int watch;          /* DEBUG_WATCHPOINT: which */
} debug;
bool debug_set_breakpoint(CPUARMState *env, uint32_t pc); /* false: there are too many */
bool debug_clear_breakpoint(CPUARMState *env, uint32_t pc);
void debug_decoded(CPUARMState *env, struct insn *slot, uint32_t at);
void debug_mark(CPUTLBEntry *te);
void debug_mark_all(CPUARMState *env); /* also after `watches` was changed */
void debug_touched(CPUARMState *env, uint32_t addr, int size, bool store);

/* ---- snapshot.c: which pages of RAM were written since it last looked ---- */
bool snapshot_clean(hwaddr paddr);   /* must stores to this page tell snapshot_written()? */
void snapshot_written(hwaddr paddr);

/* ---- decoders: each fills *i for the instruction `raw`, `at` bytes into its page. Handlers called
 * ..._any find raw in imm. ---- */
void decode_arm(struct insn *i, uint32_t raw, uint32_t at);   /* decode.c: everything */
void decode_thumb(struct insn *i, uint16_t raw, uint32_t at); /* thumb.c: everything */
void decode_alu(struct insn *i, uint32_t raw, uint32_t at);   /* alu.c: data processing */
void decode_load_store(struct insn *i, uint32_t raw, uint32_t at); /* mem.c: LDR STR LDRB STRB */
void decode_extra_load_store(struct insn *i, uint32_t raw, uint32_t at); /* mem.c: LDRH ... STRD */
void decode_multiple(struct insn *i, uint32_t raw, uint32_t at); /* mem.c: LDM STM */
void branch_to(struct insn *i, int32_t target, uint32_t at, bool link, unsigned cond, bool thumb);
handler op_swi, op_bkpt;             /* decode.c */
handler op_ldr_literal, op_swap_any; /* mem.c */
handler op_mul_any, op_multiply_long_any, op_dsp_multiply_any, op_saturate_any; /* mul.c */
handler op_clz_any, op_mia_any, op_mar_mra_any;

/* ---- mem.c: one access of `size` bytes by the instruction at ip. Faults do not return. ---- */
uint32_t mem_load(CPUARMState *env, const struct insn *ip, uint32_t addr, int size, int mmu_idx);
void mem_store(CPUARMState *env, const struct insn *ip, uint32_t addr, uint32_t value, int size,
               int mmu_idx);

/* ---- tlb.c ---- */
void tlb_flush(CPUARMState *env);
void tlb_flush_page(CPUARMState *env, target_ulong addr);
void tlb_set_page(CPUARMState *env, target_ulong vaddr, hwaddr paddr, int prot, int mmu_idx,
                  target_ulong page_size);
/* Makes the translation of addr for this access be in the TLB; a fault does not return. */
void tlb_fill(CPUARMState *env, target_ulong addr, int access_type, int mmu_idx);
/* The entry for addr, from the table, from the victims or filled anew; a fault does not return. */
CPUTLBEntry *tlb_lookup(CPUARMState *env, target_ulong addr, int access_type, int mmu_idx);
/* Stores to RAM page paddr must take the slow path from now on, whatever entries there are. */
void tlb_protect_code(CPUARMState *env, hwaddr paddr);
/* the k-th, victims behind the others */
CPUTLBEntry *tlb_entry(CPUARMState *env, int mmu_idx, int k);
void tlb_protect_all(CPUARMState *env); /* the next store to any page takes the slow path */
void tlb_forget_code(CPUARMState *env); /* no entry knows a code_page any more */
/* What a debugger sees at a virtual address: the physical one. False: nothing. No side effects. */
bool tlb_debug_translate(CPUARMState *env, target_ulong addr, hwaddr *paddr);
int arm_cpu_handle_mmu_fault(CPUARMState *env, target_ulong address, int access_type, int mmu_idx);

/* ---- cp15.c ---- */
void cp15_reset(CPUARMState *env);
/* MCR and MRC p15: false if there is no such register (then the instruction is undefined). */
bool cp15_write(CPUARMState *env, int opc1, int crn, int crm, int opc2, uint32_t value);
bool cp15_read(CPUARMState *env, int opc1, int crn, int crm, int opc2, uint32_t *value);

#endif
