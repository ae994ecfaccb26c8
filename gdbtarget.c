/* gdbtarget.c - what gdb must know of a machine's registers.
 *
 * Problem: gdb asks for all registers as one row of bytes (`g`), or for number 57 (`p39`). Which
 * bytes are which is what the target description says, a small XML file gdb fetches first
 * (qXfer:features:read:target.xml).
 *
 * Guarantee: description, `g` and `p` agree, because all three come from one table of rows.
 *
 * How: a row is a run of registers of one kind. The features' and registers' names and their order
 * within a feature are gdb's (manual, appendix "Target Descriptions", and the list of standard
 * features); a register's number is its place in the table.
 *
 * Start reading at x86_rows.
 */
#include "timeline.h"
#include <stdio.h>
#include <string.h>

#define CORE "org.gnu.gdb.i386.core"
const struct register_row x86_rows[] = {
    { CORE, "rax", "int64", 1, 64, 0 }, { CORE, "rbx", "int64", 1, 64, 0 }, { CORE, "rcx", "int64", 1, 64, 0 },
    { CORE, "rdx", "int64", 1, 64, 0 }, { CORE, "rsi", "int64", 1, 64, 0 }, { CORE, "rdi", "int64", 1, 64, 0 },
    { CORE, "rbp", "data_ptr", 1, 64, 0 }, { CORE, "rsp", "data_ptr", 1, 64, 0 },
    { CORE, "r%d", "int64", 8, 64, 8 }, { CORE, "rip", "code_ptr", 1, 64, 0 },
    { CORE, "eflags", "i386_eflags", 1, 32, 0 }, { CORE, "cs", "int32", 1, 32, 0 },
    { CORE, "ss", "int32", 1, 32, 0 }, { CORE, "ds", "int32", 1, 32, 0 }, { CORE, "es", "int32", 1, 32, 0 },
    { CORE, "fs", "int32", 1, 32, 0 }, { CORE, "gs", "int32", 1, 32, 0 },
    { CORE, "st%d", "i387_ext", 8, 80, 0 },
    { CORE, "fctrl", "int", 1, 32, 0 }, { CORE, "fstat", "int", 1, 32, 0 }, { CORE, "ftag", "int", 1, 32, 0 },
    { CORE, "fiseg", "int", 1, 32, 0 }, { CORE, "fioff", "int", 1, 32, 0 }, { CORE, "foseg", "int", 1, 32, 0 },
    { CORE, "fooff", "int", 1, 32, 0 }, { CORE, "fop", "int", 1, 32, 0 },
    { "org.gnu.gdb.i386.sse", "xmm%d", "vec128", 16, 128, 0 },
    { "org.gnu.gdb.i386.sse", "mxcsr", "int", 1, 32, 0 },
    { "org.gnu.gdb.i386.linux", "orig_rax", "int", 1, 64, 0 },
    { "org.gnu.gdb.i386.segments", "fs_base", "int", 1, 64, 0 },
    { "org.gnu.gdb.i386.segments", "gs_base", "int", 1, 64, 0 },
    { "org.gnu.gdb.i386.avx", "ymm%dh", "uint128", 16, 128, 0 },
    { 0 },
};

/* Types the features use that gdb does not know by itself. */
static const struct { const char *feature, *xml; } feature_types[] = {
    { CORE, "<flags id=\"i386_eflags\" size=\"4\">"
      "<field name=\"\" start=\"22\" end=\"31\"/><field name=\"CF\" start=\"0\" end=\"0\"/>"
      "<field name=\"\" start=\"1\" end=\"1\"/><field name=\"PF\" start=\"2\" end=\"2\"/>"
      "<field name=\"AF\" start=\"4\" end=\"4\"/><field name=\"ZF\" start=\"6\" end=\"6\"/>"
      "<field name=\"SF\" start=\"7\" end=\"7\"/><field name=\"TF\" start=\"8\" end=\"8\"/>"
      "<field name=\"IF\" start=\"9\" end=\"9\"/><field name=\"DF\" start=\"10\" end=\"10\"/>"
      "<field name=\"OF\" start=\"11\" end=\"11\"/><field name=\"NT\" start=\"14\" end=\"14\"/>"
      "<field name=\"RF\" start=\"16\" end=\"16\"/><field name=\"VM\" start=\"17\" end=\"17\"/>"
      "<field name=\"AC\" start=\"18\" end=\"18\"/><field name=\"VIF\" start=\"19\" end=\"19\"/>"
      "<field name=\"VIP\" start=\"20\" end=\"20\"/><field name=\"ID\" start=\"21\" end=\"21\"/></flags>\n" },
    { "org.gnu.gdb.i386.sse",
      "<vector id=\"v4f\" type=\"ieee_single\" count=\"4\"/><vector id=\"v2d\" type=\"ieee_double\" count=\"2\"/>"
      "<vector id=\"v16i8\" type=\"int8\" count=\"16\"/><vector id=\"v8i16\" type=\"int16\" count=\"8\"/>"
      "<vector id=\"v4i32\" type=\"int32\" count=\"4\"/><vector id=\"v2i64\" type=\"int64\" count=\"2\"/>\n"
      "<union id=\"vec128\"><field name=\"v4_float\" type=\"v4f\"/><field name=\"v2_double\" type=\"v2d\"/>"
      "<field name=\"v16_int8\" type=\"v16i8\"/><field name=\"v8_int16\" type=\"v8i16\"/>"
      "<field name=\"v4_int32\" type=\"v4i32\"/><field name=\"v2_int64\" type=\"v2i64\"/>"
      "<field name=\"uint128\" type=\"uint128\"/></union>\n" },
    { NULL, NULL },
};

/* Writes target.xml for these rows; its length. */
size_t register_description(const struct register_row *rows, const char *arch, const char *abi,
                            char *buf, size_t size)
{
    size_t n =
        snprintf(buf, size,
                 "<?xml version=\"1.0\"?>\n<!DOCTYPE target SYSTEM \"gdb-target.dtd\">\n<target>\n"
                 "<architecture>%s</architecture>\n",
                 arch);
    if (abi) n += snprintf(buf + n, size - n, "<osabi>%s</osabi>\n", abi);
    for (const struct register_row *r = rows; r->count && n < size; r++) {
        if (r == rows || strcmp(r->feature, r[-1].feature)) {
            n += snprintf(buf + n, size - n, "%s<feature name=\"%s\">\n",
                          r == rows ? "" : "</feature>\n", r->feature);
            for (int t = 0; feature_types[t].feature; t++)
                if (!strcmp(feature_types[t].feature, r->feature))
                    n += snprintf(buf + n, size - n, "%s", feature_types[t].xml);
        }
        for (unsigned i = 0; i < r->count && n < size; i++) {
            char name[32];
            snprintf(name, sizeof name, r->name, r->first + i);
            n += snprintf(buf + n, size - n, "<reg name=\"%s\" bitsize=\"%u\" type=\"%s\"/>\n",
                          name, r->bits, r->type);
        }
    }
    n += snprintf(buf + n, size - n, "</feature>\n</target>\n");
    return n < size ? n : size - 1;
}

/* Where register `number` is in the bytes of `g`. */
bool register_place(const struct register_row *rows, unsigned number, size_t *offset, size_t *size)
{
    *offset = 0;
    for (const struct register_row *r = rows; r->count; r++) {
        *size = r->bits / 8;
        if (number < r->count) {
            *offset += number * *size;
            return true;
        }
        number -= r->count;
        *offset += r->count * *size;
    }
    return false;
}

/* Appends to the bytes of `g`, and says for each of them that it is known. */
struct register_bytes { uint8_t *buf, *valid; size_t n; };
static void put(struct register_bytes *b, const void *bytes, size_t size, bool known)
{
    memcpy(b->buf + b->n, bytes, size);
    memset(b->valid + b->n, known, size);
    b->n += size;
}

static void put32(struct register_bytes *b, uint32_t value, bool known)
{
    put(b, &value, 4, known);
}

/* The x87 tag word: two bits a register, where XSAVE keeps one ("not empty"). 0 valid, 1 zero,
 * 2 special, 3 empty; by physical register, while the saved ones are in stack order. */
static uint32_t x87_tags(const uint8_t *x)
{
    uint32_t tags = 0, top = (x[3] >> 3) & 7;
    for (uint32_t i = 0; i < 8; i++) {
        const uint8_t *st = x + 32 + 16 * ((i - top) & 7);
        uint32_t exponent = (st[8] | st[9] << 8) & 0x7fff, tag = 3;
        uint64_t mantissa;
        memcpy(&mantissa, st, 8);
        if (x[4] >> i & 1) {
            tag = exponent == 0 && mantissa == 0;
            if (exponent == 0x7fff || (!tag && !(mantissa >> 63))) tag = 2;
        }
        tags |= tag << (2 * i);
    }
    return tags;
}

/* The x87's registers out of an XSAVE area, which begins with this (offset: size):
 *
 *     0:2 fcw  2:2 fsw  4:1 tags  6:2 fop  8:4 fioff  12:4 fiseg  16:4 fooff  20:4 foseg  24:4 mxcsr
 *     32:128 st0..7, 16 bytes each, 10 used     160:256 xmm0..15      464:8 what is enabled (XCR0)
 *     576:256 the upper halves of ymm0..15, if bit 2 of that is set */
static void put_x87(struct register_bytes *b, const uint8_t *x, bool known)
{
    static const uint8_t at[] = { 12, 8, 20, 16 };
    uint32_t word;
    for (int i = 0; i < 8; i++) put(b, x + 32 + 16 * i, 10, known);
    put32(b, x[0] | x[1] << 8, known);
    put32(b, x[2] | x[3] << 8, known);
    put32(b, x87_tags(x), known);
    for (int i = 0; i < 4; i++) {
        memcpy(&word, x + at[i], 4);
        put32(b, word, known);
    }
    put32(b, (x[6] | x[7] << 8) & 0x7ff, known);
}

/* The bytes of `g` for a process; xsave as NT_X86_XSTATE has it. Their number. */
size_t x86_registers(const struct user_regs_struct *r, const uint8_t *xsave, size_t xsave_size,
                     uint8_t *buf, uint8_t *valid)
{
    static const uint8_t none[1024];
    const uint64_t general[] = {r->rax, r->rbx, r->rcx, r->rdx, r->rsi, r->rdi,
                                r->rbp, r->rsp, r->r8,  r->r9,  r->r10, r->r11,
                                r->r12, r->r13, r->r14, r->r15, r->rip};
    const uint32_t segments[] = { r->eflags, r->cs, r->ss, r->ds, r->es, r->fs, r->gs };
    const uint64_t others[] = { r->orig_rax, r->fs_base, r->gs_base };
    struct register_bytes b = { buf, valid, 0 };
    bool sse = xsave_size >= 512, avx = xsave_size >= 832 && (xsave[464] & 4);
    const uint8_t *x = sse ? xsave : none;
    put(&b, general, sizeof general, true);
    put(&b, segments, sizeof segments, true);
    put_x87(&b, x, sse);
    put(&b, x + 160, 256, sse);
    put(&b, x + 24, 4, sse);
    put(&b, others, sizeof others, true);
    put(&b, avx ? xsave + 576 : none, 256, avx);
    return b.n;
}

/* ---- the way back: gdb changes registers ---- */

/* Takes the next bytes of `g`, in the order put() put them. */
static const uint8_t *take(const uint8_t **at, size_t size)
{
    *at += size;
    return *at - size;
}

static uint32_t take32(const uint8_t **at)
{
    uint32_t value;
    memcpy(&value, take(at, 4), 4);
    return value;
}

/* The x87's part; x87_tags() and put_x87() say what is where. */
static void take_x87(const uint8_t **at, uint8_t *x)
{
    static const uint8_t to[] = { 12, 8, 20, 16 };
    for (int i = 0; i < 8; i++) memcpy(x + 32 + 16 * i, take(at, 10), 10);
    uint32_t fctrl = take32(at), fstat = take32(at), tags = take32(at), word;
    memcpy(x, &fctrl, 2);
    memcpy(x + 2, &fstat, 2);
    x[4] = 0;
    for (int i = 0; i < 8; i++) x[4] |= (tags >> (2 * i) & 3) != 3 ? 1 << i : 0;
    for (int i = 0; i < 4; i++) {
        word = take32(at);
        memcpy(x + to[i], &word, 4);
    }
    word = take32(at);
    memcpy(x + 6, &word, 2);
}

/* The inverse of x86_registers(): from the bytes of `g`, all of them, to registers and XSAVE area.
 * The words at 512 of that say which parts are in use: bit 0 x87, 1 SSE, 2 AVX. */
void x86_set_registers(const uint8_t *buf, struct user_regs_struct *r, uint8_t *xsave,
                       size_t xsave_size)
{
    unsigned long long *general[] = {&r->rax, &r->rbx, &r->rcx, &r->rdx, &r->rsi, &r->rdi,
                                     &r->rbp, &r->rsp, &r->r8,  &r->r9,  &r->r10, &r->r11,
                                     &r->r12, &r->r13, &r->r14, &r->r15, &r->rip};
    for (size_t i = 0; i < sizeof general / sizeof *general; i++)
        memcpy(general[i], take(&buf, 8), 8);
    r->eflags = take32(&buf);
    take(&buf, 24); /* the segment registers stay what they are */
    if (xsave_size < 576) return;
    take_x87(&buf, xsave);
    memcpy(xsave + 160, take(&buf, 256), 256);
    memcpy(xsave + 24, take(&buf, 4), 4);
    take(&buf, 8); /* orig_rax: there is no syscall */
    memcpy(&r->fs_base, take(&buf, 8), 8);
    memcpy(&r->gs_base, take(&buf, 8), 8);
    xsave[512] |= 3;
    if (xsave_size < 832 || !(xsave[464] & 4)) return;
    memcpy(xsave + 576, take(&buf, 256), 256);
    xsave[512] |= 4;
}
