/* snapshot.c - many machines in one emulator.
 *
 * Problem: going back means to have been there: timeline.c forks the machine again and again, and
 * runs now this copy, now that one. The emulator has one CPU, one set of devices, one RAM.
 *
 * Guarantee: a copy costs the pages of RAM that were written since the last one, a few KB besides,
 * and some tens of microseconds; going from one machine to another costs the pages in which they
 * differ. The guest cannot tell that any of it happened, down to what is in its TLB.
 *
 * How. One machine at a time is *in* the emulator, and runs. The others are put away: struct guest
 * has their CPU, their devices (what the ..._state functions name) and a table of frames, 4K each,
 * which they share with the machines that have the same bytes there:
 *
 *        ram[]     | 0 | 1 | 2 | 3 |     what the emulator runs on
 *                    |   |   |  dirty
 *        in_ram    | a | b | c | d |     the frames it was loaded from, or last saved to
 *        machine 1 | a | b | c | d |     page 3 was written since: page 3 of the running machine is
 *        machine 2 | a | e | c | f |     in no frame yet. Going to machine 2 loads pages 1 and 3
 *
 * Which pages are dirty is told by the TLB: after a save all entries get TLB_NOTDIRTY, so that the
 * next store to any page takes the slow path of mem.c once, which calls snapshot_written.
 *
 * Where to start: save, guest_enter.
 */
#include "board.h"
#include "engine.h"
#include "snapshot.h"
#include <stdlib.h>
#include <string.h>

enum { FRAME = 4096, CHUNK = 64 };
struct frame {
    unsigned users; /* chunks it is in */
    uint8_t bytes[FRAME];
};

/* A part of a table. Tables share the chunks they have in common, so copying one is quick. */
struct chunk {
    unsigned users; /* tables it is in; one that is in several is never changed */
    struct frame *frames[CHUNK];
};

struct guest {
    CPUARMState cpu;      /* valid while it is not in the emulator, */
    struct debug debug;   /* as are its breakpoints, */
    uint8_t *devices;     /* its devices, one after another, */
    struct chunk **table; /* and its memory: page i is table[i / CHUNK]->frames[i % CHUNK] */
    unsigned code_trims;  /* te->code in cpu.tlb_table is valid if this many are over */
};

static struct guest *in;      /* the one in the emulator; NULL: it was freed */
static struct chunk **in_ram; /* the frames ram[] was loaded from; NULL: no snapshots in this run */
static uint8_t dirty[(256 + 1) << 8]; /* by page: ram[] has other bytes than that */
static int page_count, chunk_count;
static uint64_t grown; /* bytes of frames and chunks there have ever been */
static struct frame zero = { .users = 1 }; /* pages of zeros share it */

/* ---- tables of frames ---- */

static void put_frame(struct frame *f)
{
    if (!--f->users)
        free(f);
}

static void put_chunk(struct chunk *c)
{
    if (--c->users)
        return;
    for (int i = 0; i < CHUNK; i++)
        put_frame(c->frames[i]);
    free(c);
}

/* A chunk of the same frames, or of zeros, for one table. */
static struct chunk *new_chunk(const struct chunk *like)
{
    struct chunk *c = code_allocate(1, sizeof *c);

    c->users = 1;
    grown += sizeof *c;
    for (int i = 0; i < CHUNK; i++) {
        c->frames[i] = like ? like->frames[i] : &zero;
        c->frames[i]->users++;
    }
    return c;
}

/* Lets page i of the table be f. */
static void set_frame(struct chunk **table, int i, struct frame *f)
{
    struct chunk **c = &table[i / CHUNK];

    if ((*c)->users > 1) {
        struct chunk *own = new_chunk(*c);
        put_chunk(*c);
        *c = own;
    }
    f->users++;
    put_frame((*c)->frames[i % CHUNK]);
    (*c)->frames[i % CHUNK] = f;
}

static struct chunk **copy_table(struct chunk **from)
{
    struct chunk **table = code_allocate(chunk_count, sizeof *table);

    memcpy(table, from, chunk_count * sizeof *table);
    for (int k = 0; k < chunk_count; k++)
        table[k]->users++;
    return table;
}

static void free_table(struct chunk **table)
{
    for (int k = 0; table && k < chunk_count; k++)
        put_chunk(table[k]);
    free(table);
}

/* A new frame with the bytes of a page. Used by no table yet. */
static struct frame *new_frame(const uint8_t *page)
{
    if (!memcmp(page, zero.bytes, FRAME))
        return &zero;
    struct frame *f = malloc(sizeof *f);
    if (!f)
        board_fail("no memory for snapshots");
    f->users = 0;
    grown += sizeof *f;
    memcpy(f->bytes, page, FRAME);
    return f;
}

bool snapshot_clean(hwaddr paddr)
{
    int i = in_ram ? spitz_page(paddr) : -1;
    return i >= 0 && !dirty[i];
}

void snapshot_written(hwaddr paddr) { dirty[spitz_page(paddr)] = true; }

/* ---- devices ---- */

static uint8_t *cursor;
static size_t counted;

static void count_part(void *part, size_t size)
{
    (void)part;
    counted += size;
}

static void save_part(void *part, size_t size)
{
    memcpy(cursor, part, size);
    cursor += size;
}

static void load_part(void *part, size_t size)
{
    memcpy(part, cursor, size);
    cursor += size;
}

/* All there is besides CPU and RAM. */
static void visit_devices(state_visitor *visit)
{
    board_state(visit);
    pxa_state(visit);
    uart_state(visit);
    log_state(visit);
}

/* ---- machines ---- */

/* Copies the machine in the emulator to where others can be. It may run on after that. */
static void save(struct guest *g)
{
    for (int i = 0; i < page_count; i++)
        if (dirty[i]) {
            set_frame(in_ram, i, new_frame(spitz_ram(spitz_page_address(i))));
            dirty[i] = false;
        }
    tlb_protect_all(&cpu);
    free_table(g->table);
    g->table = copy_table(in_ram);
    g->cpu = cpu;
    g->debug = debug;
    g->code_trims = code_trims;
    cursor = g->devices;
    visit_devices(save_part);
}

/* Breakpoints that only one of two sets has: the slots they are, or should be, in are decoded
 * anew. */
static void forget_difference(const struct debug *a, const struct debug *b)
{
    for (unsigned i = 0; i < a->breakpoint_count; i++) {
        unsigned k = 0;
        while (k < b->breakpoint_count && b->breakpoints[k] != a->breakpoints[i])
            k++;
        if (k == b->breakpoint_count)
            code_forget(&cpu, a->breakpoints[i] & ~TARGET_PAGE_MASK);
    }
}

/* Makes page i of RAM be that of g. */
static void load_page(const struct guest *g, int i)
{
    const struct frame *f = g->table[i / CHUNK]->frames[i % CHUNK];
    hwaddr addr = spitz_page_address(i);

    if (!dirty[i] && in_ram[i / CHUNK]->frames[i % CHUNK] == f)
        return;
    memcpy(spitz_ram(addr), f->bytes, FRAME);
    cpu_phys_written(&cpu, addr, FRAME); /* decoded instructions of the page are wrong now */
    dirty[i] = false;
}

/* Makes the machine that the emulator runs the one g is a copy of: only pages of RAM that differ
 * are copied, as the pages of most copies are shared. */
void guest_enter(struct guest *g)
{
    if (g == in)
        return;
    if (in)
        save(in);
    for (int i = 0; i < page_count; i++)
        if (dirty[i] || in_ram[i / CHUNK] != g->table[i / CHUNK])
            load_page(g, i);
    free_table(in_ram);
    in_ram = copy_table(g->table);
    forget_difference(&debug, &g->debug);
    forget_difference(&g->debug, &debug);
    debug = g->debug;
    cpu = g->cpu;
    if (g->code_trims != code_trims)
        tlb_forget_code(&cpu);
    cursor = g->devices;
    visit_devices(load_part);
    in = g;
}

/* The machine in the emulator, just switched on, becomes the first of many. */
struct guest *guest_first(void)
{
    page_count = spitz_page_count();
    chunk_count = (page_count + CHUNK - 1) / CHUNK;
    in_ram = code_allocate(chunk_count, sizeof *in_ram);
    for (int k = 0; k < chunk_count; k++)
        in_ram[k] = new_chunk(NULL);
    visit_devices(count_part);
    in = code_allocate(1, sizeof *in);
    in->devices = code_allocate(1, counted);
    return in;
}

/* A copy of the machine at the same instant; guest_free() frees it. */
struct guest *guest_fork(struct guest *g)
{
    struct guest *copy = code_allocate(1, sizeof *copy);

    if (g == in)
        save(g);
    *copy = *g;
    copy->devices = code_allocate(1, counted);
    memcpy(copy->devices, g->devices, counted);
    copy->table = copy_table(g->table);
    return copy;
}

void guest_free(struct guest *g)
{
    if (g == in)
        in = NULL;
    free_table(g->table);
    free(g->devices);
    free(g);
}

uint64_t guests_grown(void) { return grown; }

/* What is shared is shared equally. Nothing of it would be there without the copies. */
uint64_t guest_share(const struct guest *g)
{
    struct chunk **table = g == in ? in_ram : g->table;
    double share = sizeof *g + counted;

    for (int k = 0; k < chunk_count; k++) {
        double bytes = sizeof *table[k];
        for (int i = 0; i < CHUNK; i++)
            bytes += (double)sizeof(struct frame) / table[k]->frames[i]->users;
        share += bytes / table[k]->users;
    }
    return share;
}

CPUARMState *guest_cpu(const struct guest *g) { return g == in ? &cpu : (CPUARMState *)&g->cpu; }
