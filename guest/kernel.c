/* kernel.c - the guest: a small preemptive kernel whose processes' pages move under them.
 *
 * Purpose: to be to the emulator what Linux was in the post: correct, ordinary, and unkind to a TLB that
 * forgets too little. Everything here is what the architecture asks of a kernel, no more.
 *
 * What it does. Five processes (user.c), each in an address space of its own: one level 2 table, whose
 * entries are XScale *extended small pages* of 4K (descriptor type 3 in a coarse table). A page appears
 * when it is first touched. A timer ticks every millisecond of the host's clock; every few ticks another
 * process runs, with a whole TLB invalidation between, as ARMv5 needs.
 *
 * And memory is compacted while they run: now and then a tick takes one page of the running process,
 * copies it to the most recently freed frame, changes the descriptor, invalidates *that one address*, and
 * overwrites the old frame, which is the next to be given out:
 *
 *        process page --------> frame 7          copy 7 to 4; descriptor = 4;
 *                       \                        invalidate the page's address;
 *                        `----> frame 4          poison 7
 *
 * On hardware, and on a correct emulator, nobody can notice. If the emulator has entered the page as four
 * pieces of 1K, the invalidation takes away the piece it names and three go on showing frame 7. A process
 * then reads poison for a pointer or jumps into it, and dies here with the line Linux would print.
 *
 * Start reading at kernel_main(), then trap(), then move_a_page().
 */
#include <stdbool.h>
#include <stdint.h>

enum { PAGE = 4096, PROCESSES = 5, FRAMES = 512 };
enum { SLICE = 4, MOVE_EVERY = 10 }; /* in ticks */
enum { USER_BASE = 0x10000, HEAP = 0x40000, HEAP_END = 0x80000, STACK = 0xfc000, USER_END = 0x100000 };
enum { TICK = 3250 }; /* OS timer counts: 1 ms at 3.25 MHz */
#define POISON 0xe5900000u /* as a pointer, nobody's; as an instruction, ldr r0, [r0] */
#define FIRST_FRAME 0xa1000000u

#define PHYS_TO_VIRT(p) ((void *)((p) + 0x20000000u))
#define VIRT_TO_PHYS(v) ((uint32_t)(v) - 0x20000000u)
#define DEVICE(p) (*(volatile uint32_t *)((p) - 0x40000000u + 0xf0000000u))
#define UART_THR DEVICE(0x40100000u)
#define UART_LSR DEVICE(0x40100014u)
#define OSMR0 DEVICE(0x40a00000u)
#define OSCR DEVICE(0x40a00010u)
#define OSSR DEVICE(0x40a00014u)
#define OIER DEVICE(0x40a0001cu)
#define ICMR DEVICE(0x40d00004u)
#define PSPR DEVICE(0x40f00008u)  /* scratch register that survives a reset: our exit status */
#define GPDR2 DEVICE(0x40e00014u)
#define GPSR2 DEVICE(0x40e00020u) /* GPIO 89 is the board's reset line */

enum trap_kind { UNDEFINED, SWI, PREFETCH_ABORT, DATA_ABORT, IRQ };
struct frame { uint32_t r[15], pc, cpsr; };

struct process {
    const char *name;
    uint32_t program, rounds;
    bool alive;
    struct frame saved;
    uint32_t *l1, *l2; /* tables, by the kernel's addresses; l2 maps the lowest megabyte */
};

extern struct frame frame; /* of whoever is resumed next (start.S) */
extern uint32_t l1_boot[];
extern const uint8_t user_image[], user_image_end[], vectors[], vectors_end[];

static struct process process[PROCESSES + 1] = {
    {"list", 0, 0, false, {{0}, 0, 0}, 0, 0},  {"sort", 1, 0, false, {{0}, 0, 0}, 0, 0},
    {"sieve", 2, 0, false, {{0}, 0, 0}, 0, 0}, {"tree", 3, 0, false, {{0}, 0, 0}, 0, 0},
    {"words", 4, 0, false, {{0}, 0, 0}, 0, 0}, {"compute", 5, 0, false, {{0}, 0, 0}, 0, 0},
};
static struct process *current;
static uint32_t started, died, ticks, moves;
static bool benchmark;

static uint32_t l1_tables[PROCESSES + 1][4096] __attribute__((aligned(16384)));
static uint32_t l2_tables[PROCESSES + 2][256] __attribute__((aligned(1024)));

/* ---- the console ---- */

static void put(char c)
{
    while (!(UART_LSR & 0x20))
        ;
    UART_THR = (uint8_t)c;
}

/* Prints text, with %s a string, %u decimal and %x hexadecimal. */
static void print(const char *text, const uint32_t *arg)
{
    for (; *text; text++) {
        if (*text != '%') {
            put(*text);
        } else if (*++text == 's') {
            for (const char *s = (const char *)*arg++; *s; s++)
                put(*s);
        } else {
            uint32_t base = *text == 'x' ? 16 : 10, n = *arg++;
            char digits[12], *p = digits + 11;
            *p = 0;
            do
                *--p = "0123456789abcdef"[n % base];
            while (n /= base);
            while (*p)
                put(*p++);
        }
    }
}
#define PRINT(text, ...) print(text, (const uint32_t[]){0, ##__VA_ARGS__} + 1)

static __attribute__((noreturn)) void power_off(uint32_t status)
{
    PSPR = status;
    GPSR2 = 1 << 25;
    GPDR2 |= 1 << 25;
    for (;;)
        ;
}

/* ---- memory ---- */

static uint32_t free_frames[FRAMES], free_count;

static void fill(void *page, uint32_t word)
{
    uint32_t *p = page;
    for (int i = 0; i < PAGE / 4; i++)
        p[i] = word;
}

/* By words; the compiler calls them, too. */
void *memcpy(void *to, const void *from, uint32_t bytes)
{
    for (uint32_t i = 0; i < (bytes + 3) / 4; i++)
        ((uint32_t *)to)[i] = ((const uint32_t *)from)[i];
    return to;
}

void *memset(void *at, int byte, uint32_t bytes)
{
    for (uint32_t i = 0; i < bytes; i++)
        ((uint8_t *)at)[i] = (uint8_t)byte;
    return at;
}

static uint32_t take_frame(void)
{
    if (!free_count) {
        PRINT("kernel: out of memory\n");
        power_off(2);
    }
    return free_frames[--free_count];
}

/* An extended small page in a coarse table, readable and writable by the process:
 *
 *      31            12 11  9 8   6 5  4 3 2 1 0
 *     |  frame         | SBZ | TEX | AP |C|B|1 1|
 */
static uint32_t descriptor(uint32_t frame_at)
{
    return frame_at | 3 << 4 | 3;
}

static void invalidate_page(uint32_t address)
{
    __asm__ volatile("mcr p15, 0, %0, c8, c7, 1" : : "r"(address) : "memory");
}

static void invalidate_all(void)
{
    __asm__ volatile("mcr p15, 0, %0, c8, c7, 0" : : "r"(0) : "memory");
}

/* Give the running process a page where it has none; false if that place is not its own. */
static bool page_in(uint32_t address)
{
    uint32_t page = address & ~(PAGE - 1), size = user_image_end - user_image;
    bool image = page >= USER_BASE && page < USER_BASE + size;
    if (!image && !(page >= HEAP && page < HEAP_END) && !(page >= STACK && page < USER_END))
        return false;
    if (current->l2[page / PAGE])
        return false; /* it has one: then this was no missing page */
    uint32_t f = take_frame();
    fill(PHYS_TO_VIRT(f), 0);
    if (image) {
        uint32_t at = page - USER_BASE, left = size - at;
        memcpy(PHYS_TO_VIRT(f), user_image + at, left < PAGE ? left : PAGE);
    }
    current->l2[page / PAGE] = descriptor(f);
    return true;
}

/* Compaction: one page of the running process goes to another frame. The old one is overwritten, and is
 * the first to be given out again. */
static void move_a_page(void)
{
    uint32_t page = OSCR * 2654435761u >> 24; /* whichever, by the clock; from there on, the first it has */
    for (int i = 0; i < 256 && !current->l2[page]; i++)
        page = (page + 1) % 256;
    uint32_t old = current->l2[page] & ~(PAGE - 1), new = take_frame();
    if (!old)
        return;
    memcpy(PHYS_TO_VIRT(new), PHYS_TO_VIRT(old), PAGE);
    current->l2[page] = descriptor(new);
    invalidate_page(page * PAGE);
    fill(PHYS_TO_VIRT(old), POISON);
    free_frames[free_count++] = old;
    moves++;
}

/* ---- processes ---- */

/* `next` is resumed from now on, in its own address space. */
static void switch_to(struct process *next)
{
    current = next;
    __asm__ volatile("mcr p15, 0, %0, c2, c0, 0" : : "r"(VIRT_TO_PHYS(current->l1)) : "memory");
    invalidate_all();
    frame = current->saved;
}

/* The next process in turn; when none is left, the end of it all. */
static void run_next(void)
{
    struct process *next = current;
    current->saved = frame;
    do
        next = next == &process[PROCESSES] ? process : next + 1;
    while (!next->alive && next != current);
    if (!next->alive) {
        if (!benchmark && died)
            PRINT("%u of %u processes died, %u pages moved\n", died, started, moves);
        else if (!benchmark)
            PRINT("all %u processes are well\n", started);
        power_off(died ? 1 : 0);
    }
    if (next != current)
        switch_to(next);
}

static void make_process(uint32_t i, uint32_t rounds)
{
    struct process *p = &process[i];
    p->alive = true;
    p->rounds = rounds;
    p->l1 = l1_tables[i];
    p->l2 = l2_tables[i];
    memcpy(p->l1 + 0xc00, l1_boot + 0xc00, 0x400 * 4);
    p->l1[0] = VIRT_TO_PHYS(p->l2) | 0x11; /* coarse table, domain 0 */
    p->saved = (struct frame){.r = {p->program, rounds}, .pc = USER_BASE, .cpsr = 0x10};
    p->saved.r[13] = USER_END;
    started++;
}

static void end_process(void)
{
    current->alive = false;
    for (int i = 0; i < 256; i++)
        if (current->l2[i])
            free_frames[free_count++] = current->l2[i] & ~(PAGE - 1);
    run_next();
}

static void segmentation_fault(uint32_t pc, uint32_t address)
{
    PRINT("%s: Segmentation fault at pc 0x%x, address 0x%x\n", (uint32_t)current->name, pc, address);
    died++;
    end_process();
}

static void service(uint32_t number, uint32_t value)
{
    if (number == 0) {
        PRINT("%s: done, %u\n", (uint32_t)current->name, value);
    } else {
        PRINT("%s: wrong data: %u\n", (uint32_t)current->name, value);
        died++;
    }
    end_process();
}

static void tick(void)
{
    OSSR = 1;
    OSMR0 = OSCR + TICK;
    ticks++;
    if (benchmark)
        return;
    if (ticks % MOVE_EVERY == 0)
        move_a_page();
    if (ticks % SLICE == 0)
        run_next();
}

/* Every way into the kernel ends here; `frame` is the interrupted process. */
void trap(enum trap_kind kind)
{
    uint32_t address = frame.pc;
    if ((frame.cpsr & 0x1f) != 0x10) {
        PRINT("kernel: trap %u at pc 0x%x\n", kind, frame.pc);
        power_off(2);
    }
    switch (kind) {
    case IRQ: tick(); break;
    case SWI: service(frame.r[0], frame.r[1]); break;
    case UNDEFINED: segmentation_fault(frame.pc, frame.pc); break;
    case DATA_ABORT:
        __asm__ volatile("mrc p15, 0, %0, c6, c0, 0" : "=r"(address)); /* FAR */
        /* fall through */
    case PREFETCH_ABORT:
        if (!page_in(address))
            segmentation_fault(frame.pc, address);
    }
}

/* ---- start ---- */

/* Does the boot loader's command line hold "bench"? The list of tags: size in words, kind, content. */
static bool wants_benchmark(const uint32_t *tag)
{
    for (; tag[0]; tag += tag[0])
        if (tag[1] == 0x54410009)
            for (const char *s = (const char *)(tag + 2); *s; s++)
                if (s[0] == 'b' && s[1] == 'e' && s[2] == 'n' && s[3] == 'c' && s[4] == 'h')
                    return true;
    return false;
}

/* The page at 0xffff0000, in every address space. */
static void map_vectors(void)
{
    uint32_t f = take_frame(), *l2 = l2_tables[PROCESSES + 1];
    memcpy(PHYS_TO_VIRT(f), vectors, vectors_end - vectors);
    l2[0xf0] = f | 1 << 4 | 3; /* for the kernel only */
    l1_boot[0xfff] = VIRT_TO_PHYS(l2) | 0x11;
}

void kernel_main(uint32_t tags)
{
    static const uint32_t rounds[PROCESSES] = {260, 330, 60, 400, 520};
    for (uint32_t i = 0; i < FRAMES; i++)
        free_frames[free_count++] = FIRST_FRAME + (FRAMES - 1 - i) * PAGE;
    map_vectors();
    benchmark = tags && wants_benchmark(PHYS_TO_VIRT(tags));
    if (benchmark)
        make_process(PROCESSES, 30000);
    for (uint32_t i = 0; i < PROCESSES && !benchmark; i++)
        make_process(i, rounds[i]);
    PRINT("guest: %u processes, pages of 4K\n", started);
    OSMR0 = OSCR + TICK;
    OIER = 1;
    ICMR = 1 << 26;
    switch_to(benchmark ? &process[PROCESSES] : process);
}
