/* guestview.c - the ARM guest inside a replayed emulator: `rr replay --guest-port N`.
 *
 * Problem: in a replay of a recorded `rr arm`, gdb shows the emulator: C code, struct CPUARMState.
 * What the guest was doing at that instant is in there, too, but nobody wants to walk its page
 * tables by hand.
 *
 * Guarantee: a second gdb sees the guest at the very instant the first one sees the emulator:
 * registers, and memory as the guest's page tables map it, all out of the replayed process's
 * memory. There is one position: whichever of the two moves, moves both. Nothing is written to the
 * process.
 *
 * How. The emulator's variables are found by name, in the trace's copy of its file. `cpu` is copied
 * into our own variable of that type, and the words of the page tables that a translation needs
 * into a mirror of its RAM, so that the emulator's own code (tlb.c) can be asked.
 *
 * Where is the guest's pc? While code runs it is in no variable: a handler gets the address of its
 * slot (engine.h) in rsi. An instruction of the guest *begins* where rip is at the handler a slot
 * names, and rsi is that slot. So a breakpoint on a guest pc is a hardware watchpoint on the slot
 * of its instruction: whoever dispatches it must load the handler's address from there, a few host
 * instructions before it begins. As long as the instruction has no slot yet, a breakpoint on
 * op_decode waits for it.
 *
 *      previous handler:   ...  mov rax, [rbp+24]   <- the slot is touched: the watchpoint stops
 *                               pop rbx; pop rbp
 *                               jmp rax
 *      its handler:        ...                      <- rip = slot->fn, rsi = slot: here it begins
 *
 * Start reading at view_move().
 */
#define _GNU_SOURCE
#include "guestview.h"
#include "board.h"
#include "engine.h"
#include <elf.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* The emulator's variables and functions we need, by name; then where they are in the process. */
enum symbol { CPU, RAM, RAM_SIZE, PAGES, OP_DECODE, OP_STOP, OP_PAGE_END, SYMBOLS };
static const struct { const char *name; uint64_t size; /* 0: any */ } symbols[SYMBOLS] = {
    [CPU] = { "cpu", sizeof(CPUARMState) }, [RAM] = { "ram", 8 }, [RAM_SIZE] = { "ram_size", 4 },
    [PAGES] = { "pages", 8ul << (32 - TARGET_PAGE_BITS) }, [OP_DECODE] = { "op_decode", 0 },
    [OP_STOP] = { "op_stop", 0 }, [OP_PAGE_END] = { "op_page_end", 0 },
};

/* What this gdb has inserted: by the guest's addresses, and what stands for it in the process. */
struct stand_in {
    enum stopper_kind kind;
    uint32_t addr;
    int length;
    uint64_t host;              /* a slot, a byte of RAM, or op_decode: no slot yet */
    enum stopper_kind host_kind;
    int host_length;
};
enum { STAND_INS = 64 };

static const struct target *process; /* the emulator's */
static struct target view_target;    /* and the guest in it */
static uint64_t at[SYMBOLS];
static struct stand_in stand_ins[STAND_INS];
static unsigned stand_in_count;
/* a checkpoint where the slot was touched that we stand at the beginning of, that slot, */
static int touched;
static uint64_t touched_slot;
static char here[512]; /* if this is still where we stand; 0: none */

/* ---- the emulator's variables ---- */

static bool peek(struct machine *m, uint64_t addr, void *buf, size_t size)
{
    return process->read(m, addr, buf, size) == (ssize_t)size;
}

/* Finds the symbols in an ELF file mapped at `file`; `bias` is added to each. False: not all. */
static bool find_symbols(const uint8_t *file, uint64_t bias)
{
    const Elf64_Ehdr *h = (const Elf64_Ehdr *)file;
    const Elf64_Shdr *s = (const Elf64_Shdr *)(file + h->e_shoff);
    unsigned found = 0;

    for (int i = 0; i < h->e_shnum; i++) {
        if (s[i].sh_type != SHT_SYMTAB)
            continue;
        const Elf64_Sym *sym = (const Elf64_Sym *)(file + s[i].sh_offset);
        const char *names = (const char *)file + s[s[i].sh_link].sh_offset;
        for (size_t k = 0; k < s[i].sh_size / sizeof *sym; k++)
            for (int n = 0; n < SYMBOLS; n++)
                if (!strcmp(names + sym[k].st_name, symbols[n].name) &&
                    (!symbols[n].size || symbols[n].size == sym[k].st_size)) {
                    at[n] = sym[k].st_value + bias;
                    found |= 1u << n;
                }
    }
    return found == (1u << SYMBOLS) - 1;
}

/* Opens the emulator's file and finds out where the process has it. */
static bool find_emulator(struct machine *m)
{
    Elf64_auxv_t auxv[64];
    size_t n = process->auxv(m, auxv, sizeof auxv) / sizeof *auxv;
    const char *path = process->file(m, process->exe(m));
    int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    struct stat st;
    uint64_t entry = 0;

    if (fd < 0 || fstat(fd, &st))
        return false;
    const uint8_t *file = mmap(NULL, st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    close(fd);
    for (size_t i = 0; i < n; i++)
        if (auxv[i].a_type == AT_ENTRY)
            entry = auxv[i].a_un.a_val;
    return file != MAP_FAILED && find_symbols(file, entry - ((const Elf64_Ehdr *)file)->e_entry);
}

static uint64_t host_register(struct machine *m, unsigned number)
{
    uint64_t value = 0;

    process->low_register(m, number, &value);
    return value;
}
enum { RSI = 4, RIP = 16 }; /* gdb's numbers */

/* Is this the address of a slot of the page the CPU is in? */
static bool is_slot(uint64_t slot)
{
    uint64_t offset = slot - (uintptr_t)cpu.code_base;

    return offset < (ARM_SLOTS << cpu.thumb) * sizeof(struct insn) &&
           offset % sizeof(struct insn) == 0;
}

/* Copies the CPU's state to our `cpu`, and puts the address of the guest's current instruction into
 * regs[15]: of the one in its slow path, or in whose handler the host is, or else the next. */
static void look(struct machine *m)
{
    uint64_t rsi = host_register(m, RSI);

    if (!peek(m, at[CPU], &cpu, sizeof cpu))
        memset(&cpu, 0, sizeof cpu);
    if (cpu.ip && is_slot((uintptr_t)cpu.ip))
        cpu.regs[15] = pc_of(&cpu, cpu.ip);
    else if (is_slot(rsi))
        cpu.regs[15] = pc_of(&cpu, (const struct insn *)rsi);
}

/* Does an instruction of the guest begin here? *slot is its slot then. */
static bool begins(struct machine *m, uint64_t *slot)
{
    uint64_t rip = host_register(m, RIP), fn;

    look(m);
    *slot = host_register(m, RSI);
    return is_slot(*slot) && peek(m, *slot, &fn, sizeof fn) && fn == rip && rip != at[OP_DECODE] &&
           rip != at[OP_STOP] && rip != at[OP_PAGE_END];
}

/* ---- memory ---- */

/* Where RAM byte paddr of the guest is in the process; 0: it is not RAM. `size` bytes are left
 * there. */
static uint64_t host_address(struct machine *m, hwaddr paddr)
{
    uint64_t ram;
    hwaddr size;

    if (!peek(m, at[RAM], &ram, sizeof ram) || !peek(m, at[RAM_SIZE], &size, sizeof size) || !ram ||
        paddr - RAM_BASE >= size)
        return 0;
    spitz_mirror(size);
    return ram + (paddr - RAM_BASE);
}

/* Copies a word of the guest's RAM into the mirror; its value. */
static uint32_t mirror_word(struct machine *m, hwaddr paddr)
{
    uint64_t host = host_address(m, paddr);
    uint32_t word = 0;

    if (host && peek(m, host, &word, sizeof word))
        memcpy(spitz_ram(paddr), &word, sizeof word);
    return word;
}

/* The address in the process of a byte at a virtual address of the guest; 0: none. look() was
 * called. */
static uint64_t translate(struct machine *m, uint32_t addr)
{
    uint32_t mva = addr < 0x02000000 ? addr + cpu.cp15.fcse : addr;
    uint32_t first = mirror_word(m, (cpu.cp15.ttbr & 0xffffc000) | ((mva >> 18) & 0x3ffc));
    hwaddr paddr;

    if ((first & 3) == 1)
        mirror_word(m, (first & 0xfffffc00) | ((mva >> 10) & 0x3fc));
    if ((first & 3) == 3)
        mirror_word(m, (first & 0xfffff000) | ((mva >> 8) & 0xffc));
    return tlb_debug_translate(&cpu, addr, &paddr) ? host_address(m, paddr) : 0;
}

/* Guest memory at virtual addresses, through the guest's own page tables in the emulator's memory;
 * as much as is mapped, -1 if nothing is. */
static ssize_t view_read(struct machine *m, uint64_t addr, void *buf, size_t len)
{
    size_t n = 0;

    look(m);
    while (n < len && addr + n <= UINT32_MAX) {
        uint32_t from = addr + n, part = TARGET_PAGE_SIZE - (from & ~TARGET_PAGE_MASK);
        uint64_t host = translate(m, from);
        if (part > len - n)
            part = len - n;
        if (!host || !peek(m, host, (uint8_t *)buf + n, part))
            break;
        n += part;
    }
    return n ? (ssize_t)n : -1;
}

/* ---- breakpoints and watchpoints ---- */

/* The slot of the instruction at pc, as it is mapped now; 0: it has none, or is not mapped. */
static uint64_t find_slot(struct machine *m, uint32_t pc, bool thumb)
{
    uint64_t ram, host = translate(m, pc), page;
    struct code_page code;

    if (!host || !peek(m, at[RAM], &ram, sizeof ram))
        return 0;
    hwaddr paddr = RAM_BASE + (host - ram);
    if (!peek(m, at[PAGES] + 8 * (uint64_t)(paddr >> TARGET_PAGE_BITS), &page, sizeof page) ||
        !page || !peek(m, page, &code, sizeof code) || !code.slots[thumb])
        return 0;
    return (uintptr_t)(code.slots[thumb] + ((pc & ~TARGET_PAGE_MASK) >> (2 - thumb)));
}

/* What in the process stands for this stopper of the guest's. False: nothing can. */
static bool find_stand_in(struct machine *m, struct stand_in *s)
{
    look(m);
    s->host_kind = s->kind;
    s->host_length = s->length;
    if (s->kind != STOP_ON_EXEC)
        return (s->host = translate(m, s->addr)) != 0;
    s->host = find_slot(m, s->addr, s->length == 2); /* gdb's length of a Thumb breakpoint */
    s->host_kind = s->host ? STOP_ON_ACCESS : STOP_ON_EXEC;
    s->host_length = s->host ? 8 : 0;
    if (!s->host)
        s->host = at[OP_DECODE];
    return true;
}

/* Z and z. */
static bool view_stopper(struct timeline *tl, enum stopper_kind kind, uint64_t addr, int length,
                         bool insert)
{
    struct stand_in s = { .kind = kind, .addr = addr, .length = length };
    unsigned i = 0;

    while (i < stand_in_count && (stand_ins[i].kind != kind || stand_ins[i].addr != addr))
        i++;
    if (insert) {
        if (i < stand_in_count)
            return true;
        if (i == STAND_INS || !find_stand_in(timeline_machine(tl), &s) ||
            !timeline_insert(tl, s.host_kind, s.host, s.host_length))
            return false;
        stand_ins[stand_in_count++] = s;
    } else if (i < stand_in_count) {
        s = stand_ins[i];
        stand_ins[i] = stand_ins[--stand_in_count];
        for (i = 0; i < stand_in_count && stand_ins[i].host != s.host; i++)
            continue;
        if (i == stand_in_count) /* no other one is waiting there */
            timeline_remove(tl, s.host_kind, s.host, s.host_length);
    }
    return true;
}

/* ---- moving ---- */

/* Goes on by host instructions, at most so many, to where the instruction of this slot begins. */
static bool go_to_slot(struct timeline *tl, uint64_t slot, int most)
{
    uint64_t found;

    for (; most--; ) {
        if (begins(timeline_machine(tl), &found))
            return found == slot;
        enum moved_kind kind = timeline_step(tl).kind;
        if (kind == MOVED_END || kind == MOVED_INTERRUPT || kind == MOVED_LOST)
            return false;
    }
    return false;
}

static void forget_touch(struct timeline *tl)
{
    if (touched)
        timeline_delete_checkpoint(tl, touched);
    touched = 0;
}

/* The process touched the slot a breakpoint is on. Is the instruction about to begin, at this
 * virtual address? Then it does on return. If not, and we go backwards, we stand where we stood. */
static bool slot_hit(struct timeline *tl, const struct stand_in *s, bool back)
{
    forget_touch(tl);
    touched = timeline_checkpoint(tl);
    touched_slot = s->host;
    if (go_to_slot(tl, s->host, 24) && cpu.regs[15] == s->addr) {
        timeline_when(tl, here, sizeof here);
        return true;
    }
    if (back)
        timeline_restart(tl, touched);
    forget_touch(tl);
    return false;
}

/* The instruction of a breakpoint that waited for a slot is being decoded: from now on the slot
 * stands for it. Goes on to where it begins. */
static bool decode_hit(struct timeline *tl, struct stand_in *s)
{
    uint64_t slot = host_register(timeline_machine(tl), RSI);
    struct moved moved;
    bool waiting = false;

    if (!timeline_insert(tl, STOP_ON_ACCESS, slot, 8))
        return true; /* no debug register is free: here it is not quite there, but never mind */
    s->host = slot;
    s->host_kind = STOP_ON_ACCESS;
    s->host_length = 8;
    for (unsigned i = 0; i < stand_in_count; i++)
        waiting |= stand_ins[i].host == at[OP_DECODE];
    if (!waiting)
        timeline_remove(tl, STOP_ON_EXEC, at[OP_DECODE], 0);
    do moved = timeline_continue(tl);
    while (moved.kind == MOVED_WATCH && moved.watch_addr == slot && !slot_hit(tl, s, false));
    return true;
}

/* A stop of the process: is it one of this gdb's? Then *moved is what to say of it. */
static bool is_ours(struct timeline *tl, struct moved *moved, bool back, bool *ours)
{
    struct machine *m = timeline_machine(tl);

    *ours = false;
    for (unsigned i = 0; i < stand_in_count; i++) {
        struct stand_in *s = &stand_ins[i];
        if (s->kind != STOP_ON_EXEC && moved->kind == MOVED_WATCH &&
            moved->watch_addr - s->host < (uint64_t)s->length) {
            moved->watch_addr = s->addr;
            if (back) /* to before the access, as gdb expects */
                timeline_reverse_steps(tl, 1);
            return true;
        }
        bool dispatched = s->host_kind == STOP_ON_ACCESS && moved->kind == MOVED_WATCH &&
                          moved->watch_addr == s->host;
        bool decoded = s->host == at[OP_DECODE] && moved->kind == MOVED_BREAK &&
                       host_register(m, RIP) == s->host;
        if (s->kind != STOP_ON_EXEC || !(dispatched || decoded))
            continue;
        *ours = true;
        look(m);
        if (decoded ? cpu.regs[15] == s->addr && decode_hit(tl, s) : slot_hit(tl, s, back)) {
            *moved = (struct moved){ .kind = MOVED_BREAK };
            return true;
        }
    }
    return false;
}

/* Back to where the last instruction of the guest before this instant begins. Steps back are slow
 * and steps forward are not: so goes back by many, and looks from there. */
static struct moved step_back(struct timeline *tl)
{
    char goal[sizeof here], now[sizeof here];
    struct moved moved = { .kind = MOVED_STEP };
    uint64_t slot;

    timeline_when(tl, goal, sizeof goal);
    for (unsigned many = 64; moved.kind == MOVED_STEP; many *= 8) {
        int present = timeline_checkpoint(tl), start, last = -1, i = 0;
        moved = timeline_reverse_steps(tl, many);
        start = timeline_checkpoint(tl);
        for (enum moved_kind kind = moved.kind; kind != MOVED_INTERRUPT && kind != MOVED_END; i++) {
            timeline_when(tl, now, sizeof now);
            if (!strcmp(now, goal))
                break;
            if (begins(timeline_machine(tl), &slot))
                last = i;
            kind = timeline_step(tl).kind;
            if (kind == MOVED_INTERRUPT)
                moved.kind = kind;
        }
        if (last >= 0 || moved.kind != MOVED_STEP)
            timeline_restart(tl, start);
        for (i = 0; i < last; i++)
            timeline_step(tl);
        timeline_delete_checkpoint(tl, start);
        if (last < 0 && moved.kind == MOVED_STEP)
            timeline_restart(tl, present);
        timeline_delete_checkpoint(tl, present);
        if (last >= 0)
            return (struct moved){ .kind = moved.kind == MOVED_BEGIN ? MOVED_STEP : moved.kind };
    }
    return moved;
}

/* Does a breakpoint of this gdb's stand on that slot? */
static bool slot_watched(uint64_t slot)
{
    unsigned i = 0;

    while (i < stand_in_count &&
           (stand_ins[i].host != slot || stand_ins[i].host_kind != STOP_ON_ACCESS))
        i++;
    return i < stand_in_count;
}

/* Moves time for this gdb. Steps: to where the next (or previous) instruction of the guest begins.
 * Runs: to a stop of either gdb's; those of our stand-ins that mean nothing are passed over.
 * Standing at the beginning of an instruction, its slot's being touched is behind us: not to find
 * that again, a run backwards begins right there, where it is not before us. */
static struct moved view_move(struct timeline *tl, struct moved (*how)(struct timeline *tl))
{
    bool back = how == timeline_reverse_continue, led = false, ours;
    char now[sizeof here];
    struct moved moved;
    uint64_t slot;

    if (how == timeline_reverse_step)
        return step_back(tl);
    if (how == timeline_step) {
        do moved = how(tl);
        while (moved.kind == MOVED_STEP && !begins(timeline_machine(tl), &slot));
        return moved;
    }
    timeline_when(tl, now, sizeof now);
    if (back && touched && !strcmp(now, here)) {
        timeline_restart(tl, touched);
        led = slot_watched(touched_slot);
    }
    forget_touch(tl);
    do {
        moved = back ? timeline_reverse_touch(tl, led) : how(tl);
        if (is_ours(tl, &moved, back, &ours))
            return moved;
        led = moved.kind == MOVED_WATCH;
    } while (ours);
    return moved;
}

/* ---- the rest of the target ---- */

static size_t view_registers(struct machine *m, pid_t tid, uint8_t *buf, uint8_t *valid)
{
    (void)tid;
    look(m);
    return arm_registers(&cpu, buf, valid);
}

static bool view_low_register(struct machine *m, unsigned number, uint64_t *value)
{
    if (number > 15)
        return false;
    look(m);
    *value = cpu.regs[number];
    return true;
}

static uint64_t view_pc(struct machine *m)
{
    look(m);
    return cpu.regs[15];
}

/* How the guest inside the replayed emulator m looks to gdb; NULL if that is none of this build's,
 * as its variables are found by where they are in this very program. */
const struct target *guest_view(const struct target *emulator, struct machine *m)
{
    process = emulator;
    if (!find_emulator(m))
        return NULL;
    view_target = (struct target){
        .anywhere = true, .interrupt = emulator->interrupt, .clock = emulator->clock,
        .pc = view_pc, .read = view_read, .threads = arm_threads, .thread = arm_thread,
        .registers = view_registers, .low_register = view_low_register, .rows = arm_rows, .arch = "arm",
        .move = view_move, .stopper = view_stopper,
    };
    return &view_target;
}
