/* code.c - where decoded instructions are kept.
 *
 * Problem: decoding pays only if it is remembered, and what is remembered must be forgotten when
 * the guest overwrites the instruction: a kernel loading a program, a page used for another one.
 *
 * Guarantee: a slot (engine.h) is either op_decode or what the word of RAM under it says now.
 *
 * How: slots belong to a physical 1K page of RAM. The first slot decoded on a page makes the page
 * *watched*: all TLB entries that allow stores to it get TLB_NOTDIRTY, so such stores take the slow
 * path of mem.c, which calls code_written; so does the board when a device writes RAM. That sets
 * the written word's slots back to op_decode, nothing else, so code and data may share a page.
 * Once many stores came, the page is probably code no more: all its slots are set back and it is
 * not watched any more; the next op_decode to run on it makes it watched again. So leaving it is
 * always safe, even while we are running in it.
 *
 * Where to start: op_decode, then code_written.
 */
#include "engine.h"
#include <stdio.h>
#include <stdlib.h>

enum {
    STORES_TO_UNWATCH = 64, /* a page reset costs about as much as this many slow stores */
    MAX_PAGES = 32768,      /* some 400 MB of slots; a Linux boot makes about 2,000 pages */
};

/* By physical page number. A sparse array: only the parts that are used take up memory. */
static struct code_page *pages[1u << (32 - TARGET_PAGE_BITS)];
static struct code_page *all_pages; /* the same, as a list */
static unsigned page_count;
unsigned code_trims;

struct code_page *code_find(hwaddr paddr) { return pages[paddr >> TARGET_PAGE_BITS]; }

bool code_is_watched(hwaddr paddr)
{
    struct code_page *page = code_find(paddr);
    return page && page->watched;
}

/* Sets slots [from, to) of a page back to op_decode, in one state, if it has slots for that state.
 * The slot op_stop stands in keeps it: cpu_exec relies on that. */
static void reset_slots(CPUARMState *env, struct code_page *page, int thumb, unsigned from,
                        unsigned to)
{
    struct insn *slot = page->slots[thumb];

    for (unsigned k = from; slot && k < to; k++) {
        if (&slot[k] == env->stop_slot)
            env->stopped_fn = op_decode;
        else
            slot[k].fn = op_decode;
    }
}

/* The guest has stored `len` bytes at paddr: instructions decoded from them are decoded anew. A
 * page that is stored to again and again is more data than code, and not watched any more until it
 * is executed again. True: stores to it must still be told of. */
bool code_written(CPUARMState *env, hwaddr paddr, uint32_t len)
{
    struct code_page *page = code_find(paddr);
    unsigned at = paddr & ~TARGET_PAGE_MASK;

    if (!page || !page->watched)
        return false;
    if (len == TARGET_PAGE_SIZE || ++page->stores >= STORES_TO_UNWATCH) {
        reset_slots(env, page, 0, 0, ARM_SLOTS);
        reset_slots(env, page, 1, 0, THUMB_SLOTS);
        page->watched = false;
        return false;
    }
    reset_slots(env, page, 0, at / 4, (at + len + 3) / 4);
    reset_slots(env, page, 1, at / 2, (at + len + 1) / 2);
    return true;
}

/* The board wrote RAM itself: a loader, DMA. */
void cpu_phys_written(CPUARMState *env, hwaddr addr, uint32_t len)
{
    while (len) {
        uint32_t part = TARGET_PAGE_SIZE - (addr & ~TARGET_PAGE_MASK);
        if (part > len)
            part = len;
        code_written(env, addr, part);
        snapshot_written(addr);
        addr += part;
        len -= part;
    }
}

void *code_allocate(size_t n, size_t size)
{
    void *p = calloc(n, size);
    if (!p) {
        fprintf(stderr, "rr: out of memory for decoded instructions\n");
        exit(70);
    }
    return p;
}

/* The slots for physical page paddr in state `thumb`, made if there are none. ram is the page. */
static struct code_page *make_page(CPUARMState *env, hwaddr paddr, const uint8_t *ram, int thumb)
{
    struct code_page *page = code_find(paddr);
    unsigned count = thumb ? THUMB_SLOTS : ARM_SLOTS;

    if (!page) {
        page = code_allocate(1, sizeof *page);
        page->ram = ram;
        page->paddr = paddr;
        page->next = all_pages;
        all_pages = pages[paddr >> TARGET_PAGE_BITS] = page;
        page_count++;
    }
    if (!page->slots[thumb]) {
        page->slots[thumb] = code_allocate(count + 1, sizeof(struct insn));
        reset_slots(env, page, thumb, 0, count);
        page->slots[thumb][count].fn = op_page_end;
    }
    return page;
}

/* Between two instructions only, as it frees what env->ip points into: with MAX_PAGES decoded all
 * are forgotten, which is simpler than choosing, and rare. */
void code_trim(CPUARMState *env)
{
    struct code_page *page;

    if (page_count < MAX_PAGES)
        return;
    while ((page = all_pages)) {
        all_pages = page->next;
        pages[page->paddr >> TARGET_PAGE_BITS] = NULL;
        for (int thumb = 0; thumb < 2; thumb++) {
            free(page->slots[thumb]);
            free(page->under[thumb]);
        }
        free(page);
    }
    page_count = 0;
    code_trims++;
    tlb_forget_code(env);
}

void code_forget(CPUARMState *env, unsigned offset)
{
    for (struct code_page *page = all_pages; page; page = page->next) {
        reset_slots(env, page, 0, offset / 4, offset / 4 + 1);
        reset_slots(env, page, 1, offset / 2, offset / 2 + 1);
    }
}

/* Fills the slot at ip, on the current page, and runs it. The page becomes watched before the word
 * is read, so that a later store can not slip through. */
const struct insn *op_decode(CPUARMState *env, const struct insn *ip)
{
    struct code_page *page = env->code;
    struct insn *slot = page->slots[env->thumb] + (ip - env->code_base);
    uint32_t at = (uint32_t)(ip - env->code_base) << (2 - env->thumb);

    if (!page->watched) {
        page->watched = true;
        page->stores = 0;
        tlb_protect_code(env, page->paddr);
    }
    if (env->thumb)
        decode_thumb(slot, *(const uint16_t *)(page->ram + at), at);
    else
        decode_arm(slot, *(const uint32_t *)(page->ram + at), at);
    if (debug.breakpoint_count)
        debug_decoded(env, slot, at);
    return slot;
}

/* Stands after the last slot of a page. It is not an instruction, so it does not count: jump() is
 * told that the instruction before it jumped. */
const struct insn *op_page_end(CPUARMState *env, const struct insn *ip)
{
    return jump(env, ip - 1, env->code_vaddr + TARGET_PAGE_SIZE);
}

/* Makes a page current, at the virtual page of pc; the slot of pc. */
static always_inline const struct insn *enter(CPUARMState *env, struct code_page *page, uint32_t pc)
{
    const struct insn *base = page->slots[env->thumb];

    env->code = page;
    env->code_base = base;
    env->code_vaddr = pc & TARGET_PAGE_MASK;
    env->fence = (uintptr_t)(base + (ARM_SLOTS << env->thumb));
    return base + ((pc & ~TARGET_PAGE_MASK) >> (2 - env->thumb));
}

/* Where execution goes on at virtual address pc: its page is translated, and decoded if it is new.
 * Raises a prefetch abort if nothing can be fetched there. */
const struct insn *code_enter(CPUARMState *env, uint32_t pc)
{
    CPUTLBEntry *te = tlb_lookup(env, pc, MMU_INST_FETCH, env->mmu_idx);

    if (te->addr_code & TLB_MMIO) { /* nothing to execute where there is no RAM */
        env->exception.fsr = 8;     /* external abort */
        env->exception.vaddress = pc;
        raise_exception(env, EXCP_PREFETCH_ABORT);
    }
    te->code = make_page(env, te->paddr, (const uint8_t *)(te->addend + (pc & TARGET_PAGE_MASK)),
                         env->thumb);
    return enter(env, te->code, pc);
}

const struct insn *code_reenter(CPUARMState *env)
{
    hwaddr paddr = env->in_page_paddr;

    return enter(env, make_page(env, paddr, spitz_ram(paddr), env->thumb), env->regs[15]);
}

/* The fast path is a hit in the TLB on a page with slots; else cpu_exec calls code_enter. */
const struct insn *jump(CPUARMState *env, const struct insn *ip, uint32_t pc)
{
    pc &= env->thumb ? ~1u : ~3u;
    CPUTLBEntry *te = &env->tlb[(pc >> TARGET_PAGE_BITS) & (CPU_TLB_SIZE - 1)];

    if (likely(te->addr_code == (pc & TARGET_PAGE_MASK) && te->code &&
               te->code->slots[env->thumb])) {
        const struct insn *to = enter(env, te->code, pc);
        uintptr_t limit = env->limit + (uintptr_t)to - (uintptr_t)(ip + 1);
        env->limit = limit;
        if (likely(limit >= env->fence && !env->exit_request))
            return to->fn(env, to);
        return to;
    }
    sync_state(env, ip + 1, pc);
    return NULL;
}

const struct insn *jump_exchange(CPUARMState *env, const struct insn *ip, uint32_t pc)
{
    env->thumb = pc & 1;
    return jump(env, ip, pc);
}
