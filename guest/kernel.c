/* kernel.c - the guest: a small preemptive kernel whose processes' pages move under them.
 *
 * Problem: the post's bug needs a kernel that changes page tables under running programs, as Linux
 * does, and one that says where a program died of it. Guarantee: this kernel is correct. It does
 * all that ARMv5 asks of a kernel and no more, so on hardware, in QEMU and in this emulator without
 * the bug no process ever dies. Whatever dies here was killed by the emulator.
 *
 * How. Five processes (user.c), each in an address space of its own: one level 2 table, whose
 * entries are XScale *extended small pages* of 4K (descriptor type 3 in a coarse table). A page
 * appears when it is first touched. A timer ticks every millisecond; every few ticks another process
 * runs, with a whole TLB invalidation between, as ARMv5 needs. The ticks come by the host's clock,
 * so what they interrupt differs from boot to boot.
 *
 * And memory is compacted meanwhile: now and then a tick takes one page of the *running* process,
 * copies it to the most recently freed frame, changes the descriptor, invalidates *that one
 * address*, and overwrites the old frame, which is the next to be given out:
 *
 *        process page --------> frame 7          copy 7 to 4; descriptor = 4;
 *                       \                        invalidate the page's address;
 *                        `----> frame 4          poison 7
 *
 * Why the bug bites. If the emulator has entered the page as four pieces of 1K, the invalidation
 * takes away the piece it names, the first, and up to three go on showing frame 7:
 *
 *        TLB entry            before                after
 *        page + 0             frame 7               gone: the next access walks, and finds frame 4
 *        page + 1K, 2K, 3K    frame 7 + 1K, ...     still frame 7: poison, soon another page's data
 *
 * until the next switch flushes everything. A process then takes poison for a pointer, or jumps into
 * it, and dies here with the line Linux would print; or it finds that its sums are wrong. Three
 * things hide the bug: a whole flush at each of these invalidations, a flush at each SCTLR write
 * (start.S does one on every entry, as Linux of 2015 did), and luck: the tick may be the last of a
 * slice, or the process may not touch the stale part before that.
 *
 * The command line `bench` runs one process that only computes, a fixed amount, and moves nothing.
 *
 * Where to start: kernel_main, then trap, then move_a_page.
 */
#include <stdbool.h>
#include <stdint.h>

enum { PAGE = 4096, PROCESSES = 5, FRAMES = 512 };
/* In ticks. A tick in so many moves a page: more kill every process of every boot, fewer hardly any.
 * The limit is some fifty times what a process needs: a stale loop counter may be any number. */
enum { SLICE = 4, MOVE_ONE_IN = 24, CPU_LIMIT = 3000 };
enum { TICK = 3250 }; /* OS timer counts: 1 ms at 3.25 MHz */

/* As a pointer it is nobody's; as an instruction it is ldr r0, [r0]. */
#define POISON 0xe5900000u

/* A process sees its program, zeroes where it first touches heap and stack, and nothing else:
 *
 *      0x10000  program     0x40000  heap  0x80000     0xfc000  stack  0x100000
 */
enum { USER_BASE = 0x10000, HEAP = 0x40000, HEAP_END = 0x80000 };
enum { STACK = 0xfc000, USER_END = 0x100000 };

/* The kernel maps memory and devices elsewhere (start.S), by 1M sections. */
#define FIRST_FRAME 0xa1000000u /* physical; the kernel's own memory is below */
#define PHYS_TO_VIRT(p) ((void *)((p) + 0x20000000u))
#define VIRT_TO_PHYS(v) ((uint32_t)(v) - 0x20000000u)
#define DEVICE(p) (*(volatile uint32_t *)((p) - 0x40000000u + 0xf0000000u))

#define UART_THR DEVICE(0x40100000u)
#define UART_LSR DEVICE(0x40100014u)
#define OSMR0 DEVICE(0x40a00000u) /* OS timer: interrupt when the counter reaches this */
#define OSCR DEVICE(0x40a00010u)  /* the counter */
#define OSSR DEVICE(0x40a00014u)
#define OIER DEVICE(0x40a0001cu)
#define ICMR DEVICE(0x40d00004u)  /* interrupt controller: which sources are let through */
#define PSPR DEVICE(0x40f00008u)  /* a register that survives a reset: our exit status */
#define GPDR2 DEVICE(0x40e00014u)
#define GPSR2 DEVICE(0x40e00020u)
enum { UART_EMPTY = 0x20, OST0 = 1, IRQ_OST0 = 1 << 26, GPIO_89 = 1 << 25 };

enum mode { USER_MODE = 0x10, MODE_MASK = 0x1f };

/* How the kernel was entered; start.S has the numbers. */
enum trap_kind { UNDEFINED, SWI, PREFETCH_ABORT, DATA_ABORT, IRQ };

/* The registers of an interrupted process. start.S saves and resumes by this layout. */
struct frame {
    uint32_t r[15]; /* r0 to r12, sp, lr */
    uint32_t pc;    /* where to go on: for aborts, the instruction itself, again */
    uint32_t cpsr;
};

/* A process. Its tables are the kernel's static arrays, so nothing of it can run out. */
struct process {
    const char *name;
    uint32_t program;   /* which of user.c's, its r0 at the start */
    uint32_t rounds;    /* how much work, its r1 */
    bool alive;
    uint32_t ticks;     /* for how long it has run */
    struct frame saved; /* valid while another one runs */
    uint32_t *l1, *l2;  /* page tables, by the kernel's addresses; l2 maps the lowest megabyte */
};

extern struct frame frame; /* start.S: the process that was interrupted, or is resumed next */
extern uint32_t l1_boot[]; /* start.S: the kernel's own level 1 table */
extern const uint8_t user_image[], user_image_end[], vectors[], vectors_end[];

/* The last one is for `bench`. */
static struct process process[PROCESSES + 1] = {
    { .name = "list", .program = 0, .rounds = 2700 },
    { .name = "sort", .program = 1, .rounds = 160 },
    { .name = "sieve", .program = 2, .rounds = 31 },
    { .name = "tree", .program = 3, .rounds = 900 },
    { .name = "words", .program = 4, .rounds = 440 },
    { .name = "compute", .program = 5, .rounds = 30000 },
};
static struct process *current; /* whose address space is on, and whose registers `frame` holds */
static uint32_t started, died, ticks, moves;
static bool benchmark;

/* An address space is 4096 words of level 1 and, for its lowest megabyte, 256 of level 2. The last
 * level 2 table is the vectors'. */
static uint32_t l1_tables[PROCESSES + 1][4096] __attribute__((aligned(16384)));
static uint32_t l2_tables[PROCESSES + 2][256] __attribute__((aligned(1024)));

/* ---- the console ---- */

/* One character, when the UART takes it. */
static void put(char c)
{
    while (!(UART_LSR & UART_EMPTY))
        ;
    UART_THR = (uint8_t)c;
}

/* A number, with zeroes in front up to the width. */
static void put_number(uint32_t n, uint32_t base, int width)
{
    char digits[12], *p = digits + 12;

    do {
        *--p = "0123456789abcdef"[n % base];
        n /= base;
        width--;
    } while (n || width > 0);
    while (p < digits + 12)
        put(*p++);
}

/* Prints text, with %s a string, %u decimal and %x an address. Arguments are words. */
static void print(const char *text, const uint32_t *arg)
{
    for (; *text; text++) {
        if (*text != '%') {
            put(*text);
        } else if (*++text == 's') {
            for (const char *s = (const char *)*arg++; *s; s++)
                put(*s);
        } else if (*text == 'x') {
            print("0x", arg);
            put_number(*arg++, 16, 8);
        } else {
            put_number(*arg++, 10, 1);
        }
    }
}
#define PRINT(text, ...) print(text, (const uint32_t[]){ 0, ##__VA_ARGS__ } + 1)

/* Leaves the status where the emulator looks for it, and resets the board by its reset line. */
static __attribute__((noreturn)) void power_off(uint32_t status)
{
    PSPR = status;
    GPSR2 = GPIO_89;  /* the level first: */
    GPDR2 |= GPIO_89; /* the moment it is an output, it acts */
    for (;;)
        ;
}

/* ---- memory ----
 *
 * Free frames are a stack: the one freed last is given out first. This is what makes a stale entry
 * show somebody's new data rather than the old. */
static uint32_t free_frames[FRAMES], free_count;

/* A page full of one word. */
static void fill(void *page, uint32_t word)
{
    uint32_t *p = page;

    for (int i = 0; i < PAGE / 4; i++)
        p[i] = word;
}

/* Copies words; the length is rounded up. The compiler calls it, too, for struct assignments. */
void *memcpy(void *to, const void *from, uint32_t bytes)
{
    for (uint32_t i = 0; i < (bytes + 3) / 4; i++)
        ((uint32_t *)to)[i] = ((const uint32_t *)from)[i];
    return to;
}

/* Called by the compiler. */
void *memset(void *at, int byte, uint32_t bytes)
{
    for (uint32_t i = 0; i < bytes; i++)
        ((uint8_t *)at)[i] = (uint8_t)byte;
    return at;
}

/* A frame for a new owner, its content undefined. There are more than all processes can touch. */
static uint32_t take_frame(void)
{
    if (!free_count) {
        PRINT("kernel: out of memory\n");
        power_off(2);
    }
    return free_frames[--free_count];
}

/* The descriptor of a process's page, which it may read, write and execute. An extended small page:
 *
 *      31            12 11  9 8   6 5  4 3 2 1 0
 *     |     frame      | SBZ | TEX | AP |C|B|1 1|      AP 3: everyone writes, 1: the kernel only
 */
enum { EXTENDED_SMALL = 3, AP_KERNEL = 1 << 4, AP_USER = 3 << 4, COARSE = 0x11 };
static uint32_t descriptor(uint32_t frame_at) { return frame_at | AP_USER | EXTENDED_SMALL; }

/* Both TLBs forget the page at this address: on XScale, and in the manual, all 4K of it. */
static void invalidate_page(uint32_t address)
{
    __asm__ volatile("mcr p15, 0, %0, c8, c7, 1" : : "r"(address) : "memory");
}

static void invalidate_all(void)
{
    __asm__ volatile("mcr p15, 0, %0, c8, c7, 0" : : "r"(0) : "memory");
}

/* Is this page the running process's to use? */
static bool owns(uint32_t page, uint32_t image_size)
{
    return (page >= USER_BASE && page < USER_BASE + image_size) ||
           (page >= HEAP && page < HEAP_END) || (page >= STACK && page < USER_END);
}

/* Demand paging: gives the running process the page it touched, part of its program or zeroes.
 * False if the place is not its own, or if it has a page there and the fault is another matter. No
 * invalidation: a TLB keeps no entry for what is not mapped. */
static bool page_in(uint32_t address)
{
    uint32_t page = address & ~(PAGE - 1), size = user_image_end - user_image;

    if (!owns(page, size) || current->l2[page / PAGE])
        return false;
    uint32_t f = take_frame();
    fill(PHYS_TO_VIRT(f), 0);
    if (page < USER_BASE + size) {
        uint32_t at = page - USER_BASE, left = size - at;
        memcpy(PHYS_TO_VIRT(f), user_image + at, left < PAGE ? left : PAGE);
    }
    current->l2[page / PAGE] = descriptor(f);
    return true;
}

/* A number below n, by the clock: no two boots are the same, but those with -icount. */
static uint32_t chance(uint32_t n)
{
    static uint32_t state;

    state = (state + OSCR) * 1664525 + 1013904223;
    return (state >> 16) % n;
}

/* Compaction: one page of the running process goes to another frame. The old one is overwritten,
 * and is the first to be given out again. Called by tick. */
static void move_a_page(void)
{
    uint32_t page = chance(256); /* any; from there the first it has */

    for (int i = 0; i < 256 && !current->l2[page]; i++)
        page = (page + 1) % 256;
    uint32_t old = current->l2[page] & ~(PAGE - 1);
    if (!old)
        return; /* it has not run yet */
    uint32_t new = take_frame();
    memcpy(PHYS_TO_VIRT(new), PHYS_TO_VIRT(old), PAGE);
    current->l2[page] = descriptor(new);
    invalidate_page(page * PAGE); /* after the descriptor, or the old one might come back */
    fill(PHYS_TO_VIRT(old), POISON);
    free_frames[free_count++] = old;
    moves++;
}

/* ---- processes ---- */

/* `next` is resumed from now on, in its own address space. ARMv5 has no address space numbers: all
 * translations of the last process must go, here and not before the new table is in place. */
static void switch_to(struct process *next)
{
    current = next;
    __asm__ volatile("mcr p15, 0, %0, c2, c0, 0" : : "r"(VIRT_TO_PHYS(current->l1)) : "memory");
    invalidate_all();
    frame = current->saved;
}

/* All processes have ended: says how, and that is the end. */
static __attribute__((noreturn)) void sum_up(void)
{
    if (died)
        PRINT("%u of %u processes died, %u pages moved\n", died, started, moves);
    else if (!benchmark) /* not how many were moved: good boots shall all look the same */
        PRINT("all %u processes are well\n", started);
    power_off(died ? 1 : 0);
}

/* The next process in turn is resumed; it may be the same. */
static void run_next(void)
{
    struct process *next = current;

    current->saved = frame;
    do
        next = next == &process[PROCESSES] ? process : next + 1;
    while (!next->alive && next != current);
    if (!next->alive)
        sum_up();
    if (next != current)
        switch_to(next);
}

/* A process that will start when its turn comes. */
static void make_process(struct process *p)
{
    uint32_t i = p - process;

    p->alive = true;
    p->l1 = l1_tables[i];
    p->l2 = l2_tables[i];
    memcpy(p->l1 + 0xc00, l1_boot + 0xc00, 0x400 * 4); /* the kernel's quarter */
    p->l1[0] = VIRT_TO_PHYS(p->l2) | COARSE;
    p->saved = (struct frame){ .r = { p->program, p->rounds }, .pc = USER_BASE, .cpsr = USER_MODE };
    p->saved.r[13] = USER_END;
    started++;
}

/* The running process is no more, its memory is free, and somebody else runs. */
static void end_process(void)
{
    current->alive = false;
    for (int i = 0; i < 256; i++)
        if (current->l2[i])
            free_frames[free_count++] = current->l2[i] & ~(PAGE - 1);
    run_next();
}

/* The running process did what it must not. */
static void kill(const char *why, const uint32_t *arg)
{
    PRINT("%s: ", (uint32_t)current->name);
    print(why, arg);
    died++;
    end_process();
}
#define KILL(why, ...) kill(why, (const uint32_t[]){ 0, ##__VA_ARGS__ } + 1)

/* ---- the ways into the kernel ---- */

/* What processes ask for: to end well (0, with a result), or because of wrong data (1, what). */
static void service(uint32_t number, uint32_t value)
{
    if (number == 0) {
        PRINT("%s: done, %u\n", (uint32_t)current->name, value);
        end_process();
    } else {
        KILL("wrong data: %u\n", value);
    }
}

/* The next tick comes a millisecond from now; one that was served late is not made up for. The
 * counter may pass the match between the two instructions, if the emulator is kept from running
 * just then, and would meet it again in 22 minutes only. So look, and set it again. */
static void set_timer(void)
{
    OSSR = OST0;
    do
        OSMR0 = OSCR + TICK;
    while ((int32_t)(OSMR0 - OSCR) <= 0);
}

/* A millisecond has passed. */
static void tick(void)
{
    set_timer();
    ticks++;
    if (benchmark)
        return;
    if (++current->ticks > CPU_LIMIT) {
        KILL("CPU time limit exceeded at pc %x\n", frame.pc);
        return;
    }
    if (chance(MOVE_ONE_IN) == 0)
        move_a_page();
    if (ticks % SLICE == 0)
        run_next();
}

/* Every way into the kernel ends here; `frame` is the interrupted process, and what it holds at the
 * end is resumed. Called by start.S. */
void trap(enum trap_kind kind)
{
    uint32_t address = frame.pc;

    if ((frame.cpsr & MODE_MASK) != USER_MODE) {
        PRINT("kernel: trap %u at pc %x\n", kind, frame.pc);
        power_off(2);
    }
    switch (kind) {
    case IRQ: tick(); break;
    case SWI: service(frame.r[0], frame.r[1]); break;
    case UNDEFINED: KILL("Illegal instruction at pc %x\n", frame.pc); break;
    case DATA_ABORT:
        __asm__ volatile("mrc p15, 0, %0, c6, c0, 0" : "=r"(address)); /* FAR */
        /* fall through */
    case PREFETCH_ABORT:
        if (!page_in(address))
            KILL("Segmentation fault at pc %x, address %x\n", frame.pc, address);
    }
}

/* ---- start ---- */

/* Is the boot loader's command line "bench"? The list of tags: size in words, kind, content; a size
 * of 0 ends it. */
static bool wants_benchmark(const uint32_t *tag)
{
    enum { ATAG_CMDLINE = 0x54410009 };

    for (; tag[0]; tag += tag[0]) {
        const char *line = (const char *)(tag + 2), *word = "bench";
        while (tag[1] == ATAG_CMDLINE && *word && *word == *line)
            word++, line++;
        if (!*word)
            return true;
    }
    return false;
}

/* The exception vectors' page at 0xffff0000, in every address space. */
static void map_vectors(void)
{
    uint32_t f = take_frame(), *l2 = l2_tables[PROCESSES + 1];

    memcpy(PHYS_TO_VIRT(f), vectors, vectors_end - vectors);
    l2[0xf0] = f | AP_KERNEL | EXTENDED_SMALL;
    l1_boot[0xfff] = VIRT_TO_PHYS(l2) | COARSE;
}

/* start.S comes here with the MMU on, on the kernel's stack, interrupts off. Returns to start.S,
 * which resumes the first process. */
void kernel_main(uint32_t tags)
{
    for (uint32_t i = 0; i < FRAMES; i++)
        free_frames[free_count++] = FIRST_FRAME + (FRAMES - 1 - i) * PAGE;
    map_vectors();
    benchmark = tags && wants_benchmark(PHYS_TO_VIRT(tags));
    if (benchmark)
        make_process(&process[PROCESSES]);
    for (uint32_t i = 0; i < PROCESSES && !benchmark; i++)
        make_process(&process[i]);
    PRINT("guest: %u processes, pages of 4K\n", started);
    set_timer();
    OIER = OST0;
    ICMR = IRQ_OST0;
    switch_to(benchmark ? &process[PROCESSES] : process);
}
