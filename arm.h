/* arm.h - what the pieces of the Zaurus say to each other.
 *
 * The emulator is three files and this header is their map:
 *
 *      spitz.c   the board: RAM, devices, loading a kernel, time, the command line of `rr arm`
 *         |  cpu_exec(env, n)                    ^ spitz_read / spitz_write / spitz_cp_*
 *         v                                      |
 *      arm.c     the CPU: decodes and executes instructions, takes exceptions
 *         |  tlb_fill(env, addr, ...)            ^ tlb_table[] filled in
 *         v                                      |
 *      tlb.c     page-table walk and software TLB, in QEMU 2.3's shape and names
 *
 * Names are QEMU 2.3's wherever QEMU has the thing, so that the post this program stands beside
 * can be followed word for word.
 */
#ifndef ARM_H
#define ARM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint32_t target_ulong; /* a guest virtual address */
typedef uint32_t hwaddr;       /* a guest physical address */

/* ---- the software TLB (tlb.c) ---- */

#define TARGET_PAGE_BITS 10 /* 1K: the smallest ARMv5 page, a "tiny page", sets the grain */
#define TARGET_PAGE_SIZE (1u << TARGET_PAGE_BITS)
#define TARGET_PAGE_MASK (~(TARGET_PAGE_SIZE - 1))
#define CPU_TLB_SIZE 256
#define CPU_VTLB_SIZE 8
#define TLB_INVALID_MASK (1u << 3) /* in an entry's address: never matches */
#define TLB_MMIO (1u << 4)         /* in an entry's address: not RAM, ask the board */

enum { MMU_KERNEL_IDX = 0, MMU_USER_IDX = 1, NB_MMU_MODES = 2 };
enum { MMU_DATA_LOAD = 0, MMU_DATA_STORE = 1, MMU_INST_FETCH = 2 };
enum { PAGE_READ = 1, PAGE_WRITE = 2, PAGE_EXEC = 4 };

/* ---- experiments of the post: `rr arm -x NAME,...` sets these bits (see DESIGN section 1) ---- */
enum {
    X_XSCALE_PAGE = 1,    /* the bug: an XScale extended small page is entered as 1K, not 4K */
    X_FLUSH_ON_SCTLR = 2, /* as before QEMU's commit 2f0d8631b7: every SCTLR write flushes all */
    X_FLUSH_PAGE_ALL = 4, /* invalidate-by-address flushes the whole TLB */
    X_ASSERT_FLUSH = 8,   /* assert(0) where a single valid entry is deleted */
};
extern unsigned experiments;

typedef struct CPUARMState CPUARMState;

/* ---- arm.c, for the board ---- */
enum { CPU_INTERRUPT_HARD = 1, CPU_INTERRUPT_FIQ = 2 };
void cpu_reset(CPUARMState *env);
void cpu_interrupt(CPUARMState *env, int mask);       /* raise an input line (level) */
void cpu_reset_interrupt(CPUARMState *env, int mask); /* lower it */
uint64_t cpu_exec(CPUARMState *env, uint64_t n);      /* run at most n instructions; how many were run */
uint64_t cpu_icount(CPUARMState *env); /* instructions since reset, exact inside a device access too */
void cpu_halt(CPUARMState *env);       /* wait for interrupt: cpu_exec returns early until a line rises */
void cpu_stop(CPUARMState *env);       /* make cpu_exec return after this instruction */
void cpu_phys_written(CPUARMState *env, hwaddr addr, uint32_t len); /* the board wrote RAM itself */

/* ---- spitz.c, for the CPU ---- */
uint8_t *spitz_ram(hwaddr addr);                      /* host address of a RAM byte, NULL if not RAM */
uint32_t spitz_read(hwaddr addr, int size);           /* size 1, 2 or 4 */
void spitz_write(hwaddr addr, uint32_t value, int size);
/* Coprocessors that belong to the chip, not the core: CP6 (interrupt controller), CP14 (power,
 * clock, PMU). False: no such register, the instruction is undefined. */
bool spitz_cp_read(CPUARMState *env, int cp, int opc1, int crn, int crm, int opc2, uint32_t *value);
bool spitz_cp_write(CPUARMState *env, int cp, int opc1, int crn, int crm, int opc2, uint32_t value);
int arm_main(int argc, char **argv); /* `rr arm ...`; the exit status */

#endif
