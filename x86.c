/* x86.c - the length and the shape of an x86-64 instruction.
 *
 * Problem: a probe (probe.c) overwrites an instruction with a jump and executes a copy of it
 * elsewhere. For that it must know how long the instruction is, whether it names memory relative to
 * its own address, and whether it goes anywhere but to its successor. What the instruction computes
 * is nobody's business here.
 *
 * Guarantee: for every instruction a compiler emits for 64-bit user code the length is right
 * (tests/x86.sh compares with a disassembler over whole libraries). What is not known, not valid in
 * 64-bit mode, or longer than 15 bytes is refused; it is never guessed.
 *
 * How: an instruction is
 *
 *     prefixes | REX/VEX/EVEX | opcode of some map | ModRM | SIB | displacement | immediate
 *
 * and its length follows from the opcode's letter in a map (below), the ModRM byte and three
 * prefixes. The maps are those of the manuals' opcode tables (Intel SDM volume 2, appendix A; AMD
 * APM volume 3), laid out the same way, so that they can be checked by eye.
 *
 * Start reading at x86_decode().
 */
#include "probe.h"
#include <string.h>

/* What follows an opcode, one letter for each of the 256 of a map:
 *
 *     .  nothing            m  ModRM             p  a prefix: not an opcode
 *     b  1 byte             B  ModRM + 1 byte    x  escape to another map or encoding
 *     w  2 bytes            e  3 bytes (ENTER)   !  not valid in 64-bit mode, or unknown to us
 *     z  4 bytes (2 with 66)                     Z  ModRM + z
 *     v  mov reg,imm: 4, 2 with 66, 8 with REX.W
 *     o  mov acc,[address]: 8 bytes (4 with 67)
 *     j  1 byte relative    J  4 bytes relative
 *     g  F6: ModRM, and 1 byte if it is TEST (/0, /1)      G  F7: the same with z
 */
static const char one_byte_map[256 + 1] =
    "mmmmbz!!mmmmbz!x" /* 00 add, or */
    "mmmmbz!!mmmmbz!!" /* 10 adc, sbb */
    "mmmmbzp!mmmmbzp!" /* 20 and, sub; 26 es:, 2e cs: */
    "mmmmbzp!mmmmbzp!" /* 30 xor, cmp; 36 ss:, 3e ds: */
    "pppppppppppppppp" /* 40 REX */
    "................" /* 50 push, pop */
    "!!xmppppzZbB...." /* 60 62 EVEX, movsxd, fs: gs: 66 67 sizes, push imm, imul, ins/outs */
    "jjjjjjjjjjjjjjjj" /* 70 jcc rel8 */
    "BZ!Bmmmmmmmmmmmm" /* 80 group 1, test, xchg, mov, lea, pop */
    "..........!....." /* 90 xchg, cbw, fwait, pushf, popf, sahf, lahf */
    "oooo....bz......" /* a0 mov moffs, movs, cmps, test, stos, lods, scas */
    "bbbbbbbbvvvvvvvv" /* b0 mov reg,imm */
    "BBw.xxBZe.w..b!." /* c0 shifts, ret, VEX, mov imm, enter, leave, retf, int */
    "mmmm!!!.mmmmmmmm" /* d0 shifts, xlat, x87 */
    "jjjjbbbbJJ!j...." /* e0 loop, jrcxz, in, out, call, jmp */
    "p.pp..gG......mm" /* f0 lock, rep; groups 3, 4, 5 */;

static const char two_byte_map[256 + 1] = /* after 0F */
    "mmmm!.....!.!m.B" /* 00 system, syscall, ud2, prefetch, 3DNow! */
    "mmmmmmmmmmmmmmmm" /* 10 SSE moves, hints, nop */
    "mmmm!!!!mmmmmmmm" /* 20 control registers, SSE conversions and compares */
    "......!.x!x!!!!!" /* 30 wrmsr, rdtsc, rdmsr, rdpmc, sysenter; 38 and 3a escape */
    "mmmmmmmmmmmmmmmm" /* 40 cmov */
    "mmmmmmmmmmmmmmmm" /* 50 SSE arithmetic */
    "mmmmmmmmmmmmmmmm" /* 60 packing, mov */
    "BBBBmmm.!!!!mmmm" /* 70 shuffles and shifts by immediate, emms */
    "JJJJJJJJJJJJJJJJ" /* 80 jcc rel32 */
    "mmmmmmmmmmmmmmmm" /* 90 setcc */
    "...mBm!!...mBmmm" /* a0 push fs, cpuid, bt, shld, rsm, shrd, fences, imul */
    "mmmmmmmmmmBmmmmm" /* b0 cmpxchg, movzx, popcnt, bt imm, bsf, movsx */
    "mmBmBBBm........" /* c0 xadd, cmpps, movnti, pinsrw, cmpxchg8b; bswap */
    "mmmmmmmmmmmmmmmm" /* d0 */
    "mmmmmmmmmmmmmmmm" /* e0 */
    "mmmmmmmmmmmmmmmm" /* f0 */;

enum { REX_B = 1, REX_X = 2, REX_R = 4, REX_W = 8 };

/* Where decoding stands: the bytes, how many there are, and the next one to look at. */
struct cursor {
    const uint8_t *code;
    size_t size;
    size_t at;
    bool op16, addr32; /* prefixes 66 and 67 were seen */
};

/* The legacy prefixes and REX; leaves the cursor on the opcode. A REX counts only when last. */
static void take_prefixes(struct cursor *c, struct x86_insn *in)
{
    for (; c->at < c->size && one_byte_map[c->code[c->at]] == 'p'; c->at++) {
        uint8_t b = c->code[c->at];
        in->rex = b >> 4 == 4 ? b & 15 : 0;
        if (b == 0x66) c->op16 = true;
        if (b == 0x67) c->addr32 = true;
        if (b == 0xf2 || b == 0xf3) in->rep = b;
        if (b == 0x64 || b == 0x65) in->segment = b;
    }
}

/* VEX and EVEX: the prefix carries REX's bits inverted, and the map's number:
 *
 *     c5  Rvvv vLpp                         map 1
 *     c4  RXBm mmmm  Wvvv vLpp              map m
 *     62  RXBR' 0mmm  Wvvv v1pp  zLLb Vaaa  map m
 *
 * Returns what follows the opcode, as a letter of the maps above; '!' where it does not exist. */
static char take_vector_opcode(struct cursor *c, struct x86_insn *in, uint8_t escape)
{
    size_t payload = escape == 0xc5 ? 1 : escape == 0xc4 ? 2 : 3;
    if (c->at + payload + 1 > c->size) return '!';
    const uint8_t *p = c->code + c->at;
    uint8_t inverted = ~p[0] >> 5; /* R X B */
    in->map = escape == 0xc5 ? 1 : p[0] & (escape == 0xc4 ? 31 : 7);
    in->rex = (inverted & 4 ? REX_R : 0);
    if (escape != 0xc5) in->rex |= (inverted & 2 ? REX_X : 0) | (inverted & 1 ? REX_B : 0);
    in->vector = escape;
    c->at += payload;
    in->opcode = c->code[c->at++];
    switch (in->map) {
    case 1:
        if (in->opcode == 0x77 && escape != 0x62) return '.'; /* vzeroupper, vzeroall */
        return two_byte_map[in->opcode] == 'B' ? 'B' : 'm';
    case 2: case 5: case 6: return 'm';
    case 3: return 'B';
    default: return '!';
    }
}

/* The opcode, with its escapes. Returns its letter. */
static char take_opcode(struct cursor *c, struct x86_insn *in)
{
    if (c->at >= c->size) return '!';
    in->opcode = c->code[c->at++];
    if (in->opcode == 0x62 || in->opcode == 0xc4 || in->opcode == 0xc5)
        return take_vector_opcode(c, in, in->opcode);
    if (in->opcode != 0x0f) return one_byte_map[in->opcode];
    if (c->at >= c->size) return '!';
    in->map = 1;
    in->opcode = c->code[c->at++];
    if (in->opcode != 0x38 && in->opcode != 0x3a) return two_byte_map[in->opcode];
    in->map = in->opcode == 0x38 ? 2 : 3;
    if (c->at >= c->size) return '!';
    in->opcode = c->code[c->at++];
    return in->map == 2 ? 'm' : 'B';
}

/* ModRM, SIB and displacement:
 *
 *     rm=100: SIB follows     mod=00 rm=101: RIP + disp32     mod=00 SIB base=101: disp32, no base
 *     mod=01: disp8           mod=10: disp32                  mod=11: no memory
 */
static bool take_modrm(struct cursor *c, struct x86_insn *in)
{
    if (c->at >= c->size) return false;
    in->modrm = c->code[c->at++];
    in->has_modrm = true;
    int mod = in->modrm >> 6, rm = in->modrm & 7;
    if (mod == 3) return true;
    int base = rm;
    if (rm == 4) {
        if (c->at >= c->size) return false;
        in->sib = c->code[c->at++];
        base = in->sib & 7;
    }
    int disp = mod == 1 ? 1 : mod == 2 || (mod == 0 && base == 5) ? 4 : 0;
    if (c->at + disp > c->size) return false;
    if (mod == 0 && rm == 5) {
        if (c->addr32) return false; /* EIP-relative: nobody emits it, and it cannot be adjusted */
        in->rip_disp_at = c->at;
    }
    int32_t wide = 0;
    if (disp == 1) wide = (int8_t)c->code[c->at];
    if (disp == 4) memcpy(&wide, c->code + c->at, 4);
    in->disp = wide;
    c->at += disp;
    return true;
}

/* Bytes of immediate behind everything else. */
static size_t immediate_size(const struct cursor *c, const struct x86_insn *in, char letter)
{
    size_t z = c->op16 && !(in->rex & REX_W) ? 2 : 4;
    bool is_test = (in->modrm >> 3 & 7) < 2;
    switch (letter) {
    case 'b': case 'B': case 'j': return 1;
    case 'w': return 2;
    case 'e': return 3;
    case 'z': case 'Z': return z;
    case 'J': return 4;
    case 'v': return in->rex & REX_W ? 8 : z;
    case 'o': return c->addr32 ? 4 : 8;
    case 'g': return is_test ? 1 : 0;
    case 'G': return is_test ? z : 0;
    default: return 0;
    }
}

/* Where control goes after a one-byte-map instruction. */
static enum x86_flow flow_of_one_byte(const struct x86_insn *in)
{
    int group = in->modrm >> 3 & 7;
    switch (in->opcode) {
    case 0x70 ... 0x7f: return X86_BRANCH;
    case 0xe0 ... 0xe3: return X86_LOOP;
    case 0xe8: return X86_CALL;
    case 0xe9: case 0xeb: return X86_JUMP;
    case 0xc2: case 0xc3: return X86_RETURN;
    case 0xff:
        if (group == 2) return X86_CALL_INDIRECT;
        if (group == 4) return X86_JUMP_INDIRECT;
        return group == 3 || group == 5 || group == 7 ? X86_SPECIAL : X86_PLAIN;
    case 0xa4 ... 0xa7: case 0xaa ... 0xaf: return in->rep ? X86_REPEAT : X86_PLAIN;
    case 0x6c ... 0x6f: case 0xe4 ... 0xe7: case 0xec ... 0xef: /* in, out */
    case 0xcc ... 0xcf: case 0xf1: case 0xf4:                   /* int, iret, hlt */
    case 0xca: case 0xcb: case 0xfa: case 0xfb: case 0x8e:      /* far return, cli, mov to ds */
        return X86_SPECIAL;
    case 0xc6: case 0xc7: return in->modrm == 0xf8 ? X86_SPECIAL : X86_PLAIN; /* xabort, xbegin */
    default: return X86_PLAIN;
    }
}

/* The same for the 0F map. Special: enters the kernel, or reads what differs from run to run. */
static enum x86_flow flow_of_two_byte(const struct x86_insn *in)
{
    switch (in->opcode) {
    case 0x80 ... 0x8f: return X86_BRANCH;
    case 0x00: case 0x01: case 0x05 ... 0x09: case 0x0b: /* system, xgetbv, rdtscp, syscall, ud2 */
    case 0x20 ... 0x23: case 0x30 ... 0x37:              /* control registers, rdtsc, sysenter */
    case 0xa2: case 0xaa: case 0xb9: case 0xff:          /* cpuid, rsm, ud1, ud0 */
        return X86_SPECIAL;
    case 0xae: return in->modrm >= 0xc0 && in->rep == 0xf3 ? X86_SPECIAL : X86_PLAIN; /* fsgsbase */
    case 0xc7: return in->modrm >= 0xc0 ? X86_SPECIAL : X86_PLAIN; /* rdrand, rdseed, rdpid */
    default: return X86_PLAIN;
    }
}

/* Decodes the instruction at code, of which `size` bytes may be looked at. false: unknown, invalid,
 * or cut off; *in is then worthless. */
bool x86_decode(const uint8_t *code, size_t size, struct x86_insn *in)
{
    struct cursor c = { .code = code, .size = size < 15 ? size : 15 };
    memset(in, 0, sizeof *in);
    take_prefixes(&c, in);
    char letter = take_opcode(&c, in);
    if (letter == '!' || letter == 'x' || letter == 'p') return false;
    /* 66 on a relative jump: Intel ignores it, AMD cuts the target to 16 bits. Refuse. */
    if ((letter == 'J' || letter == 'j') && c.op16) return false;
    if (strchr("mBZgG", letter) && !take_modrm(&c, in)) return false;
    if (in->opcode == 0x8f && !in->map && (in->modrm >> 3 & 7)) return false; /* AMD's XOP */
    size_t immediate = immediate_size(&c, in, letter);
    if (c.at + immediate > c.size) return false;
    if (letter == 'j') in->relative = (int8_t)code[c.at];
    if (letter == 'J') {
        int32_t rel;
        memcpy(&rel, code + c.at, 4);
        in->relative = rel;
    }
    in->length = c.at + immediate;
    if (in->vector || in->map > 1) in->flow = X86_PLAIN;
    else in->flow = in->map ? flow_of_two_byte(in) : flow_of_one_byte(in);
    return true;
}

/* The sixteen registers as instructions number them, out of ptrace's order. */
uint64_t *x86_register(struct user_regs_struct *r, unsigned number)
{
    unsigned long long *reg[16] = {
        &r->rax, &r->rcx, &r->rdx, &r->rbx, &r->rsp, &r->rbp, &r->rsi, &r->rdi,
        &r->r8, &r->r9, &r->r10, &r->r11, &r->r12, &r->r13, &r->r14, &r->r15,
    };
    return (uint64_t *)reg[number & 15];
}

/* The address of the memory operand of the instruction that registers stand at; 0 when it
 * has none that can be told (LEA and NOP name one they do not touch; string instructions and pushes
 * imply theirs; EVEX scales its displacement by a size not known here). */
uint64_t x86_operand_address(const struct x86_insn *in, const struct user_regs_struct *regs)
{
    struct user_regs_struct r = *regs;
    int mod = in->modrm >> 6, rm = in->modrm & 7;
    if (!in->has_modrm || mod == 3 || in->vector == 0x62) return 0;
    if (!in->vector && ((in->map == 0 && in->opcode == 0x8d) ||
                        (in->map == 1 && (in->opcode & 0xf8) == 0x18))) return 0;
    uint64_t address = in->disp;
    if (in->segment == 0x64) address += r.fs_base;
    if (in->segment == 0x65) address += r.gs_base;
    if (in->rip_disp_at) return address + r.rip + in->length;
    if (rm != 4) return address + *x86_register(&r, rm | (in->rex & REX_B ? 8 : 0));
    int base = in->sib & 7, index = (in->sib >> 3 & 7) | (in->rex & REX_X ? 8 : 0);
    if (!(mod == 0 && base == 5)) address += *x86_register(&r, base | (in->rex & REX_B ? 8 : 0));
    if (index != 4) address += *x86_register(&r, index) << (in->sib >> 6);
    return address;
}
