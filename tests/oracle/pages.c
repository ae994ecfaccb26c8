/* pages.c - pages that move under the program, at random.
 *
 * Problem: a TLB is wrong not in what it does but in what it forgot to forget, which shows only
 * much later, through another kind of page, another mode, another name of the same memory.
 * Guarantee: each of a million steps changes a page and invalidates it as an operating system
 * would (once, by any address in it), or tries a load, store or fetch in either mode, and
 * everything an access brings goes into a checksum; sixteen frames of memory under 2 MB of
 * addresses make sure that code is overwritten through other names of its page. How: runs on `rr
 * arm` and on QEMU, a line every BATCH steps; compiled with VERBOSE=n it tells batch n step by
 * step.
 */
#include "board.h"

#ifndef VERBOSE
#define VERBOSE -1
#endif
enum { STEPS = 1000000, BATCH = 1000 };

#define TABLE ((volatile u32 *)0xa3f00000)
#define LEVEL2 0xa3e00000u  /* 4K for each megabyte of TEST: coarse tables use the first quarter */
#define VECTORS 0xa3d00000u
#define FRAMES 0xa2000000u  /* sixteen 4K frames, so that one 64K page covers them */
#define TEST 0x50000000u
enum { MEGABYTES = 2, BLOCKS = MEGABYTES * 16 };

DECLARE_TRY(ldr) DECLARE_TRY(str) DECLARE_TRY(ldrb) DECLARE_TRY(strb) DECLARE_TRY(ldrh)
DECLARE_TRY(strh) DECLARE_TRY(ldrd) DECLARE_TRY(strd) DECLARE_TRY(swp) DECLARE_TRY(ldrt)
DECLARE_TRY(strt) DECLARE_TRY(fetch) DECLARE_TRY(ldmia) DECLARE_TRY(stmdb)

static const u32 *const tries[] = {
    try_ldr, try_str, try_ldrb, try_strb, try_ldrh, try_strh, try_ldrd, try_strd,
    try_swp, try_ldrt, try_strt, try_fetch, try_fetch, try_fetch, try_ldmia, try_stmdb,
};

/* Each megabyte is a section, or has a coarse or a fine table; each 64K block of one that has a
 * table is one 64K page, or 4K pages, or the pages of type 3. A page never changes its kind
 * without a flush of all: overlapping entries of two kinds are UNPREDICTABLE. */
enum megabyte_kind { SECTION, COARSE, FINE };
static enum megabyte_kind megabyte[MEGABYTES];
static u32 block_kind[BLOCKS]; /* the descriptor's type: 1, 2 or 3 */

static int small_only; /* for a while, all pages are of type 3 */

static u32 seed = 1, checksum;

static u32 random_below(u32 n)
{
    seed = seed * 1664525 + 1013904223;
    return (u32)((u64)(seed >> 4) * n >> 28);
}

static void fold(u32 v) { checksum = (checksum ^ v) * 0x01000193; }

static u32 any_frame(void) { return FRAMES + (random_below(16) << 12); }

/* Permissions: mostly all, sometimes none. */
static u32 any_ap(void) { return random_below(4) ? 3 : random_below(4); }

/* Each megabyte is a domain of its own. */
static u32 domain(u32 m) { return (m + 1) << 5; }
static u32 any_section(u32 m) { return 0xa2000000 | any_ap() << 10 | domain(m) | 2; }

/* The level-2 descriptor of a page of this type at any frame, or an invalid one. Tiny pages name
 * their own kilobyte. */
static u32 any_descriptor(u32 type, int fine)
{
    u32 frame = any_frame();
    if (random_below(8) == 0)
        return 0;
    if (type == 1)
        return FRAMES | any_ap() << 4 | any_ap() << 6 | any_ap() << 8 | any_ap() << 10 | 1;
    if (type == 2)
        return frame | any_ap() << 4 | any_ap() << 6 | any_ap() << 8 | any_ap() << 10 | 2;
    return frame | (fine ? random_below(4) << 10 : 0) | any_ap() << 4 | 3;
}

/* Writes the descriptor of the page of `type` that holds `address`, once or as its size wants. */
static void set_page(u32 address, u32 type, u32 descriptor)
{
    u32 m = (address - TEST) >> 20, fine = megabyte[m] == FINE;
    volatile u32 *table = (u32 *)(LEVEL2 + (m << 12));
    u32 shift = fine ? 10 : 12, size = type == 1 ? 16 : type == 2 || !fine ? 12 : 10;
    u32 first = (address & 0xfffff) >> size << (size - shift);

    for (u32 i = 0; i < 1u << (size - shift); i++)
        table[first + i] = descriptor;
}

static void flush(void) { MCR(8, 7, 0, 0); }

/* A megabyte or a block becomes another kind, with all its pages new. */
static void new_kind(u32 m, int whole)
{
    u32 at = TEST + (m << 20);
    if (whole) {
        megabyte[m] = small_only || random_below(8) ? 1 + random_below(2) : SECTION;
        for (int i = 0; i < 1024; i++)
            ((volatile u32 *)(LEVEL2 + (m << 12)))[i] = 0;
    }
    if (megabyte[m] == SECTION) {
        TABLE[at >> 20] = any_section(m);
    } else {
        TABLE[at >> 20] = (LEVEL2 + (m << 12)) | domain(m) | (megabyte[m] == FINE ? 3 : 1);
        u32 first = whole ? 0 : random_below(16), last = whole ? 15 : first;
        for (u32 b = first; b <= last; b++) {
            u32 type = block_kind[m * 16 + b] = small_only ? 3 : 1 + random_below(3);
            u32 step = megabyte[m] == FINE ? 0x400 : 0x1000;
            for (u32 a = 0; a < 0x10000; a += type == 1 ? 0x10000 : type == 2 ? 0x1000 : step)
                set_page(at + b * 0x10000 + a, type, any_descriptor(type, megabyte[m] == FINE));
        }
    }
    flush();
}

/* One page gets a new descriptor, and one address in it is invalidated; always one in its first
 * kilobyte, and instructions are fetched from the first kilobyte of a page only, as QEMU
 * remembers by address what code follows a jump, and forgets that for just the one kilobyte that
 * is invalidated. (Which is the post's bug again, in another table.) */
static void move_page(u32 address)
{
    u32 m = (address - TEST) >> 20, type = block_kind[(address - TEST) >> 16];
    u32 size = type == 1 ? 0x10000 : type == 2 || megabyte[m] == COARSE ? 0x1000 : 0x400;
    if (megabyte[m] == SECTION) {
        TABLE[address >> 20] = any_section(m);
        size = 0x100000;
    } else {
        set_page(address, type, any_descriptor(type, megabyte[m] == FINE));
    }
    address = (address & -size) + random_below(0x400);
    MCR(8, 6, 1, address);
    MCR(8, 5, 1, address);
}

/* FSR; but an invalid page in a domain without access may be either fault: see manual.c. */
static u32 status(void) { return (trap.fsr & 15) == 7 ? trap.fsr + 4 : trap.fsr; }

/* One access and all that came of it. What is written is a word no code begins with (undefined,
 * or a condition that does not hold), so that executing it shows. */
static void access(u32 address)
{
    const u32 *t = tries[random_below(16)];
    u32 mode = random_below(2) ? USR : SYS;
    if (t == try_fetch)
        address &= megabyte[(address - TEST) >> 20] == SECTION ? ~0xffc00 : ~0xfc00;
    attempt(t, mode, address);
    fold(trap.vector);
    fold(trap.lr);
    fold(trap.r[0]);
    fold(trap.r[2]);
    if (trap.vector == V_HIGH + V_DATA) {
        fold(status());
        fold(trap.far);
    }
}

/* Once in a while fresh memory: all words SWIs, whose number names the place. (A section shows
 * more than the frames.) */
static void refill(u32 size)
{
    for (u32 a = FRAMES; a < FRAMES + size; a += 4)
        *(volatile u32 *)a = 0xef000000 | (a & 0xffff);
}

/* Domains are looked up at each access: nothing is invalidated. Domain 0 is ours. */
static void new_domain_access(void)
{
    static const u32 accesses[] = {0, 1, 1, 1, 3};
    u32 dacr = 1;
    for (u32 m = 0; m < MEGABYTES; m++)
        dacr |= accesses[random_below(5)] << (m + 1) * 2;
    MCR(3, 0, 0, dacr);
}

static void step(u32 n)
{
    /* half of the addresses are in the first page of a block */
    u32 block = random_below(BLOCKS), kilobyte = random_below(random_below(2) ? 4 : 64);
    u32 address = TEST + block * 0x10000 + kilobyte * 0x400 + random_below(4) * 8;
    u32 what = random_below(256);
    if (n % 4000 == 0)
        refill(0x10000);
    if (n % 20000 == 0) {
        small_only = n / 20000 & 1;
        for (u32 m = 0; m < MEGABYTES; m++)
            new_kind(m, 1);
    }
    if (what == 0)
        new_kind(random_below(MEGABYTES), 1);
    else if (what < 4)
        new_kind(random_below(MEGABYTES), 0);
    else if (what < 8)
        new_domain_access();
    else if (what < 64) {
        move_page(address);
        if (what & 1)
            access(address);
    } else
        access(address);
}

/* All that this program itself needs is mapped from 0x80000000 on: an emulator that keeps one
 * range around all large pages must not have TEST in it for our sake. */
static void set_up(void)
{
    extern const u32 vectors[];
    for (int i = 0; i < 4096; i++)
        TABLE[i] = 0;
    for (int i = 0; i < 16; i++)
        ((volatile u32 *)VECTORS)[0xf0000 / 4 + i] = vectors[16 + i];
    for (u32 a = 0xa1000000; a < 0xa4000000; a += 0x100000)
        TABLE[a >> 20] = a | (a < 0xa2000000 ? 0x802 : 0x402);
    TABLE[0xf01] = 0x40100402;
    TABLE[0xfff] = VECTORS | 0x402;
    MCR(2, 0, 0, (u32)TABLE);
    new_domain_access();
    MCR(13, 0, 0, 0);
    flush();
    MCR(1, 0, 0, 0x2079); /* MMU, high vectors */
    uart = (u32 *)0xf0100000;
}

int main(void)
{
    uart_on();
    refill(0x100000);
    set_up();
    for (u32 n = 0; n < STEPS; n++) {
        step(n);
        if ((int)(n / BATCH) == VERBOSE) {
            item("step", n, 8);
            item("vector", trap.vector, 1);
            item("lr", trap.lr, 8);
            item("address", trap.r[1], 8);
            item("r0", trap.r[0], 8);
            item("fsr", status(), 2);
            item("checksum", checksum, 8);
            put('\n');
        }
        if (n % BATCH == BATCH - 1) {
            item("steps", n + 1, 8);
            item("checksum", checksum, 8);
            put('\n');
        }
    }
    print("E\n");
    for (;;)
        ;
}
