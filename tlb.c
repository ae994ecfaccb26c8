/* tlb.c - page-table walk and software TLB: the scene of the crime.
 *
 * Problem: every load, store and fetch of the guest names a virtual address; walking the guest's
 * page tables each time would cost more than the access. Real CPUs have a TLB, an emulator has a
 * table of its own, in 1K pages because the smallest ARMv5 page is one:
 *
 *     tlb_table[mmu_idx][256]     direct-mapped by bits 10..17 of the address; one table for
 *                                 privileged modes and one for user mode
 *     tlb_v_table[mmu_idx][8]     victims: what was last pushed out of the table
 *
 * Guarantee: until the guest tells us (CP15 c8), an entry is what the page tables said when it was
 * filled; when told, every entry of the page is gone. The second half is the hard one:
 *
 *     A 4K page is FOUR 1K entries, each filled when its 1K is first touched. The guest knows
 *     nothing of that: it changes the descriptor and invalidates *one* address. Deleting the one
 *     entry of that address would leave up to three that serve the old memory.
 *
 * So a page bigger than 1K is remembered as "large": tlb_add_large_page keeps one range,
 * tlb_flush_addr/tlb_flush_mask, that covers all large pages entered since the last flush, and
 * tlb_flush_page inside that range drops everything (case 1) and only outside of it the single
 * entry (case 2, tlb_flush_entry). A Linux guest has nothing but 4K pages and sections, so case 2
 * never happens there. Unless somebody enters a 4K page with a page_size of 1K.
 *
 * The flow, with QEMU 2.3's names, because the post this program stands beside walks through them:
 *
 *     a miss in mem.c or code.c -> tlb_lookup -> victim_tlb_hit? else tlb_fill
 *       -> arm_cpu_handle_mmu_fault -> get_phys_addr        walk: address, permission, page size
 *                                   -> tlb_set_page         enter it -> tlb_add_large_page
 *     MCR p15, c8 in cp15.c -> tlb_flush_page -> tlb_flush or tlb_flush_entry
 *
 * Start reading at get_phys_addr. Only slow paths live here; the Makefile compiles this file
 * without optimisation so that a debugger shows every local.
 */
#include "engine.h"
#include <assert.h>
#include <string.h>

enum { SCTLR_M = 1 << 0, SCTLR_S = 1 << 8, SCTLR_R = 1 << 9 }; /* MMU on; what AP 0 means */

/* ---- the table ---- */

/* The field of an entry that an access of this type compares. */
static target_ulong *tlb_addr(CPUTLBEntry *tlb_entry, int access_type)
{
    return access_type == MMU_DATA_LOAD ? &tlb_entry->addr_read
         : access_type == MMU_DATA_STORE ? &tlb_entry->addr_write
         : &tlb_entry->addr_code;
}

/* Forgets all translations. Called for CP15 writes that change what addresses mean, for an
 * invalidate of everything, and for an invalidate inside the range of large pages. */
void tlb_flush(CPUARMState *env)
{
    memset(env->tlb_table, -1, sizeof env->tlb_table); /* -1: equal to no page address */
    memset(env->tlb_v_table, -1, sizeof env->tlb_v_table);
    env->vtlb_index = 0;
    env->tlb_flush_addr = -1; /* no large pages: with a mask of 0, no vaddr & mask equals -1 */
    env->tlb_flush_mask = 0;
}

/* Deletes one entry if it is a valid one for the page addr (page aligned). */
static void tlb_flush_entry(CPUTLBEntry *tlb_entry, target_ulong addr)
{
    if (addr == (tlb_entry->addr_read & (TARGET_PAGE_MASK | TLB_INVALID_MASK)) ||
        addr == (tlb_entry->addr_write & (TARGET_PAGE_MASK | TLB_INVALID_MASK)) ||
        addr == (tlb_entry->addr_code & (TARGET_PAGE_MASK | TLB_INVALID_MASK))) {
        /* The post's assert(0): with no 1K pages in the guest this must never be reached. */
        assert(!(experiments & X_ASSERT_FLUSH));
        memset(tlb_entry, -1, sizeof *tlb_entry);
    }
}

/* The guest says the page of addr changed: its translations go, whichever mode they are for.
 * Called by the CP15 write. Cases as in the opening. */
void tlb_flush_page(CPUARMState *env, target_ulong addr)
{
    /* 1: large pages. One range stands for all, so whoever is in it takes everything along. */
    if ((addr & env->tlb_flush_mask) == env->tlb_flush_addr) {
        tlb_flush(env);
        return;
    }
    /* 2: a 1K page has one entry in each mode's table, in its place or among the victims. */
    addr &= TARGET_PAGE_MASK;
    unsigned index = (addr >> TARGET_PAGE_BITS) & (CPU_TLB_SIZE - 1);
    for (int mmu_idx = 0; mmu_idx < NB_MMU_MODES; mmu_idx++) {
        tlb_flush_entry(&env->tlb_table[mmu_idx][index], addr);
        for (int k = 0; k < CPU_VTLB_SIZE; k++)
            tlb_flush_entry(&env->tlb_v_table[mmu_idx][k], addr);
    }
}

/* A page of `size` > 1K at vaddr is being entered: grow the range of large pages to cover it, by
 * shortening the mask until the old range and the new page look the same. */
static void tlb_add_large_page(CPUARMState *env, target_ulong vaddr, target_ulong size)
{
    target_ulong mask = ~(size - 1);

    if (env->tlb_flush_addr == (target_ulong)-1) {
        env->tlb_flush_addr = vaddr & mask;
        env->tlb_flush_mask = mask;
        return;
    }
    mask &= env->tlb_flush_mask;
    while (((env->tlb_flush_addr ^ vaddr) & mask) != 0)
        mask <<= 1;
    env->tlb_flush_addr &= mask;
    env->tlb_flush_mask = mask;
}

/* Enters the translation of one 1K page, vaddr to paddr, for the accesses in prot. page_size is the
 * size of the page it is a part of, as the guest's tables have it. Called from
 * arm_cpu_handle_mmu_fault. */
void tlb_set_page(CPUARMState *env, target_ulong vaddr, hwaddr paddr, int prot, int mmu_idx,
                  target_ulong page_size)
{
    unsigned index = (vaddr >> TARGET_PAGE_BITS) & (CPU_TLB_SIZE - 1);
    CPUTLBEntry *te = &env->tlb_table[mmu_idx][index];
    uint8_t *ram = spitz_ram(paddr);
    target_ulong flags = ram ? 0 : TLB_MMIO;

    if (page_size > TARGET_PAGE_SIZE)
        tlb_add_large_page(env, vaddr, page_size);

    /* what was in the place is not wrong, only in the way */
    env->tlb_v_table[mmu_idx][env->vtlb_index++ % CPU_VTLB_SIZE] = *te;

    te->addr_read = prot & PAGE_READ ? vaddr | flags : (target_ulong)-1;
    te->addr_code = prot & PAGE_EXEC ? vaddr | flags : (target_ulong)-1;
    te->addr_write = prot & PAGE_WRITE ? vaddr | flags : (target_ulong)-1;
    if ((code_is_watched(paddr) || snapshot_clean(paddr)) && (prot & PAGE_WRITE))
        te->addr_write |= TLB_NOTDIRTY;
    if (debug.watching)
        debug_mark(te);
    te->paddr = paddr;
    te->addend = (uintptr_t)ram - vaddr;
    te->code = ram ? code_find(paddr) : NULL;
}

/* Looks for addr among the victims; found, the victim and the entry in its place change places. */
static bool victim_tlb_hit(CPUARMState *env, target_ulong addr, int access_type, int mmu_idx)
{
    unsigned index = (addr >> TARGET_PAGE_BITS) & (CPU_TLB_SIZE - 1);
    CPUTLBEntry *te = &env->tlb_table[mmu_idx][index];

    for (int k = 0; k < CPU_VTLB_SIZE; k++) {
        CPUTLBEntry *victim = &env->tlb_v_table[mmu_idx][k];
        if ((*tlb_addr(victim, access_type) & (TARGET_PAGE_MASK | TLB_INVALID_MASK)) ==
            (addr & TARGET_PAGE_MASK)) {
            CPUTLBEntry tmp = *te;
            *te = *victim;
            *victim = tmp;
            return true;
        }
    }
    return false;
}

/* The entry that allows this access to addr. Called by the slow paths of mem.c and code.c; does not
 * return if the access faults. */
CPUTLBEntry *tlb_lookup(CPUARMState *env, target_ulong addr, int access_type, int mmu_idx)
{
    unsigned index = (addr >> TARGET_PAGE_BITS) & (CPU_TLB_SIZE - 1);
    CPUTLBEntry *te = &env->tlb_table[mmu_idx][index];

    if ((*tlb_addr(te, access_type) & (TARGET_PAGE_MASK | TLB_INVALID_MASK)) !=
            (addr & TARGET_PAGE_MASK) &&
        !victim_tlb_hit(env, addr, access_type, mmu_idx))
        tlb_fill(env, addr, access_type, mmu_idx);
    return te;
}

/* The k-th entry of a mode, the victims behind the others. */
CPUTLBEntry *tlb_entry(CPUARMState *env, int mmu_idx, int k)
{
    return k < CPU_TLB_SIZE ? &env->tlb_table[mmu_idx][k]
                            : &env->tlb_v_table[mmu_idx][k - CPU_TLB_SIZE];
}

/* Code was found on the RAM page paddr: stores to it must be noticed from now on, also those
 * through entries that exist. Called by code.c. */
void tlb_protect_code(CPUARMState *env, hwaddr paddr)
{
    for (int mmu_idx = 0; mmu_idx < NB_MMU_MODES; mmu_idx++) {
        for (int k = 0; k < CPU_TLB_SIZE + CPU_VTLB_SIZE; k++) {
            CPUTLBEntry *te = tlb_entry(env, mmu_idx, k);
            if (te->paddr == paddr && !(te->addr_write & TLB_INVALID_MASK))
                te->addr_write |= TLB_NOTDIRTY;
        }
    }
}

/* All stores must take the slow path once, as pages are clean again. For snapshot.c. */
void tlb_protect_all(CPUARMState *env)
{
    for (int mmu_idx = 0; mmu_idx < NB_MMU_MODES; mmu_idx++)
        for (int k = 0; k < CPU_TLB_SIZE + CPU_VTLB_SIZE; k++) {
            CPUTLBEntry *te = tlb_entry(env, mmu_idx, k);
            if (!(te->addr_write & (TLB_INVALID_MASK | TLB_MMIO)))
                te->addr_write |= TLB_NOTDIRTY;
        }
}

/* The decoded pages are gone; the translations are not. */
void tlb_forget_code(CPUARMState *env)
{
    for (int mmu_idx = 0; mmu_idx < NB_MMU_MODES; mmu_idx++)
        for (int k = 0; k < CPU_TLB_SIZE + CPU_VTLB_SIZE; k++)
            tlb_entry(env, mmu_idx, k)->code = NULL;
}

/* ---- the walk ---- */

/* The access permission check, the only one: which accesses a page allows, a set of PAGE_*.
 *
 *     domain (2 bits of DACR)  0, 2: no access (the caller's domain fault), 1: client, by the AP
 *                              bits, 3: manager, everything
 *     AP  1 privileged only    2 user reads    3 everyone writes
 *         0 by SCTLR's S and R: S privileged may read, R everyone may read, else nothing
 */
static int page_prot(CPUARMState *env, int ap, int domain_prot, bool is_user)
{
    const int ro = PAGE_READ | PAGE_EXEC, rw = ro | PAGE_WRITE;

    if (domain_prot == 3)
        return rw;
    switch (ap) {
    case 0:
        switch (env->cp15.sctlr & (SCTLR_S | SCTLR_R)) {
        case SCTLR_S: return is_user ? 0 : ro;
        case SCTLR_R: return ro;
        default: return 0;
        }
    case 1: return is_user ? 0 : rw;
    case 2: return is_user ? ro : rw;
    default: return rw;
    }
}

/* What an access of each type needs to be allowed. */
static const int needed_prot[] = {
    [MMU_DATA_LOAD] = PAGE_READ, [MMU_DATA_STORE] = PAGE_WRITE, [MMU_INST_FETCH] = PAGE_EXEC,
};

/* A word of a page table. Tables outside of RAM read as zero, which is a fault descriptor. */
static uint32_t ldl_phys(hwaddr addr)
{
    uint32_t *word = (uint32_t *)spitz_ram(addr);
    return word ? *word : 0;
}

/* Fault status codes; the domain goes into bits 4..7 beside them. */
enum {
    FSR_TRANSLATION_SECTION = 5, FSR_TRANSLATION_PAGE = 7,
    FSR_DOMAIN_SECTION = 9, FSR_DOMAIN_PAGE = 11,
    FSR_PERMISSION_SECTION = 13, FSR_PERMISSION_PAGE = 15,
};

/* Walks the guest's page tables for one access. 0: allowed, and *phys_ptr, *prot and *page_size are
 * set. Otherwise the fault status, as it goes into FSR. Called by arm_cpu_handle_mmu_fault.
 *
 * First level, at TTBR + 4 * bits 20..31 of the address; bits 5..8 of 1, 2 and 3 name the domain:
 *
 *     0  |               ignored               |00|   case 1: fault
 *     1  | coarse table, 256 words   |dom |    |01|   case 2: bits 12..19 index it
 *     2  | 1M section       |   AP|  |dom |  CB|10|   case 3
 *     3  | fine table, 1024 words    |dom |    |11|   case 4: bits 10..19 index it
 *
 * Second level:
 *
 *     0  |               ignored               |00|   case 5: fault
 *     1  | 64K page      |    |ap3|ap2|ap1|ap0|CB|01|   case 6: an AP for each quarter
 *     2  | 4K page           |ap3|ap2|ap1|ap0|CB|10|   case 7: likewise
 *     3  | 1K page (fine table)      |  | ap |CB|11|   case 8: "tiny page"
 *     3  | 4K page (coarse)  | TEX |   |  ap |CB|11|   case 9: XScale's "extended small page"
 */
static int get_phys_addr(CPUARMState *env, target_ulong address, int access_type, int mmu_idx,
                         hwaddr *phys_ptr, int *prot, target_ulong *page_size)
{
    if (!(env->cp15.sctlr & SCTLR_M)) { /* MMU off: addresses are physical, all is allowed */
        *phys_ptr = address;
        *prot = PAGE_READ | PAGE_WRITE | PAGE_EXEC;
        *page_size = TARGET_PAGE_SIZE;
        return 0;
    }

    uint32_t desc = ldl_phys((env->cp15.ttbr & 0xffffc000) | ((address >> 18) & 0x3ffc));
    int type = desc & 3;
    int domain = (desc >> 5) & 15;
    int domain_prot = (env->cp15.dacr >> (domain * 2)) & 3;
    int ap;
    hwaddr phys_addr;

    if (type == 0) /* 1 */
        return FSR_TRANSLATION_SECTION | domain << 4;
    if (type == 2) { /* 3 */
        phys_addr = (desc & 0xfff00000) | (address & 0x000fffff);
        ap = (desc >> 10) & 3;
        *page_size = 0x100000;
    } else {
        desc = ldl_phys(type == 1 ? (desc & 0xfffffc00) | ((address >> 10) & 0x3fc)   /* 2 */
                                  : (desc & 0xfffff000) | ((address >> 8) & 0xffc));  /* 4 */
        switch (desc & 3) {
        case 0: /* 5 */
            return FSR_TRANSLATION_PAGE | domain << 4;
        case 1: /* 6 */
            phys_addr = (desc & 0xffff0000) | (address & 0xffff);
            ap = (desc >> (4 + ((address >> 13) & 6))) & 3;
            *page_size = 0x10000;
            break;
        case 2: /* 7 */
            phys_addr = (desc & 0xfffff000) | (address & 0xfff);
            ap = (desc >> (4 + ((address >> 9) & 6))) & 3;
            *page_size = 0x1000;
            break;
        default:
            ap = (desc >> 4) & 3;
            if (type == 1) { /* 9 */
                phys_addr = (desc & 0xfffff000) | (address & 0xfff);
                *page_size = experiments & X_XSCALE_PAGE ? 0x400 : 0x1000; /* the post's bug */
            } else { /* 8 */
                phys_addr = (desc & 0xfffffc00) | (address & 0x3ff);
                *page_size = 0x400;
            }
            break;
        }
    }

    if (domain_prot == 0 || domain_prot == 2)
        return (type == 2 ? FSR_DOMAIN_SECTION : FSR_DOMAIN_PAGE) | domain << 4;
    *prot = page_prot(env, ap, domain_prot, mmu_idx == MMU_USER_IDX);
    if (!(*prot & needed_prot[access_type]))
        return (type == 2 ? FSR_PERMISSION_SECTION : FSR_PERMISSION_PAGE) | domain << 4;
    *phys_ptr = phys_addr;
    return 0;
}

/* The TLB has no entry for this access. 0: it has now. 1: the access faults, and env->exception
 * says how. Called by tlb_fill. */
int arm_cpu_handle_mmu_fault(CPUARMState *env, target_ulong address, int access_type, int mmu_idx)
{
    hwaddr phys_addr;
    target_ulong page_size;
    int prot;
    /* the process ID turns an address of the lowest 32M into one of the process's own 32M */
    target_ulong mva = address < 0x02000000 ? address + env->cp15.fcse : address;
    int ret = get_phys_addr(env, mva, access_type, mmu_idx, &phys_addr, &prot, &page_size);

    if (ret == 0) {
        tlb_set_page(env, address & TARGET_PAGE_MASK, phys_addr & TARGET_PAGE_MASK, prot, mmu_idx,
                     page_size);
        return 0;
    }
    env->exception.fsr = ret;
    env->exception.vaddress = mva;
    env->exception.index = access_type == MMU_INST_FETCH ? EXCP_PREFETCH_ABORT : EXCP_DATA_ABORT;
    return 1;
}

bool tlb_debug_translate(CPUARMState *env, target_ulong addr, hwaddr *paddr)
{
    target_ulong mva = addr < 0x02000000 ? addr + env->cp15.fcse : addr, page_size;
    int prot;

    return get_phys_addr(env, mva, MMU_DATA_LOAD, MMU_KERNEL_IDX, paddr, &prot, &page_size) == 0;
}

/* Fills the TLB for an access or takes the exception, in which case it does not return. */
void tlb_fill(CPUARMState *env, target_ulong addr, int access_type, int mmu_idx)
{
    int ret = arm_cpu_handle_mmu_fault(env, addr, access_type, mmu_idx);

    if (ret)
        raise_exception(env, env->exception.index);
}
