/* manual.c - where QEMU is not the oracle, the ARM Architecture Reference Manual is.
 *
 * Problem: on these points QEMU does not do what the manual says, so comparing with it would
 * prove the wrong thing. Guarantee: each check names what the manual (second edition, ARMv5TE; or
 * Intel's XScale core manual) wants, and prints a line only if `rr arm` does otherwise. How: this
 * image runs on `rr arm` alone; it ends with the line "0 wrong" if all is well.
 *
 *   unaligned words     with SCTLR.A clear an LDR or SWP of a word reads the aligned word and
 *                       rotates it, STR and LDM, STM ignore the low two address bits (chapter A2);
 *                       QEMU accesses them unaligned, or takes an alignment fault for LDM and STM
 *   doubleword          LDRD, STRD want a multiple of eight with SCTLR.A set (chapter A4); QEMU is
 *                       content with four
 *   accumulator         has 40 bits, MRA extends its sign, MIA's product is long (XScale); QEMU's
 *                       PXA270 has iWMMXt's 64 bits, and drops the upper half of the product
 *   first fault         a page that is not there is a translation fault, also in a domain without
 *                       access (chapter B3); QEMU looks at the domain first
 *   FCSE                an entry is invalidated by its modified address, and FAR gets the
 *                       modified address (XScale, coprocessor 15); QEMU takes the process's own
 */
#include "board.h"

__asm__(".cpu xscale");

static u32 wrong;

static void check(const char *what, u32 got, u32 want)
{
    if (got == want)
        return;
    wrong++;
    print(what);
    item(": got", got, 8);
    item("want", want, 8);
    put('\n');
}

/* ---- unaligned words ---- */

static u32 words[8] __attribute__((aligned(32)));
static unsigned char *bytes(void) { return (unsigned char *)words; }

static void fill(void)
{
    for (int i = 0; i < 8; i++)
        words[i] = 0x03020100 + i * 0x04040404;
}

static u32 ror(u32 v, u32 n) { return n ? v >> n | v << (32 - n) : v; }

/* One load or store of address a, written in assembler so that no compiler knows its alignment. */
#define LOAD(instruction, a) ({ u32 v_, a_ = (u32)(a); \
    __asm__ volatile(instruction : "=&r"(v_), "+r"(a_) :: "memory"); v_; })
#define STORE(instruction, v, a) ({ u32 a_ = (u32)(a); \
    __asm__ volatile(instruction : "+r"(a_) : "r"(v) : "memory"); a_; })

static void unaligned(void)
{
    for (u32 n = 0; n < 4; n++) {
        fill();
        check("ldr rotates", LOAD("ldr %0, [%1]", bytes() + 8 + n), ror(words[2], 8 * n));
        check("ldr, pre-indexed", LOAD("ldr %0, [%1, #4]!", bytes() + 4 + n), ror(words[2], 8 * n));
        check("ldr, post-indexed", LOAD("ldr %0, [%1], #4", bytes() + 8 + n), ror(words[2], 8 * n));
        check("ldrt", LOAD("ldrt %0, [%1]", bytes() + 8 + n), ror(words[2], 8 * n));
        u32 old, new = 0xcafef00d, at = (u32)bytes() + 12 + n, want = ror(words[3], 8 * n);
        __asm__ volatile("swp %0, %1, [%2]" : "=&r"(old) : "r"(new), "r"(at) : "memory");
        check("swp rotates what it loads", old, want);
        check("swp does not rotate what it stores", words[3], new);
        fill();
        STORE("str %1, [%0]", 0xdeadbeef, bytes() + 8 + n);
        check("str ignores the low bits", words[2], 0xdeadbeef);
        check("and leaves the next word", words[3], 0x0f0e0d0c);
        u32 base = (u32)bytes() + 8 + n, a, b;
        fill();
        __asm__ volatile("ldmia %2!, {r4, r5}\n mov %0, r4\n mov %1, r5"
                         : "=&r"(a), "=&r"(b), "+&r"(base) :: "r4", "r5", "memory");
        check("ldm ignores the low bits", a, 0x0b0a0908);
        check("ldm, second", b, 0x0f0e0d0c);
        check("ldm writes back with the low bits", base, (u32)bytes() + 16 + n);
        base = (u32)bytes() + 16 + n;
        __asm__ volatile("mov r4, #0x44\n mov r5, #0x55\n stmdb %0!, {r4, r5}" : "+&r"(base)
                         :: "r4", "r5", "memory");
        check("stm ignores the low bits", words[2], 0x44);
        check("stm, second", words[3], 0x55);
        check("stm writes back with the low bits", base, (u32)bytes() + 8 + n);
        fill();
        __asm__ volatile("mov r2, %1\n add r3, pc, #1\n bx r3\n"
                         ".thumb\n ldr r0, [r2, #4]\n nop\n bx pc\n nop\n .arm\n mov %0, r0"
                         : "=r"(a) : "r"(bytes() + 4 + n) : "r0", "r2", "r3", "memory");
        check("thumb ldr rotates", a, ror(words[2], 8 * n));
    }
}

/* ---- the accumulator ---- */

static void set_acc(u32 low, u32 high)
{
    __asm__ volatile("mar acc0, %0, %1" :: "r"(low), "r"(high));
}

static void check_acc(const char *what, u32 low, u32 high)
{
    u32 l, h;
    __asm__ volatile("mra %0, %1, acc0" : "=r"(l), "=r"(h));
    check(what, l, low);
    check(what, h, high);
}

static void accumulator(void)
{
    set_acc(0x12345678, 0x7f);
    check_acc("mra, positive", 0x12345678, 0x7f);
    set_acc(0x12345678, 0x80);
    check_acc("mra extends the sign", 0x12345678, 0xffffff80);
    set_acc(0x12345678, 0xabcdef01);
    check_acc("mar drops bits 40 and up", 0x12345678, 1);
    set_acc(0xffffffff, 0x7f);
    __asm__ volatile("mia acc0, %0, %1" :: "r"(1), "r"(1));
    check_acc("mia wraps at 40 bits", 0, 0xffffff80);
    set_acc(0, 0xffffff80);
    __asm__ volatile("miaph acc0, %0, %1" :: "r"(0x0001ffff), "r"(0x00010001));
    check_acc("miaph: 1 * 1 + -1 * 1", 0, 0xffffff80);
    __asm__ volatile("miatb acc0, %0, %1" :: "r"(0xffff0000), "r"(1));
    check_acc("miatb: -1, past the least", 0xffffffff, 0x7f);
}

/* mia's product is 64 bits long, of which 40 are added */
static void long_products(void)
{
    static const int operands[] = {
        0, 1, -1, 0x7fffffff, -0x7fffffff - 1, 0x12345678, -0x89abcde, 0x10000,
    };
    u64 acc = 0x123456789a;

    set_acc(acc, acc >> 32);
    for (int i = 0; i < 8; i++)
        for (int j = 0; j < 8; j++) {
            __asm__ volatile("mia acc0, %0, %1" :: "r"(operands[i]), "r"(operands[j]));
            acc += (u64)((long long)operands[i] * operands[j]);
            check_acc("mia", acc, (u32)((long long)(acc << 24) >> 56));
        }
}

/* ---- with the MMU on: alignment of doublewords, FAR under FCSE ---- */

#define TABLE ((volatile u32 *)0xa3f00000)
#define VECTORS 0xa3e00000u

DECLARE_TRY(ldrd) DECLARE_TRY(strd) DECLARE_TRY(ldr) DECLARE_TRY(str)

static void mmu_on(void)
{
    extern const u32 vectors[];
    for (int i = 0; i < 4096; i++)
        TABLE[i] = 0;
    for (int i = 0; i < 16; i++)
        ((volatile u32 *)VECTORS)[i] = vectors[i];
    for (u32 a = 0xa1000000; a < 0xa4000000; a += 0x100000)
        TABLE[a >> 20] = a | 0xc02;
    TABLE[0x401] = 0x40100402;
    TABLE[0] = TABLE[0x0a0] = VECTORS | 0x402;
    MCR(2, 0, 0, (u32)TABLE);
    MCR(3, 0, 0, 1);
    MCR(13, 0, 0, 0);
    MCR(8, 7, 0, 0);
    MCR(1, 0, 0, 0x7b); /* M, A */
}

static void aborts(void)
{
    for (u32 n = 0; n < 8; n += 4) {
        attempt(try_ldrd, SYS, (u32)words + n);
        check("ldrd of a multiple of four: alignment fault", trap.vector, n ? V_DATA : V_SWI);
        attempt(try_strd, SYS, (u32)words + n);
        check("strd of a multiple of four: alignment fault", trap.vector, n ? V_DATA : V_SWI);
        if (n) {
            check("its status", trap.fsr & 15, 1);
            check("its address", trap.far, (u32)words + n);
        }
    }
    TABLE[0x500] = 0xa3f04001 | 15 << 5;
    *(u32 *)0xa3f04000 = 0;
    attempt(try_ldr, SYS, 0x50000000);
    check("no page, in a domain without access: translation fault", trap.fsr & 15, 7);
    MCR(13, 0, 0, 0x0a000000);
    attempt(try_ldr, SYS, 0x00345678);
    MCR(13, 0, 0, 0);
    check("load in process 5: aborts", trap.vector, V_DATA);
    check("its address is the modified one", trap.far, 0x0a345678);
    MCR(13, 0, 0, 0x0a000000);
    attempt(try_str, USR, 0x00000000);
    MCR(13, 0, 0, 0);
    check("store in process 5: permission fault", trap.fsr & 15, 13);
    check("its address is the modified one", trap.far, 0x0a000000);
}

/* Process 5 sees a page move, having invalidated it by its modified address. */
static void process_page_moves(void)
{
    volatile u32 *pages = (u32 *)0xa2000000, *level2 = (u32 *)0xa3f04000;

    pages[0] = 0x01d;
    pages[1024] = 0x2e3;
    TABLE[0x0a3] = 0xa3f04001;
    level2[0] = (u32)pages | 0xff2;
    MCR(13, 0, 0, 0x0a000000);
    attempt(try_ldr, SYS, 0x00300000);
    check("process 5's page", trap.r[0], 0x01d);
    level2[0] = (u32)(pages + 1024) | 0xff2;
    MCR(8, 6, 1, 0x0a300000);
    attempt(try_ldr, SYS, 0x00300000);
    MCR(13, 0, 0, 0);
    check("process 5's page has moved", trap.r[0], 0x2e3);
}

int main(void)
{
    uart_on();
    __asm__ volatile("mcr p15, 0, %0, c15, c1, 0" :: "r"(0x2001)); /* coprocessor 0 is there */
    MCR(1, 0, 0, 0x78);
    unaligned();
    accumulator();
    long_products();
    mmu_on();
    aborts();
    process_page_moves();
    hex(wrong, 4);
    print(" wrong\nE\n");
    for (;;)
        ;
}
