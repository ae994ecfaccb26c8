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

#include <setjmp.h>
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
#define TLB_NOTDIRTY (1u << 5)     /* in addr_write: the page holds decoded code (code.c), or was not
                                      written since the last snapshot (snapshot.c) */
#define TLB_WATCHED (1u << 6)      /* in addr_read, addr_write: a watchpoint is on the page (debug.c) */

enum { MMU_KERNEL_IDX = 0, MMU_USER_IDX = 1, NB_MMU_MODES = 2 };
enum { MMU_DATA_LOAD = 0, MMU_DATA_STORE = 1, MMU_INST_FETCH = 2 };
enum { PAGE_READ = 1, PAGE_WRITE = 2, PAGE_EXEC = 4 };

/* One remembered translation of a 1K page. A hit is one compare and one add:
 *
 *      addr_X == (vaddr & ~1023)   then   host address = vaddr + addend
 *
 * X is what is attempted: an entry that may be read but not written has addr_write = -1, which no
 * page address equals, so a forbidden access misses, walks the tables again and finds its fault
 * there: a hit and a miss can not disagree. Flag bits below the page bits (TLB_MMIO, TLB_NOTDIRTY)
 * make the compare fail too and send the access through the slow path in mem.c. */
typedef struct CPUTLBEntry {
    target_ulong addr_read;  /* page address for loads, plus flags; -1: not allowed or empty */
    target_ulong addr_write; /* the same for stores */
    target_ulong addr_code;  /* the same for instruction fetches */
    hwaddr paddr;            /* physical page address; what the slow path needs */
    uintptr_t addend;        /* RAM only: host address - virtual address */
    struct code_page *code;  /* predecoded instructions of the page (code.c), NULL: none yet */
} CPUTLBEntry;

enum {
    EXCP_UDEF = 1,       /* undefined instruction */
    EXCP_SWI,            /* software interrupt */
    EXCP_PREFETCH_ABORT, /* no instruction could be fetched; also BKPT */
    EXCP_DATA_ABORT,     /* a load or store failed; CP15 FSR and FAR say how and where */
    EXCP_IRQ,
    EXCP_FIQ,
};

/* Program status register:
 *
 *      31 30 29 28 27 26                   8 7 6 5 4       0
 *     | N| Z| C| V| Q|          0           |I|F|T|  mode  |
 */
enum {
    CPSR_N = 1u << 31, CPSR_Z = 1 << 30, CPSR_C = 1 << 29, CPSR_V = 1 << 28, CPSR_Q = 1 << 27,
    CPSR_I = 1 << 7, CPSR_F = 1 << 6, CPSR_T = 1 << 5, CPSR_M = 0x1f,
};
enum {
    MODE_USR = 0x10, MODE_FIQ = 0x11, MODE_IRQ = 0x12, MODE_SVC = 0x13,
    MODE_ABT = 0x17, MODE_UND = 0x1b, MODE_SYS = 0x1f,
};

/* ---- the CPU ---- */
struct insn;
typedef struct CPUARMState {
    uint32_t regs[16]; /* r0-r15 of the current mode. regs[15] is valid between cpu_exec calls and
                          in exceptions only; while code runs, the pc is the place in the page's
                          predecoded instructions (engine.h) */

    /* Flags, kept in the form they come out of the ALU in. Read with cpsr_read(). */
    uint32_t NF; /* N is bit 31 */
    uint32_t ZF; /* Z is set if this is zero */
    uint32_t CF; /* 0 or 1 */
    uint32_t VF; /* V is bit 31 */
    uint32_t QF; /* 0 or 1: sticky saturation */
    uint32_t thumb;          /* 0 or 1 */
    uint32_t mode_and_masks; /* CPSR's M, I and F; the rest is above */
    uint32_t spsr;           /* of the current mode */

    /* What the other modes keep, by bank: user/system, fiq, irq, svc, abt, und. The current mode's
     * own slot is stale while it is current. */
    uint32_t banked_r13[6], banked_r14[6], banked_spsr[6];
    uint32_t usr_regs[5], fiq_regs[5]; /* r8-r12 of everyone else, and of fiq */

    uint64_t acc0; /* coprocessor 0's 40-bit accumulator */

    struct {
        uint32_t midr, ctr;     /* identification, read only */
        uint32_t sctlr, actlr;  /* control (SCTLR_* in tlb.c), auxiliary control */
        uint32_t ttbr, dacr;    /* translation table base, domain access control */
        uint32_t dfsr, ifsr;    /* fault status of the last data and prefetch abort */
        uint32_t far;           /* fault address of the last data abort */
        uint32_t lock[4];       /* cache and TLB lock-down: kept, without effect */
        uint32_t fcse;          /* process ID: added to addresses below 32M */
        uint32_t contextidr;
        uint32_t cpar;          /* which coprocessors may be used */
    } cp15;

    struct { /* of the exception being taken */
        int index;             /* EXCP_*, 0 for none */
        uint32_t fsr;          /* what goes into dfsr or ifsr */
        target_ulong vaddress; /* what goes into far */
    } exception;

    uint32_t interrupt_request; /* CPU_INTERRUPT_* lines that are up */
    bool halted;                /* waiting for one of them */
    volatile bool exit_request; /* run() is to look at the world (arm.c) */
    volatile bool stop_request; /* cpu_stop() was called */

    /* Where the engine stands; engine.h has the essay. */
    const struct insn *ip;        /* the instruction in its slow path; else stale */
    uintptr_t limit;              /* where ip would be when the budget is used up */
    volatile uintptr_t fence;     /* a taken branch goes on by itself only if limit >= fence */
    const struct insn *code_base; /* slot of the first instruction of the current page */
    target_ulong code_vaddr;      /* its virtual address */
    struct code_page *code;       /* the page */
    uint64_t icount_end;          /* instruction count when the budget will be used up */
    uint64_t icount;              /* instructions since reset; valid between cpu_exec calls */
    /* between them: the run was cut within a page; it goes on there, */
    bool in_page;
    hwaddr in_page_paddr;         /* which is this physical one, without asking the TLB again */
    struct insn *stop_slot;       /* the slot op_stop was put into, or NULL, */
    const struct insn *(*stopped_fn)(struct CPUARMState *, const struct insn *); /* over this */
    jmp_buf jmp_env;              /* back into cpu_exec, to take an exception */

    CPUTLBEntry *tlb; /* the current mode's row of tlb_table */
    int mmu_idx;      /* and its number */
    CPUTLBEntry tlb_table[NB_MMU_MODES][CPU_TLB_SIZE];
    CPUTLBEntry tlb_v_table[NB_MMU_MODES][CPU_VTLB_SIZE]; /* victims: what was last pushed out */
    unsigned vtlb_index;         /* which victim goes next */
    target_ulong tlb_flush_addr; /* one range that covers all pages of more than 1K entered since */
    target_ulong tlb_flush_mask; /* the last tlb_flush: vaddr is in it if (vaddr & mask) == addr */
} CPUARMState;

/* ---- experiments of the post: `rr arm -x NAME,...` sets these bits (see DESIGN section 1) ---- */
enum {
    X_XSCALE_PAGE = 1,    /* the bug: an XScale extended small page is entered as 1K, not 4K */
    X_FLUSH_ON_SCTLR = 2, /* as before QEMU's commit 2f0d8631b7: every SCTLR write flushes all */
    X_FLUSH_PAGE_ALL = 4, /* invalidate-by-address flushes the whole TLB */
    X_ASSERT_FLUSH = 8,   /* assert(0) where a single valid entry is deleted */
};
extern unsigned experiments;

/* ---- arm.c, for the board ---- */
enum { CPU_INTERRUPT_HARD = 1, CPU_INTERRUPT_FIQ = 2 };
void cpu_reset(CPUARMState *env);
void cpu_interrupt(CPUARMState *env, int mask);       /* raise an input line (level) */
void cpu_reset_interrupt(CPUARMState *env, int mask); /* lower it */
uint64_t cpu_exec(CPUARMState *env, uint64_t n); /* run at most n instructions; how many were */
uint64_t cpu_icount(CPUARMState *env); /* instructions since reset; exact in device accesses too */
/* enters an interrupt that is due, as cpu_exec would first */
void cpu_take_interrupt(CPUARMState *env);
void cpu_halt(CPUARMState *env); /* wait: cpu_exec does nothing until an interrupt line rises */
void cpu_stop(CPUARMState *env);       /* make cpu_exec return after this instruction */
void cpu_phys_written(CPUARMState *env, hwaddr addr, uint32_t len); /* the board wrote RAM itself */

/* ---- spitz.c, for the CPU ---- */
uint8_t *spitz_ram(hwaddr addr);            /* host address of a RAM byte, NULL if not RAM */
/* RAM as a row of 4K pages: which of them a RAM address is in (-1: not RAM), where it begins. */
int spitz_page(hwaddr addr);
hwaddr spitz_page_address(int page);
int spitz_page_count(void);
uint32_t spitz_read(hwaddr addr, int size);           /* size 1, 2 or 4 */
void spitz_write(hwaddr addr, uint32_t value, int size);
/* Coprocessors that belong to the chip, not the core: CP6 (interrupt controller), CP14 (power,
 * clock, PMU). False: no such register, the instruction is undefined. */
bool spitz_cp_read(CPUARMState *env, int cp, int opc1, int crn, int crm, int opc2, uint32_t *value);
bool spitz_cp_write(CPUARMState *env, int cp, int opc1, int crn, int crm, int opc2, uint32_t value);
int arm_main(int argc, char **argv); /* `rr arm ...`; the exit status */

#endif
