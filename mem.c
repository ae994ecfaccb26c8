/* mem.c - loads and stores.
 *
 * Problem: one instruction in three touches memory, and each access has to be translated, checked,
 * and perhaps sent to a device, at a cost of a few nanoseconds less than one.
 *
 * The fast path is fast_load and fast_store: index the current mode's TLB, compare, add, access.
 * The compare is against the address with its page offset cut off but the alignment bits left in,
 * so that an unaligned address misses too: page, permission, alignment and kind of memory are one
 * test.
 *
 * Everything else is the slow path, mem_load and mem_store: fills the TLB, devices, stores to pages
 * with decoded code, unaligned addresses. A fault leaves by longjmp, so handlers write no register
 * before their last access: the base is as it was (the base restored abort model). A load multiple
 * that faults midway may have written other registers, not its base.
 *
 * Unaligned, as ARMv5 has it: with SCTLR.A set all fault. Otherwise LDR and SWP load the word
 * around the address and rotate it; the others ignore the low bits.
 *
 * Where to start: fast_load, then single(), which all of LDR, STR, LDRB... are made from.
 */
#include "engine.h"

enum { SCTLR_A = 1 << 1 };

/* ---- slow path ---- */

/* An unaligned address for an access of `size`: faults if the guest wants that. */
static void check_alignment(CPUARMState *env, uint32_t addr, int size)
{
    if ((addr & (size - 1)) && (env->cp15.sctlr & SCTLR_A)) {
        env->exception.fsr = 1; /* alignment; no domain */
        env->exception.vaddress = addr < 0x02000000 ? addr + env->cp15.fcse : addr;
        raise_exception(env, EXCP_DATA_ABORT);
    }
}

/* Loads 1, 2 or 4 bytes from the aligned address addr rounds down to, for the instruction at ip. */
uint32_t mem_load(CPUARMState *env, const struct insn *ip, uint32_t addr, int size, int mmu_idx)
{
    uint32_t value;

    env->ip = ip;
    check_alignment(env, addr, size);
    addr &= -size;
    CPUTLBEntry *te = tlb_lookup(env, addr, MMU_DATA_LOAD, mmu_idx);
    if (te->addr_read & TLB_WATCHED)
        debug_touched(env, addr, size, false);
    if (te->addr_read & TLB_MMIO) {
        value = spitz_read(te->paddr | (addr & ~TARGET_PAGE_MASK), size);
    } else {
        const void *host = (const void *)(te->addend + addr);
        value = size == 1 ? *(const uint8_t *)host
              : size == 2 ? *(const uint16_t *)host : *(const uint32_t *)host;
    }
    env->ip = NULL;
    return value;
}

/* Stores 1, 2 or 4 bytes there. Decoded instructions in their place are forgotten, and snapshots
 * told. */
void mem_store(CPUARMState *env, const struct insn *ip, uint32_t addr, uint32_t value, int size,
               int mmu_idx)
{
    env->ip = ip;
    check_alignment(env, addr, size);
    addr &= -size;
    CPUTLBEntry *te = tlb_lookup(env, addr, MMU_DATA_STORE, mmu_idx);
    hwaddr paddr = te->paddr | (addr & ~TARGET_PAGE_MASK);
    if (te->addr_write & TLB_WATCHED)
        debug_touched(env, addr, size, true);
    if (te->addr_write & TLB_MMIO) {
        spitz_write(paddr, value, size);
    } else {
        void *host = (void *)(te->addend + addr);
        if (size == 1)
            *(uint8_t *)host = value;
        else if (size == 2)
            *(uint16_t *)host = value;
        else
            *(uint32_t *)host = value;
        if (te->addr_write & TLB_NOTDIRTY) {
            snapshot_written(paddr);
            if (!code_written(env, paddr, size))
                te->addr_write &= ~TLB_NOTDIRTY; /* no code there, or not any more */
        }
    }
    env->ip = NULL;
}

/* ---- fast path ---- */

/* Where the RAM for an access of `size` at addr is, or NULL: take the slow path. */
static always_inline void *fast(CPUARMState *env, uint32_t addr, int size, bool store)
{
    CPUTLBEntry *te = &env->tlb[(addr >> TARGET_PAGE_BITS) & (CPU_TLB_SIZE - 1)];
    uint32_t hit = store ? te->addr_write : te->addr_read;

    return likely(hit == (addr & (TARGET_PAGE_MASK | (size - 1)))) ? (void *)(te->addend + addr)
                                                                   : NULL;
}

/* 1, 2 or 4 bytes, not extended: from RAM at once where the TLB has the page, else mem_load(). */
static always_inline uint32_t fast_load(CPUARMState *env, const struct insn *ip, uint32_t addr,
                                        int size)
{
    void *host = fast(env, addr, size, false);

    if (!likely(host))
        return mem_load(env, ip, addr, size, env->mmu_idx);
    return size == 1 ? *(uint8_t *)host : size == 2 ? *(uint16_t *)host : *(uint32_t *)host;
}

static always_inline void fast_store(CPUARMState *env, const struct insn *ip, uint32_t addr,
                                     uint32_t value, int size)
{
    void *host = fast(env, addr, size, true);

    if (!likely(host))
        mem_store(env, ip, addr, value, size, env->mmu_idx);
    else if (size == 1)
        *(uint8_t *)host = value;
    else if (size == 2)
        *(uint16_t *)host = value;
    else
        *(uint32_t *)host = value;
}

/* ---- single registers ---- */

enum kind { LDR, STR, LDRB, STRB, LDRH, STRH, LDRSB, LDRSH };

static always_inline int size_of(enum kind kind)
{
    return kind <= STR ? 4 : kind == LDRB || kind == STRB || kind == LDRSB ? 1 : 2;
}

static always_inline bool is_store(enum kind kind)
{
    return kind == STR || kind == STRB || kind == STRH;
}

/* What a load of this kind makes of the bytes it got. */
static always_inline uint32_t extend(enum kind kind, uint32_t value, uint32_t addr)
{
    return kind == LDRSB ? (uint32_t)(int8_t)value
         : kind == LDRSH ? (uint32_t)(int16_t)value
         : kind == LDR ? ror32(value, (addr & 3) * 8) : value;
}

/* Addressing: [rn, offset], [rn, offset]! or [rn], offset */
enum index { OFFSET, PRE, POST };

/* All the hot loads and stores: no operand is r15. by_reg: the offset is rm << rs, else imm. */
static always_inline const struct insn *single(CPUARMState *env, const struct insn *ip,
                                               enum kind kind, bool by_reg, enum index index)
{
    uint32_t base = env->regs[ip->rn];
    uint32_t moved = base + (by_reg ? env->regs[ip->rm] << ip->rs : ip->imm);
    uint32_t addr = index == POST ? base : moved;

    if (is_store(kind)) {
        fast_store(env, ip, addr, env->regs[ip->rd], size_of(kind));
        if (index != OFFSET)
            env->regs[ip->rn] = moved;
    } else {
        uint32_t value = extend(kind, fast_load(env, ip, addr, size_of(kind)), addr);
        if (index != OFFSET)
            env->regs[ip->rn] = moved;
        env->regs[ip->rd] = value; /* last: if it is the base too, what was loaded stays */
    }
    return next(env, ip);
}

/* One handler for each kind, addressing and offset, and the table to find them by. */
#define SINGLE(kind, index, by_reg, name) \
    static const struct insn *name(CPUARMState *env, const struct insn *ip) \
    { return single(env, ip, kind, by_reg, index); }
#define SINGLES(kind) \
    SINGLE(kind, OFFSET, false, op_##kind##_imm) SINGLE(kind, OFFSET, true, op_##kind##_reg) \
    SINGLE(kind, PRE, false, op_##kind##_imm_pre) SINGLE(kind, PRE, true, op_##kind##_reg_pre) \
    SINGLE(kind, POST, false, op_##kind##_imm_post) SINGLE(kind, POST, true, op_##kind##_reg_post)
SINGLES(LDR) SINGLES(STR) SINGLES(LDRB) SINGLES(STRB)
SINGLES(LDRH) SINGLES(STRH) SINGLES(LDRSB) SINGLES(LDRSH)

#define SINGLE_ROW(kind) [kind] = { { op_##kind##_imm, op_##kind##_reg }, \
    { op_##kind##_imm_pre, op_##kind##_reg_pre }, { op_##kind##_imm_post, op_##kind##_reg_post } }
static handler *const single_handlers[8][3][2] = {
    SINGLE_ROW(LDR), SINGLE_ROW(STR), SINGLE_ROW(LDRB), SINGLE_ROW(STRB),
    SINGLE_ROW(LDRH), SINGLE_ROW(STRH), SINGLE_ROW(LDRSB), SINGLE_ROW(LDRSH),
};

/* LDR rd, [pc, #imm]: constants between functions. imm counts from the start of the page. */
const struct insn *op_ldr_literal(CPUARMState *env, const struct insn *ip)
{
    uint32_t addr = env->code_vaddr + ip->imm;

    env->regs[ip->rd] = ror32(fast_load(env, ip, addr, 4), (addr & 3) * 8);
    return next(env, ip);
}

/* ---- every other form, straight from the instruction word in imm ----
 *
 *      31  28 27 26 25 24 23 22 21 20 19  16 15  12 11               0
 *     | cond | 0 1 | I| P| U| B| W| L|  rn  |  rd  |      offset      |
 *     | cond | 0 0   0| P| U| I| W| L|  rn  |  rd  | hi |1 S H 1| lo  |
 *
 * P: offset before the access, W: write it back; post-indexed with W is LDRT and STRT.
 */

/* The offset of LDR and STR: 12 bits, or a register shifted by a constant. */
static uint32_t offset_of(CPUARMState *env, const struct insn *ip, uint32_t raw)
{
    if (!(raw & 1 << 25))
        return raw & 0xfff;
    uint32_t rm = reg(env, ip, raw & 15);
    unsigned amount = raw >> 7 & 31;
    switch (raw >> 5 & 3) {
    case 0: return rm << amount;
    case 1: return amount ? rm >> amount : 0;
    case 2: return (uint32_t)((int32_t)rm >> (amount ? amount : 31));
    default: return amount ? ror32(rm, amount) : env->CF << 31 | rm >> 1;
    }
}

/* One load or store at addr, writing `moved` to rn if `write_back`. The order is single()'s. */
static const struct insn *access_any(CPUARMState *env, const struct insn *ip, enum kind kind,
                                     uint32_t addr, uint32_t moved, bool write_back, int mmu_idx)
{
    unsigned rn = ip->imm >> 16 & 15, rd = ip->imm >> 12 & 15;

    if (is_store(kind)) {
        mem_store(env, ip, addr, reg(env, ip, rd), size_of(kind), mmu_idx);
        if (write_back)
            env->regs[rn] = moved;
        return ip + 1;
    }
    uint32_t value = extend(kind, mem_load(env, ip, addr, size_of(kind), mmu_idx), addr);
    if (write_back)
        env->regs[rn] = moved;
    if (rd == 15)
        return jump_exchange(env, ip, value);
    env->regs[rd] = value;
    return ip + 1;
}

/* LDR, STR, LDRB, STRB in every form (ARM ARM A5.2), LDRT and STRT with the user's rights. */
static const struct insn *op_load_store_any(CPUARMState *env, const struct insn *ip)
{
    uint32_t raw = ip->imm;
    bool pre = raw & 1 << 24, write = raw & 1 << 21;
    uint32_t base = reg(env, ip, raw >> 16 & 15), offset = offset_of(env, ip, raw);
    uint32_t moved = raw & 1 << 23 ? base + offset : base - offset;
    enum kind kind = (raw & 1 << 22 ? LDRB : LDR) + !(raw & 1 << 20);
    int mmu_idx = !pre && write ? MMU_USER_IDX : env->mmu_idx;

    return access_any(env, ip, kind, pre ? moved : base, moved, !pre || write, mmu_idx);
}

/* Finds the handler: a hot one for most, that of constants, or the one for all forms. */
void decode_load_store(struct insn *i, uint32_t raw, uint32_t at)
{
    unsigned rm = raw & 15, shift = raw >> 7 & 31;
    bool by_reg = raw & 1 << 25, up = raw & 1 << 23, pre = raw & 1 << 24, write = raw & 1 << 21;
    enum kind kind = (raw & 1 << 22 ? LDRB : LDR) + !(raw & 1 << 20);
    enum index index = !pre ? POST : write ? PRE : OFFSET;

    i->rd = raw >> 12 & 15;
    i->rn = raw >> 16 & 15;
    i->rm = rm;
    i->rs = shift;
    i->imm = up ? raw & 0xfff : -(raw & 0xfff);
    if (kind == LDR && index == OFFSET && !by_reg && i->rn == 15 && i->rd != 15) {
        i->exec = op_ldr_literal;
        i->imm += at + 8;
    } else if (i->rn == 15 || i->rd == 15 || (!pre && write) ||
               (by_reg && (rm == 15 || !up || (raw & 0x60)))) {
        i->exec = op_load_store_any;
        i->imm = raw;
    } else {
        i->exec = single_handlers[kind][index][by_reg];
    }
}

/* LDRD and STRD: an even register and the one after it, two words. */
static const struct insn *double_any(CPUARMState *env, const struct insn *ip, bool store,
                                     uint32_t addr, uint32_t moved, bool write_back)
{
    unsigned rn = ip->imm >> 16 & 15, rd = ip->imm >> 12 & 15;

    env->ip = ip;
    if (rd & 1)
        raise_exception(env, EXCP_UDEF);
    check_alignment(env, addr, 8);
    if (store) {
        mem_store(env, ip, addr, env->regs[rd], 4, env->mmu_idx);
        mem_store(env, ip, addr + 4, reg(env, ip, rd + 1), 4, env->mmu_idx);
    } else {
        uint32_t low = mem_load(env, ip, addr, 4, env->mmu_idx);
        uint32_t high = mem_load(env, ip, addr + 4, 4, env->mmu_idx);
        if (write_back)
            env->regs[rn] = moved;
        env->regs[rd] = low;
        if (rd == 14)
            return jump_exchange(env, ip, high);
        env->regs[rd + 1] = high;
        return ip + 1;
    }
    if (write_back)
        env->regs[rn] = moved;
    return ip + 1;
}

/* By bits S and H, then L. LDRD and STRD hide among the stores; S = H = 0 is not here. */
static const enum kind extra_kinds[4][2] = {
    [1] = { STRH, LDRH }, [2] = { STRB /* LDRD */, LDRSB }, [3] = { STRB /* STRD */, LDRSH },
};

/* Halfwords, signed bytes, doublewords in every form (ARM ARM A5.3). */
static const struct insn *op_extra_load_store_any(CPUARMState *env, const struct insn *ip)
{
    uint32_t raw = ip->imm;
    bool pre = raw & 1 << 24, write = raw & 1 << 21, load = raw & 1 << 20;
    unsigned sh = raw >> 5 & 3;
    uint32_t base = reg(env, ip, raw >> 16 & 15);
    uint32_t offset = raw & 1 << 22 ? (raw >> 4 & 0xf0) | (raw & 15) : reg(env, ip, raw & 15);
    uint32_t moved = raw & 1 << 23 ? base + offset : base - offset;
    uint32_t addr = pre ? moved : base;

    if (!load && sh >= 2)
        return double_any(env, ip, sh == 3, addr, moved, !pre || write);
    return access_any(env, ip, extra_kinds[sh][load], addr, moved, !pre || write, env->mmu_idx);
}

/* The same for the forms of ARM ARM A5.3. */
void decode_extra_load_store(struct insn *i, uint32_t raw, uint32_t at)
{
    unsigned rm = raw & 15, sh = raw >> 5 & 3, offset = (raw >> 4 & 0xf0) | rm;
    bool by_imm = raw & 1 << 22, up = raw & 1 << 23, pre = raw & 1 << 24, write = raw & 1 << 21;
    bool load = raw & 1 << 20;

    (void)at;
    i->rd = raw >> 12 & 15;
    i->rn = raw >> 16 & 15;
    i->rm = rm;
    i->rs = 0;
    i->imm = up ? offset : -offset;
    if (i->rn == 15 || i->rd == 15 || (!by_imm && (rm == 15 || !up)) || (!load && sh >= 2)) {
        i->exec = op_extra_load_store_any;
        i->imm = raw;
    } else {
        i->exec = single_handlers[extra_kinds[sh][load]][!pre ? POST : write ? PRE : OFFSET]
                                 [!by_imm];
    }
}

/* SWP and SWPB: load, store, then the register. A fault in the store leaves all as it was. */
const struct insn *op_swap_any(CPUARMState *env, const struct insn *ip)
{
    uint32_t raw = ip->imm, addr = reg(env, ip, raw >> 16 & 15), value = reg(env, ip, raw & 15);
    int size = raw & 1 << 22 ? 1 : 4;

    env->ip = ip;
    check_alignment(env, addr, size);
    tlb_lookup(env, addr, MMU_DATA_STORE, env->mmu_idx); /* a fault of either is the store's */
    uint32_t old = mem_load(env, ip, addr, size, env->mmu_idx);
    mem_store(env, ip, addr, value, size, env->mmu_idx);
    if ((raw >> 12 & 15) != 15)
        env->regs[raw >> 12 & 15] = size == 4 ? ror32(old, (addr & 3) * 8) : old;
    return ip + 1;
}

/* ---- load and store multiple ----
 *
 *      31  28 27 26 25 24 23 22 21 20 19  16 15                      0
 *     | cond | 1 0   0| P| U| S| W| L|  rn  |   one bit a register    |
 *
 * The lowest register is at the lowest address. S: the user mode's registers, or with r15 in a
 * load, CPSR from SPSR too (the return from an exception).
 */

/* Where register n of user mode is while the current mode is another. */
static uint32_t *user_register(CPUARMState *env, unsigned n)
{
    uint32_t mode = env->mode_and_masks & CPSR_M;

    if (mode == MODE_FIQ && n >= 8 && n <= 12)
        return &env->usr_regs[n - 8];
    if ((n == 13 || n == 14) && mode != MODE_USR && mode != MODE_SYS)
        return n == 13 ? &env->banked_r13[0] : &env->banked_r14[0];
    return &env->regs[n];
}

/* The lowest address of the transfer of `size` bytes. */
static always_inline uint32_t multiple_start(uint32_t raw, uint32_t base, uint32_t size)
{
    bool before = raw & 1 << 24;

    return raw & 1 << 23 ? base + (before ? 4 : 0) : base - size + (before ? 0 : 4);
}

/* The host address of all `size` bytes from addr, or NULL if not all lie in one page of the TLB. */
static always_inline uint32_t *fast_block(CPUARMState *env, uint32_t addr, uint32_t size,
                                          bool store)
{
    if ((addr & ~TARGET_PAGE_MASK) + size > TARGET_PAGE_SIZE)
        return NULL;
    return fast(env, addr, 4, store);
}

/* STM in all its forms. Stored is what the registers are at the beginning, the base included (if it
 * is not the first of the list and written back, the architecture leaves that open). */
static const struct insn *op_stm(CPUARMState *env, const struct insn *ip)
{
    uint32_t raw = ip->imm, list = raw & 0xffff, base = env->regs[ip->rn];
    uint32_t size = 4 * ip->rs, addr = multiple_start(raw, base, size);
    uint32_t *host = fast_block(env, addr, size, true);
    bool user = raw & 1 << 22;

    if (likely(host && !user)) {
        for (; list; list &= list - 1)
            *host++ = reg(env, ip, __builtin_ctz(list));
    } else {
        for (; list; list &= list - 1, addr += 4) {
            unsigned n = __builtin_ctz(list);
            uint32_t value = user && n != 15 ? *user_register(env, n) : reg(env, ip, n);
            mem_store(env, ip, addr, value, 4, env->mmu_idx);
        }
    }
    if (raw & 1 << 21)
        env->regs[ip->rn] = raw & 1 << 23 ? base + size : base - size;
    return next(env, ip);
}

/* Loads the registers of ip's list except r15; the base last, so that a fault finds it as it was,
 * and over the write-back. */
static __attribute__((noinline)) void load_list(CPUARMState *env, const struct insn *ip,
                                                uint32_t addr, uint32_t size, bool user)
{
    uint32_t raw = ip->imm, base = env->regs[ip->rn], new_base = base;
    uint32_t *host = fast_block(env, addr, size, false);

    if (raw & 1 << 21)
        new_base = raw & 1 << 23 ? base + size : base - size;
    for (uint32_t list = raw & 0x7fff; list; list &= list - 1, addr += 4) {
        unsigned n = __builtin_ctz(list);
        uint32_t value = host ? *host++ : mem_load(env, ip, addr, 4, env->mmu_idx);
        uint32_t *to = user ? user_register(env, n) : &env->regs[n];
        *(to == &env->regs[ip->rn] ? &new_base : to) = value;
    }
    env->regs[ip->rn] = new_base;
}

/* LDM without r15 and without S. */
static const struct insn *op_ldm(CPUARMState *env, const struct insn *ip)
{
    uint32_t size = 4 * ip->rs;

    load_list(env, ip, multiple_start(ip->imm, env->regs[ip->rn], size), size, false);
    return next(env, ip);
}

/* LDM with r15: a return, of a function or (S) of an exception. r15 is loaded first: if its word
 * can not be had, no register was touched yet. But if the lowest address faults, that comes
 * first. */
static const struct insn *op_ldm_pc(CPUARMState *env, const struct insn *ip)
{
    uint32_t raw = ip->imm, size = 4 * ip->rs;
    uint32_t addr = multiple_start(raw, env->regs[ip->rn], size);

    if (!fast_block(env, addr, size, false)) {
        env->ip = ip;
        check_alignment(env, addr, 4);
        tlb_lookup(env, addr & ~3u, MMU_DATA_LOAD, env->mmu_idx);
    }
    uint32_t pc = fast_load(env, ip, (addr + size - 4) & ~3u, 4);
    load_list(env, ip, addr, size, false);
    if (!(raw & 1 << 22))
        return jump_exchange(env, ip, pc);
    sync_state(env, ip + 1, pc);
    cpsr_write(env, env->spsr, ~0u);
    env->regs[15] &= env->thumb ? ~1u : ~3u;
    return NULL;
}

/* LDM with S and without r15: user mode's registers. */
static const struct insn *op_ldm_user(CPUARMState *env, const struct insn *ip)
{
    uint32_t size = 4 * ip->rs;

    load_list(env, ip, multiple_start(ip->imm, env->regs[ip->rn], size), size, true);
    return ip + 1;
}

/* LDM and STM; ip->rs is the number of registers. */
void decode_multiple(struct insn *i, uint32_t raw, uint32_t at)
{
    bool load = raw & 1 << 20, user = raw & 1 << 22;

    (void)at;
    i->rn = raw >> 16 & 15;
    i->rs = __builtin_popcount(raw & 0xffff);
    i->imm = raw;
    i->exec = i->rn == 15 || i->rs == 0 ? op_undefined /* unpredictable */
            : !load ? op_stm
            : raw & 1 << 15 ? op_ldm_pc
            : user ? op_ldm_user : op_ldm;
}
