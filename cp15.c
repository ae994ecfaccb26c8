/* cp15.c - the system control coprocessor of the XScale core: a table of its registers.
 *
 * Problem: MCR and MRC p15 name a register by four numbers (opc1, CRn, CRm, opc2), and what a
 * write does ranges from nothing to flushing the TLB. The table below has a row for each; what is
 * not in the table does not exist and the instruction is undefined.
 *
 * Caches are not emulated: memory is always coherent, so their operations do nothing, except that
 * predecoded instructions (code.c) look after themselves. Identification is that of QEMU's
 * `-M spitz`, so that one kernel image runs on both.
 *
 * Where to start: `registers`. Slow paths only; the Makefile compiles this file without
 * optimisation so that a debugger shows every local on the way to tlb_flush_page.
 */
#include "engine.h"

enum { SCTLR_V = 1 << 13 };

/* Control register, c1 (ARM ARM B3.4.1). */
static void sctlr_write(CPUARMState *env, uint32_t value)
{
    uint32_t old = env->cp15.sctlr;

    env->cp15.sctlr = value;
    /* MMU on or off and the S and R bits change what addresses mean. Kernels of 2015 rewrote the
     * same value on every entry; QEMU flushed even then, and it was removing that which laid the
     * post's bug bare. */
    if (value != old || (experiments & X_FLUSH_ON_SCTLR))
        tlb_flush(env);
}

/* A new table base alone flushes nothing: the guest invalidates what it must by c8. */
static void ttbr_write(CPUARMState *env, uint32_t value) { env->cp15.ttbr = value; }

/* Domains are checked when an entry is filled, so entries must be filled anew. */
static void dacr_write(CPUARMState *env, uint32_t value)
{
    if (env->cp15.dacr != value)
        tlb_flush(env);
    env->cp15.dacr = value;
}

/* Entries are kept by the address before the process ID is added. */
static void fcse_write(CPUARMState *env, uint32_t value)
{
    if (env->cp15.fcse != (value & 0xfe000000))
        tlb_flush(env);
    env->cp15.fcse = value & 0xfe000000;
}

/* c8 "invalidate all" */
static void tlbiall_write(CPUARMState *env, uint32_t value)
{
    (void)value;
    tlb_flush(env);
}

/* c8 "invalidate by address" */
static void tlbimva_write(CPUARMState *env, uint32_t value)
{
    if (experiments & X_FLUSH_PAGE_ALL) {
        tlb_flush(env);
        return;
    }
    tlb_flush_page(env, value & TARGET_PAGE_MASK);
    /* the guest names the address after the process ID was added, entries have it from before */
    if (env->cp15.fcse && value - env->cp15.fcse < 0x02000000)
        tlb_flush_page(env, (value - env->cp15.fcse) & TARGET_PAGE_MASK);
}

static void ignore_write(CPUARMState *env, uint32_t value)
{
    (void)env;
    (void)value;
}

/* ANY in a row matches every number. A register with a field reads and writes it; `write` is used
 * instead of the plain store if there is one. RO: writes are ignored; WO: reads are undefined. */
enum { ANY = -1, RO = 1, WO = 2 };
#define FIELD(name) offsetof(CPUARMState, cp15.name)

static const struct cp15_register {
    const char *name;
    int8_t crn, opc1, crm, opc2;
    int8_t access;
    size_t field; /* offset in CPUARMState, 0: reads as zero */
    void (*write)(CPUARMState *env, uint32_t value);
} registers[] = {
    { "cache type",            0, 0, 0, 1, RO, FIELD(ctr), NULL },
    { "TCM type",              0, 0, 0, 2, RO, 0, NULL },
    { "TLB type",              0, 0, 0, 3, RO, 0, NULL },
    { "main ID",               0, 0, 0, ANY, RO, FIELD(midr), NULL },
    { "control",               1, 0, 0, 0, 0, FIELD(sctlr), sctlr_write },
    { "auxiliary control",     1, 0, 0, 1, 0, FIELD(actlr), NULL },
    { "translation table",     2, 0, 0, 0, 0, FIELD(ttbr), ttbr_write },
    { "domain access control", 3, 0, 0, 0, 0, FIELD(dacr), dacr_write },
    { "data fault status",     5, 0, 0, 0, 0, FIELD(dfsr), NULL },
    { "prefetch fault status", 5, 0, 0, 1, 0, FIELD(ifsr), NULL },
    { "fault address",         6, 0, 0, 0, 0, FIELD(far), NULL },
    { "cache operations",      7, 0, ANY, ANY, WO, 0, ignore_write },
    { "flush both TLBs",       8, 0, 7, 0, WO, 0, tlbiall_write },
    { "flush both, address",   8, 0, 7, 1, WO, 0, tlbimva_write },
    { "flush I TLB",           8, 0, 5, 0, WO, 0, tlbiall_write },
    { "flush I, address",      8, 0, 5, 1, WO, 0, tlbimva_write },
    { "flush D TLB",           8, 0, 6, 0, WO, 0, tlbiall_write },
    { "flush D, address",      8, 0, 6, 1, WO, 0, tlbimva_write },
    { "I cache lock",          9, 0, 1, ANY, 0, FIELD(lock[0]), NULL },
    { "D cache lock",          9, 0, 2, ANY, 0, FIELD(lock[1]), NULL },
    { "I TLB lock",           10, 0, 4, ANY, 0, FIELD(lock[2]), NULL },
    { "D TLB lock",           10, 0, 8, ANY, 0, FIELD(lock[3]), NULL },
    { "process ID",           13, 0, 0, 0, 0, FIELD(fcse), fcse_write },
    { "context ID",           13, 0, 0, 1, 0, FIELD(contextidr), NULL },
    { "coprocessor access",   15, 0, 1, 0, 0, FIELD(cpar), NULL },
};

/* The row for a register, or NULL. First match: specific rows stand before general ones. */
static const struct cp15_register *find(int opc1, int crn, int crm, int opc2)
{
    for (size_t k = 0; k < sizeof registers / sizeof *registers; k++) {
        const struct cp15_register *r = &registers[k];
        if (r->crn == crn && r->opc1 == opc1 && (r->crm == crm || r->crm == ANY) &&
            (r->opc2 == opc2 || r->opc2 == ANY))
            return r;
    }
    return NULL;
}

/* MCR p15. False: no such register. For op_coprocessor_any in decode.c, in privileged modes. */
bool cp15_write(CPUARMState *env, int opc1, int crn, int crm, int opc2, uint32_t value)
{
    const struct cp15_register *r = find(opc1, crn, crm, opc2);

    if (!r)
        return false;
    if (r->access == RO)
        return true;
    if (r->write)
        r->write(env, value);
    else if (r->field)
        *(uint32_t *)((char *)env + r->field) = value;
    return true;
}

/* MRC p15. False: no such register. */
bool cp15_read(CPUARMState *env, int opc1, int crn, int crm, int opc2, uint32_t *value)
{
    const struct cp15_register *r = find(opc1, crn, crm, opc2);

    if (!r || r->access == WO)
        return false;
    *value = r->field ? *(uint32_t *)((char *)env + r->field) : 0;
    return true;
}

/* Reset values, as `qemu-system-arm -M spitz` has them. */
void cp15_reset(CPUARMState *env)
{
    env->cp15.midr = 0x69054114; /* Intel, ARMv5TE, PXA270 */
    env->cp15.ctr = 0x0d172172;  /* 32K + 32K caches, 32-way, lines of 32 bytes */
    env->cp15.sctlr = 0x78;      /* little endian, MMU and caches off, low vectors */
    tlb_flush(env);
}
