/* debug.c - breakpoints and watchpoints in the guest, for a debugger on it.
 *
 * Problem: stop where the guest's pc, or an access, has an address, at no cost to all the other
 * instructions; the guest must not be able to tell.
 *
 * Guarantees: a breakpoint stops before its instruction and is about a virtual address, whatever is
 * mapped there and under whatever other addresses it is mapped too. A watchpoint stops right after
 * the instruction that touched it. Neither changes a byte of the guest's memory or what is in its
 * TLB, and instructions that have nothing to do with them run as fast as ever.
 *
 * How. A breakpoint is a handler, op_break, in the decoded slot of the instruction (engine.h).
 * Slots belong to physical pages, so it goes into the slots at the breakpoint's offset in *every*
 * page, when they are decoded; run, it looks whether this virtual address is one of a breakpoint
 * and else goes on with the handler it stands before, which the page keeps beside its slots. A new
 * breakpoint sets the slots at its offset back to op_decode, and the rest comes by itself.
 *
 * A watchpoint is a flag in the TLB entries of its page, which sends all accesses to that page
 * through the slow path of mem.c, where they are compared.
 *
 * Where to start: debug_decoded, op_break; debug_mark, debug_touched.
 */
#include "engine.h"
#include <string.h>

struct debug debug;

/* ---- breakpoints ---- */

static bool has_breakpoint(uint32_t pc)
{
    for (unsigned i = 0; i < debug.breakpoint_count; i++)
        if (debug.breakpoints[i] == pc)
            return true;
    return false;
}

/* Stands before an instruction that may have a breakpoint. The one a run starts at does not
 * stop. */
static const struct insn *op_break(CPUARMState *env, const struct insn *ip)
{
    uint64_t count = env->icount_end - (env->limit - (uintptr_t)ip) / sizeof(struct insn);

    if (has_breakpoint(pc_of(env, ip)) && count != debug.start) {
        debug.hit = DEBUG_BREAKPOINT;
        env->stop_request = true;
        return ip; /* to run() in arm.c, which sees the request */
    }
    return env->code->under[env->thumb][ip - env->code_base](env, ip);
}

/* A slot of the current page was decoded, `at` bytes into it. Called by op_decode. */
void debug_decoded(CPUARMState *env, struct insn *slot, uint32_t at)
{
    struct code_page *page = env->code;
    unsigned i = 0;

    while (i < debug.breakpoint_count && (debug.breakpoints[i] & ~TARGET_PAGE_MASK) != at)
        i++;
    if (i == debug.breakpoint_count)
        return;
    if (!page->under[env->thumb])
        page->under[env->thumb] =
            code_allocate(env->thumb ? THUMB_SLOTS : ARM_SLOTS, sizeof(handler *));
    page->under[env->thumb][slot - page->slots[env->thumb]] = slot->fn;
    slot->fn = op_break;
}

/* At virtual address pc. False: there are DEBUG_BREAKPOINTS already. The page is decoded anew, with
 * a handler there that stops, so that code without breakpoints costs nothing. */
bool debug_set_breakpoint(CPUARMState *env, uint32_t pc)
{
    if (has_breakpoint(pc))
        return true;
    if (debug.breakpoint_count == DEBUG_BREAKPOINTS)
        return false;
    debug.breakpoints[debug.breakpoint_count++] = pc;
    code_forget(env, pc & ~TARGET_PAGE_MASK);
    return true;
}

/* False: there was none. The page is decoded anew without it. */
bool debug_clear_breakpoint(CPUARMState *env, uint32_t pc)
{
    for (unsigned i = 0; i < debug.breakpoint_count; i++)
        if (debug.breakpoints[i] == pc) {
            debug.breakpoints[i] = debug.breakpoints[--debug.breakpoint_count];
            code_forget(env, pc & ~TARGET_PAGE_MASK);
            return true;
        }
    return false;
}

/* ---- watchpoints ---- */

/* Sets an entry's flags by the watchpoints there are. Nothing else about it changes. */
void debug_mark(CPUTLBEntry *te)
{
    uint32_t valid = !(te->addr_read & TLB_INVALID_MASK) ? te->addr_read : te->addr_write;
    uint32_t page = valid & TARGET_PAGE_MASK, read = 0, write = 0;

    if (valid & TLB_INVALID_MASK)
        return;
    for (int i = 0; i < DEBUG_WATCHES; i++) {
        const struct debug_watch *w = &debug.watches[i];
        if (w->length && page < w->addr + w->length && w->addr < page + TARGET_PAGE_SIZE) {
            write = TLB_WATCHED;
            read |= w->reads ? TLB_WATCHED : 0;
        }
    }
    if (!(te->addr_read & TLB_INVALID_MASK))
        te->addr_read = (te->addr_read & ~TLB_WATCHED) | read;
    if (!(te->addr_write & TLB_INVALID_MASK))
        te->addr_write = (te->addr_write & ~TLB_WATCHED) | write;
}

/* The same for all entries, after the watchpoints or the entries became others. */
void debug_mark_all(CPUARMState *env)
{
    debug.watching = false;
    for (int i = 0; i < DEBUG_WATCHES; i++)
        debug.watching |= debug.watches[i].length != 0;
    for (int mmu_idx = 0; mmu_idx < NB_MMU_MODES; mmu_idx++)
        for (int k = 0; k < CPU_TLB_SIZE + CPU_VTLB_SIZE; k++)
            debug_mark(tlb_entry(env, mmu_idx, k));
}

/* The instruction env->ip accesses `size` bytes on a page with a watchpoint. One that is touched
 * stops the run after the instruction, even if that faults. The lowest one is told. */
void debug_touched(CPUARMState *env, uint32_t addr, int size, bool store)
{
    for (int i = 0; i < DEBUG_WATCHES && debug.hit != DEBUG_WATCHPOINT; i++) {
        const struct debug_watch *w = &debug.watches[i];
        if (w->length && (store || w->reads) && addr < w->addr + w->length &&
            w->addr < addr + size) {
            debug.hit = DEBUG_WATCHPOINT;
            debug.watch = i;
            cpu_stop(env);
        }
    }
}
