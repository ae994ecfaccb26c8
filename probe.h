/* probe.h - breakpoints that decide inside the process, and what is built of them. The map:
 *
 *     x86.c       how long an instruction is and where it goes
 *     stub.c      the machine code a probe runs: compare or count, displaced instruction, jump back
 *     agent.c     a breakpoint condition, from gdb's agent bytecode to machine code
 *     probe.c     putting probes into a stopped task, and hiding them from everyone who looks
 */
#ifndef PROBE_H
#define PROBE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <sys/user.h>

/* A ptrace-stopped kernel task, as seen from here: the recorder's, the replayer's, or a test's. Its
 * registers are read and set with PTRACE_GETREGS and PTRACE_SETREGS. What differs from owner to
 * owner are these three, because each of them waits, and only the owner knows what else may stop
 * the task. */
struct tracee {
    pid_t pid;
    int mem;     /* /proc/PID/mem, open for reading and writing */
    void *owner; /* the owner's business */
    /* of replay: stopped at a syscall, whose end is still to be reported to a step */
    bool in_syscall;
    int64_t (*syscall)(struct tracee *t, long number, const uint64_t arg[6]); /* result or -errno */
    int (*step)(struct tracee *t);   /* executes one instruction; the wait status it stopped with */
    int (*resume)(struct tracee *t); /* runs on to the next stop; its wait status */
};

/* ---- x86.c: the length and shape of an instruction ---- */
enum x86_flow {
    X86_PLAIN,         /* goes on to the next instruction */
    X86_REPEAT,        /* a string instruction with REP: steps with rip unchanged until it is done */
    X86_JUMP,          /* to its target, always */
    X86_BRANCH,        /* to its target or on */
    X86_LOOP,          /* the same, but with an 8-bit form only: loop, jrcxz */
    X86_CALL,          /* to its target, with the return address pushed */
    X86_JUMP_INDIRECT, /* to where a register or memory says */
    X86_CALL_INDIRECT,
    X86_RETURN,
    X86_SPECIAL,       /* enters the kernel, traps, or reads what differs from run to run */
};
struct x86_insn {
    uint8_t length;      /* 1 to 15 bytes */
    uint8_t flow;        /* enum x86_flow */
    uint8_t opcode, map; /* the opcode byte; the map it is of: 0 one-byte, 1 0F, 2 0F38, 3 0F3A */
    uint8_t vector;      /* 0, or 0xc4, 0xc5 (VEX), 0x62 (EVEX) */
    uint8_t rex;         /* REX's low four bits WRXB, also those of VEX */
    uint8_t rep, segment; /* the prefix byte f2/f3 or 64/65, or 0 */
    bool has_modrm;
    uint8_t modrm, sib;
    /* offset of the 32-bit displacement if the operand is RIP-relative, or 0 */
    uint8_t rip_disp_at;
    int32_t disp;        /* the operand's displacement */
    int64_t relative;    /* of a direct jump: its target less the next instruction's address */
};
bool x86_decode(const uint8_t *code, size_t size, struct x86_insn *in);
uint64_t *x86_register(struct user_regs_struct *r, unsigned number);
uint64_t x86_operand_address(const struct x86_insn *in, const struct user_regs_struct *regs);

/* ---- stub.c: the code a probe runs ----
 *
 * A stub is a page of code and, a little away, a page of data (apart, because a store near code
 * that is being executed empties the processor's pipeline). The code:
 *
 *     decide     compare, count or evaluate; touches no flags and no stack of the program
 *     hit:       int3; nop      everything restored: the tracer sees the program's registers
 *     no:        (restores)
 *     displaced: the instruction that stood at the site, operands adjusted
 *     back:      jmp behind it
 *
 * A task may be stopped at any of these instructions. So that nobody sees it there, a stub carries
 * a list of spans: from this offset on, such and such registers are to be restored from their
 * slots, and the program is to be shown standing at such an address.
 */
enum { STUB_SIZE = 4096, STUB_SPANS = 160 };
enum stub_slot { /* offsets in the data page */
    SLOT_RAX = 0, SLOT_RCX = 8, SLOT_RDX = 16, SLOT_RSP = 32, SLOT_RSI = 48, /* 8 x the register's number */
    SLOT_COUNT = 128,  /* arrivals to go */
    SLOT_TEMP = 136,
    SLOT_RETURN = 144, /* the return address a displaced call pushes */
    SLOT_JUMP = 152,   /* targets of jumps too far for 32 bits; four of them */
    SLOT_WORDS = 192,  /* pairs (address, minus its value) to compare, ended by address 0 */
    SLOT_FLAGS = 4080, /* where pushfq puts the flags, just below the private stack's top */
    SLOT_STACK = 4088,
};
enum { SAVED_FLAGS = 1 << 16 }; /* in span.saved, beside bit N for register number N */
struct span {
    uint16_t offset; /* valid from this offset in the code on, up to the next span's */
    /* the counter has been decremented for an arrival that did not take place yet */
    bool counted;
    bool passed;     /* the decision is over: only the displaced instruction is left to do */
    uint32_t saved;  /* registers whose true value is in the slots */
    uint64_t pc;     /* where the program stands, as far as anyone may know */
};
struct stub {
    uint64_t code, data;  /* where it goes, in the task */
    size_t size;          /* bytes of code so far */
    uint16_t hit;         /* offset of the int3; 0 when the stub decides nothing */
    uint16_t displaced;   /* offset of the displaced instruction */
    struct span spans[STUB_SPANS];
    size_t span_count;
    bool counting;        /* spans from here on are `counted` */
    bool unfit;           /* did not fit: too long, or an operand too far away */
    uint8_t jumps;        /* SLOT_JUMPs in use */
    uint16_t no[64];      /* offsets of 32-bit displacements that are to lead to "no" */
    size_t no_count;
    uint8_t bytes[STUB_SIZE], slots[STUB_SIZE]; /* the two pages' contents */
};

/* What a compare probe compares. Values: general registers by their number (0 rax, 1 rcx, 2 rdx, 3
 * rbx, 4 rsp, ...) and the low 64 bits of vector registers; the one most likely to differ comes
 * first. Words: eight bytes of memory each. They are only read when all values are equal. */
enum { PROBE_XMM0 = 16, PROBE_VALUES = 32, PROBE_WORDS = 200 };
struct probe_value { uint64_t value; uint8_t which; };
struct probe_word { uint64_t address, value; };
struct probe_compare {
    size_t value_count, word_count;
    struct probe_value values[PROBE_VALUES];
    struct probe_word words[PROBE_WORDS];
};

/* The deciding part, one of these or none; then the displaced part. All leave the stub `unfit`, and
 * some return false, if it cannot be done. */
void stub_compare(struct stub *s, uint64_t site, const struct probe_compare *want, uint64_t count);
void stub_count(struct stub *s, uint64_t site, uint64_t count);
bool stub_condition(struct stub *s, uint64_t site, uint64_t count, const uint8_t *agent,
                    size_t length); /* agent.c */
bool stub_finish(struct stub *s, uint64_t site, const uint8_t *code, const struct x86_insn *in,
                 size_t count);

/* For writing them */
void stub_bytes(struct stub *s, const void *bytes, size_t n);
void stub_span(struct stub *s, uint32_t saved, uint64_t pc);
void stub_save(struct stub *s, unsigned reg);
void stub_load(struct stub *s, unsigned reg, unsigned slot);
void stub_immediate(struct stub *s, unsigned reg, uint64_t value);
void stub_skip_no_unless_rcx_zero(struct stub *s);
void stub_hit(struct stub *s);
void stub_slot(struct stub *s, unsigned slot);
void stub_no_is_here(struct stub *s, size_t first);

/* ---- probe.c: probes in a task ----
 *
 * `struct probes` is all probes of one address space. A probe is known by a small number, which
 * stays the same in a copy made for a forked task (whose memory holds copies of the stubs).
 *
 * The protocol, for whoever lets the task run:
 *
 *     before each resume or step   probes_before_run()   a task standing at a site enters the stub
 *     after each stop              probes_after_stop()   a task inside a stub is shown at its site
 *     reading memory for others    probes_hide()
 *     before the task's mappings change, before it forks unwatched, before exec: probes_make_room(),
 *     probes_remove_all()
 *
 * Between after_stop and before_run the program stands in its own code, with its own registers.
 */
struct probes;
enum probe_kind { PROBE_COUNT, PROBE_COMPARE, PROBE_CONDITION };
struct probe_spec {
    enum probe_kind kind;
    /* Where no jump of five bytes fits, an int3 may do: a trap at every pass, decided here. Never
     * so for conditions. */
    bool may_trap;
    /* trap at this many'th arrival (conditions: in any case; compare probes: 0 does not count) */
    uint64_t count;
    struct probe_compare compare; /* PROBE_COMPARE: trap where all this is equal */
    /* PROBE_CONDITION: gdb's agent bytecode; used during install only */
    const uint8_t *agent;
    size_t agent_length;
};
enum probe_verdict {
    PROBE_NONE, /* the stop has nothing to do with probes (rip may have been mended all the same) */
    PROBE_HIT,  /* a probe's trap: the program stands at its site, the arrival is counted */
    PROBE_MISS, /* a probe's int3, or a fault of its code: it did not match, let the task run on */
};

struct probes *probes_new(void);
struct probes *probes_copy(const struct probes *ps);
void probes_free(struct probes *ps);
int probe_install(struct probes *ps, struct tracee *t, uint64_t site,
                  const struct probe_spec *spec);
void probe_remove(struct probes *ps, struct tracee *t, int probe);
void probes_remove_all(struct probes *ps, struct tracee *t);
uint64_t probe_hits(struct probes *ps, struct tracee *t, int probe);
bool probe_is_at(const struct probes *ps, int probe, uint64_t site);
bool probes_passed(const struct probes *ps, uint64_t site);
void probe_recount(struct probes *ps, struct tracee *t, int probe, uint64_t count);
bool probe_suits(struct probes *ps, struct tracee *t, uint64_t site, bool may_trap);
enum probe_verdict probes_after_stop(struct probes *ps, struct tracee *t, int status,
                                     struct user_regs_struct *regs, int *probe);
void probes_before_run(struct probes *ps, struct tracee *t, struct user_regs_struct *regs,
                       bool step);
void probes_pass(struct probes *ps, const struct user_regs_struct *regs);
void probes_hide(const struct probes *ps, uint64_t address, void *buffer, size_t size);
bool probe_covers(uint64_t site, uint64_t address);
bool probes_collide(uint64_t one, uint64_t other);
bool probes_own(const struct probes *ps, uint64_t address);
void probes_make_room(struct probes *ps, struct tracee *t, uint64_t address, size_t size);
size_t tracee_read(struct tracee *t, uint64_t address, void *buffer, size_t size);
bool tracee_write(struct tracee *t, uint64_t address, const void *buffer, size_t size);

#endif
