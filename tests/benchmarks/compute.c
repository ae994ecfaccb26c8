/* compute.c - two programs for the bare board, to measure an emulator's speed on.
 *
 * Problem: an emulator's speed depends on what it runs, and start-up hides it. Guarantee: `hash` is
 * straight-line arithmetic (SHA-256 of 1 MB, twelve times), `mixed` is what programs mostly do: it
 * sorts, follows pointers, handles text, and interprets. Both run with the MMU on, in XScale
 * extended small pages of 4K as Linux has them. How: a line "start NAME" and a line "end NAME
 * CHECKSUM TICKS" go out on the UART around each; the host takes the time between them. TICKS of
 * the 3.25 MHz counter, with QEMU's `-icount shift=0`, are the number of instructions: 1 ns each.
 */
#include "../oracle/board.h"

/* ---- hash: SHA-256 as FIPS 180-4 has it, over a buffer ---- */

/* The first 32 bits of the fractional parts of the cube roots of the first 64 primes. */
static const u32 K[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static u32 ror(u32 v, int n) { return v >> n | v << (32 - n); }

/* One block of 64 bytes into the state. */
static void sha_block(u32 *state, const u32 *block)
{
    u32 w[64], s[8];
    for (int i = 0; i < 16; i++)
        w[i] = block[i];
    for (int i = 16; i < 64; i++) {
        u32 a = w[i - 15], b = w[i - 2];
        w[i] = w[i - 16] + (ror(a, 7) ^ ror(a, 18) ^ a >> 3) + w[i - 7] +
               (ror(b, 17) ^ ror(b, 19) ^ b >> 10);
    }
    for (int i = 0; i < 8; i++)
        s[i] = state[i];
    for (int i = 0; i < 64; i++) {
        u32 e = s[4], a = s[0];
        u32 t1 = s[7] + (ror(e, 6) ^ ror(e, 11) ^ ror(e, 25)) + ((e & s[5]) ^ (~e & s[6]));
        u32 t2 = (ror(a, 2) ^ ror(a, 13) ^ ror(a, 22)) + ((a & s[1]) ^ (a & s[2]) ^ (s[1] & s[2]));
        for (int j = 7; j > 0; j--)
            s[j] = s[j - 1];
        t1 += K[i] + w[i];
        s[4] += t1;
        s[0] = t1 + t2;
    }
    for (int i = 0; i < 8; i++)
        state[i] += s[i];
}

static u32 *const buffer = (u32 *)0xa2000000; /* the programs' memory, 1 MB and more */

static u32 hash(void)
{
    u32 state[8] = {
        0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
        0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
    };
    for (int i = 0; i < 1 << 18; i++)
        buffer[i] = i * 2654435761u;
    for (int round = 0; round < 12; round++)
        for (int i = 0; i < 1 << 18; i += 16)
            sha_block(state, buffer + i);
    return state[0] ^ state[7];
}

/* ---- mixed ---- */

static u32 seed;
static u32 next_random(void) { return seed = seed * 1664525 + 1013904223; }

static void quicksort(int *a, int n)
{
    while (n > 1) {
        int pivot = a[n / 2], i = 0, j = n - 1;
        while (i <= j) {
            while (a[i] < pivot)
                i++;
            while (a[j] > pivot)
                j--;
            if (i <= j) {
                int t = a[i];
                a[i++] = a[j];
                a[j--] = t;
            }
        }
        quicksort(a, j + 1);
        a += i;
        n -= i;
    }
}

static u32 sorting(void)
{
    int *a = (int *)buffer, n = 100000;
    for (int i = 0; i < n; i++)
        a[i] = next_random() >> 4;
    quicksort(a, n);
    return a[n / 2];
}

/* A list whose nodes lie in random order: every step is another page. */
static u32 pointers(void)
{
    struct node { struct node *next; u32 value; } *nodes = (struct node *)buffer;
    int n = 65536;
    u32 sum = 0, at = 0;
    for (int i = 0; i < n; i++) {
        u32 to = (at + 40503) & (n - 1); /* odd: all nodes are met before the first comes again */
        nodes[at].next = &nodes[to];
        nodes[at].value = i;
        at = to;
    }
    struct node *p = nodes;
    for (int i = 0; i < n * 20; i++, p = p->next)
        sum = sum * 3 + p->value;
    return sum;
}

/* Counts words, by a hash table, in text that is made up. */
static u32 text(void)
{
    char *p = (char *)buffer;
    u32 *table = buffer + (1 << 18), sum = 0, h = 0;
    int n = 1 << 20;
    for (int i = 0; i < n; i++)
        p[i] = next_random() >> 28 ? 'a' + (seed >> 24) % 5 : ' ';
    for (int i = 0; i < 4096; i++)
        table[i] = 0;
    for (int i = 0; i < n; i++)
        if (p[i] == ' ') {
            table[h & 4095]++;
            h = 0;
        } else {
            h = h * 31 + p[i];
        }
    for (int i = 0; i < 4096; i++)
        sum = sum * 5 + table[i];
    return sum;
}

/* A stack machine and a small program for it: a sum over the low digits of squares. */
static u32 interpreter(void)
{
    enum { PUSH, DUP, MUL, DIGITS, ADD, DEC, JUMP_NOT_ZERO, SWAP, OVER, HALT };
    static const unsigned char code[] = {
        OVER, DUP, MUL, DIGITS, ADD, SWAP, DEC, SWAP, JUMP_NOT_ZERO, 0, HALT,
    };
    u32 stack[8] = {500000, 0}, *sp = stack + 1, t;
    for (const unsigned char *pc = code;;) {
        switch (*pc++) {
        case PUSH: *++sp = *pc++; break;
        case DUP: sp[1] = *sp; sp++; break;
        case OVER: sp[1] = sp[-1]; sp++; break;
        case MUL: sp--; *sp *= sp[1]; break;
        case DIGITS: *sp = (*sp & 7) + (*sp >> 3 & 7); break;
        case ADD: sp--; *sp += sp[1]; break;
        case DEC: --*sp; break;
        case SWAP: t = *sp; *sp = sp[-1]; sp[-1] = t; break;
        case JUMP_NOT_ZERO: pc = sp[-1] ? code + *pc : pc + 1; break;
        default: return *sp;
        }
    }
}

static u32 mixed(void)
{
    u32 sum = 0;
    seed = 1;
    for (int round = 0; round < 4; round++)
        sum = sum * 3 + (sorting() ^ pointers() ^ text() ^ interpreter());
    return sum;
}

/* ---- around them ---- */

/* All RAM and the devices in extended small pages of 4K, one to one. */
static void mmu_on(void)
{
    u32 *level1 = (u32 *)0xa3f00000, *level2 = (u32 *)0xa3e00000;
    for (int i = 0; i < 4096; i++)
        level1[i] = 0;
    for (u32 a = 0xa0000000; a < 0xa4000000; a += 0x100000, level2 += 256) {
        level1[a >> 20] = (u32)level2 | 1;
        for (u32 i = 0; i < 256; i++)
            level2[i] = (a + (i << 12)) | 0x3f;
    }
    level1[0x401] = 0x40100c02;
    level1[0x40a] = 0x40a00c02;
    MCR(2, 0, 0, (u32)level1);
    MCR(3, 0, 0, 1);
    MCR(8, 7, 0, 0);
    MCR(1, 0, 0, 0x1079 | 4); /* MMU and caches */
}

int main(void)
{
    static const struct { const char *name; u32 (*run)(void); } programs[] = {
        {"hash", hash}, {"mixed", mixed},
    };
    volatile u32 *counter = (u32 *)0x40a00010;
    uart_on();
    mmu_on();
    for (int i = 0; i < 2; i++) {
        print("start ");
        print(programs[i].name);
        put('\n');
        u32 began = *counter, sum = programs[i].run(), ticks = *counter - began;
        print("end ");
        print(programs[i].name);
        put(' ');
        hex(sum, 8);
        put(' ');
        hex(ticks, 8);
        put('\n');
    }
    print("E\n");
    for (;;) /* PWRMODE, sleep: this switches the board off */
        __asm__ volatile("mcr p14, 0, %0, c7, c0, 0" :: "r"(3));
}
