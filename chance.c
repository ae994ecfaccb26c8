/* chance.c - instructions that answer differently each time.
 *
 * Problem: the time stamp counter, the processor's random numbers and its number are read without
 * entering the kernel. Replay would read others.
 *
 * How: they are made to trap, the recorder answers, and the answer goes into the trace; in replay
 * they trap as well.
 *
 *   rdtsc, rdtscp        by prctl(PR_SET_TSC): SIGSEGV
 *   cpuid                by arch_prctl(ARCH_SET_CPUID), where the processor can: SIGSEGV. It then denies that there
 *                        are rdrand, rdseed and transactions, as programs ask it before they use them
 *   rdrand rdseed rdpid  cannot be told to trap, and many hosts' cpuid neither. So in code that is mapped from a file
 *                        each is looked for, and one bit pattern of it changed, which makes it ud1: SIGILL
 *
 *                             0f c7 /6 or /7     rdrand, rdseed; after f3: rdpid
 *                             0f b9 /6 or /7     ud1, of the same length
 *
 *   the vsyscall page    at a fixed address, where old programs call the kernel for the time. It does answer
 *                        without telling a tracer, so the address is changed where code has it as a constant, to
 *                        one where nothing is; to call that is SIGSEGV:
 *
 *                             mov $0xffffffffff600000, x   ->   mov $0xffffffffff610000, x
 *
 * The last two are found by their bytes, and those may be part of another instruction, or none. So
 * the code around must agree: read from most of the places a little before, an instruction begins
 * there; and the file must say that it is code. What a program writes itself is not looked at.
 *
 * Source: Intel SDM volume 2; prctl(2), arch_prctl(2); arch/x86/entry/vsyscall of Linux. Start
 * reading at record_instruction().
 */
#define _GNU_SOURCE
#include "record.h"

#include <cpuid.h>
#include <elf.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>
#include <x86intrin.h>

enum { MAY_BE_READ = 0xc7, TRAPS = 0xb9 }; /* the opcode behind 0f: the original's; ud1's */
enum { IN_VSYSCALL = 0x60, IN_NOTHING = 0x61 }; /* a byte of the address: the original's; ours */
#define VSYSCALL_TRAPS 0xffffffffff610000ull    /* there gettimeofday(), time(), getcpu(), 1 KB each */

/* ---- answering ---- */

/* One random number from the processor, as rdrand (or rdseed) of `bytes` bytes gives it. False: it
 * has none now. */
static bool random_number(bool seed, unsigned bytes, uint64_t *number)
{
    uint8_t ok;
    if (seed)
        __asm__ volatile("rdseed %0; setc %1" : "=r"(*number), "=qm"(ok) : : "cc");
    else
        __asm__ volatile("rdrand %0; setc %1" : "=r"(*number), "=qm"(ok) : : "cc");
    *number &= bytes == 8 ? ~0ull : (1ull << 8 * bytes) - 1;
    return ok;
}

static bool has_random(bool seed)
{
    unsigned a, b = 0, c = 0, d;
    return seed ? __get_cpuid_count(7, 0, &a, &b, &c, &d) && b & 1 << 18
                : __get_cpuid(1, &a, &b, &c, &d) && c & 1 << 30;
}

/* The instruction that was made ud1, at rip: rdrand, rdseed or rdpid. False: it is none of them, or
 * this processor has it not, and the fault is the program's own. */
static bool emulate_random(struct user_regs_struct *r, const uint8_t *code, size_t size)
{
    enum { CF = 1, STATUS = 0x8d5 }; /* OF SF ZF AF PF CF */
    struct x86_insn in;
    uint64_t number;
    if (!x86_decode(code, size, &in) || in.map != 1 || in.opcode != TRAPS || in.modrm < 0xf0)
        return false;
    bool seed = in.modrm & 8;
    unsigned bytes = in.rex & 8 ? 8 : memchr(code, 0x66, in.length - 3) ? 2 : 4;
    uint64_t *to = x86_register(r, (in.modrm & 7) | (in.rex & 1) << 3);
    if (in.rep == 0xf3) { /* rdpid */
        unsigned aux;
        __rdtscp(&aux);
        *to = aux;
    } else if (has_random(seed)) {
        bool ok = random_number(seed, bytes, &number);
        r->eflags = (r->eflags & ~(uint64_t)STATUS) | (ok ? CF : 0);
        *to = bytes == 2 ? (*to & ~0xffffull) | number : number;
    } else {
        return false;
    }
    r->rip += in.length;
    return true;
}

/* Which of the three functions of the vsyscall page was called? -1: none. */
static int vsyscall_called(const struct user_regs_struct *r)
{
    uint64_t offset = r->rip - VSYSCALL_TRAPS;
    return offset <= 0x800 && offset % 0x400 == 0 ? (int)(offset / 0x400) : -1;
}

/* What such a function writes to: bytes at its first argument, and at the second. */
static const size_t vsyscall_writes[3][2] = {
    {sizeof(struct timeval), sizeof(struct timezone)}, {sizeof(time_t), 0}, {4, 4}};

/* Makes that call: the kernel's answer goes to where the program wants it. False: it cannot be
 * written there, or nothing was called. */
static bool emulate_vsyscall(struct tracee *t, struct user_regs_struct *r)
{
    static const int numbers[] = {SYS_gettimeofday, SYS_time, SYS_getcpu};
    int which = vsyscall_called(r);
    uint64_t answer[2][2] = {{0}}, back, to[2] = {r->rdi, r->rsi};
    if (which < 0 || tracee_read(t, r->rsp, &back, 8) != 8)
        return false;
    r->rax = syscall(numbers[which], answer[0], answer[1], NULL);
    for (int i = 0; i < 2; i++)
        if (to[i] && !tracee_write(t, to[i], answer[i], vsyscall_writes[which][i]))
            return false;
    r->rsp += 8;
    r->rip = back;
    return true;
}

/* Answer the trapped instruction at rip, if it is one of those above; true if it was. */
bool emulate_instruction(struct tracee *t, struct user_regs_struct *r)
{
    if (vsyscall_called(r) >= 0)
        return emulate_vsyscall(t, r);
    uint8_t code[15] = {0};
    size_t size = tracee_read(t, r->rip, code, sizeof code);
    if (code[0] == 0x0f && (code[1] == 0x31 || (code[1] == 0x01 && code[2] == 0xf9))) {
        unsigned aux;
        uint64_t now = __rdtscp(&aux);
        r->rax = (uint32_t)now;
        r->rdx = now >> 32;
        if (code[1] == 0x01)
            r->rcx = aux;
        r->rip += code[1] == 0x31 ? 2 : 3;
        return true;
    }
    if (code[0] == 0x0f && code[1] == 0xa2) {
        unsigned a = r->rax, c = r->rcx, leaf = a, sub = c, b, d;
        __cpuid_count(leaf, sub, a, b, c, d);
        if (leaf == 1)
            c &= ~(1u << 30); /* RDRAND */
        if (leaf == 7 && sub == 0)
            b &= ~(1u << 18 | 1u << 11 | 1u << 4); /* RDSEED, RTM, HLE */
        r->rax = a, r->rbx = b, r->rcx = c, r->rdx = d;
        r->rip += 2;
        return true;
    }
    return emulate_random(r, code, size);
}

/* t's instruction at *before has trapped. If it is one of those above it is carried out and written
 * down. */
bool record_instruction(struct task *t, const struct user_regs_struct *before)
{
    struct user_regs_struct after = *before;
    uint8_t code[3] = {0};
    tracee_read(&t->tracee, before->rip, code, 3);
    if (t->no_tsc && code[0] == 0x0f && (code[1] == 0x31 || (code[1] == 0x01 && code[2] == 0xf9)))
        return false; /* as the program wants it */
    trap_here(false);
    bool emulated = emulate_instruction(&t->tracee, &after);
    trap_here(true);
    if (!emulated)
        return false;
    after.orig_rax = -1;
    ptrace(PTRACE_SETREGS, t->tid, 0, &after);
    event_begin(t, EV_INSN, &after, 0, 0, 0);
    trace_item(rec.trace, I_REGS, 0, 0, before, sizeof *before);
    int called = vsyscall_called(before);
    if (called >= 0 && before->rdi)
        event_mem(t, before->rdi, vsyscall_writes[called][0]);
    if (called >= 0 && before->rsi && vsyscall_writes[called][1])
        event_mem(t, before->rsi, vsyscall_writes[called][1]);
    event_end();
    t->regs = after;
    t->at_event = true;
    t->marked = false;
    return true;
}

/* ---- finding ---- */

/* Where in a stretch of a file the instructions are. Kept, as most programs map the same
 * libraries. */
struct found {
    int file;        /* of the trace */
    uint64_t offset, length;
    uint64_t *at;    /* offsets in the stretch, of the byte to be changed: to TRAPS or IN_NOTHING */
    size_t count;
    struct found *next;
};
static struct found *all_found;

/* Does an instruction begin at text[start]? Read on from most of these places, one does: wherever
 * one begins to read machine code, a few instructions on one reads the right ones. */
static bool begins_here(const uint8_t *text, size_t start)
{
    enum { BEFORE = 64, PLACES = 16 };
    struct x86_insn in;
    unsigned arrived = 0, tried = 0;
    for (size_t from = start > BEFORE ? start - BEFORE : 0; tried < PLACES && from <= start;
         from++, tried++) {
        size_t at = from;
        while (at < start)
            at += x86_decode(text + at, start + 15 - at, &in) ? in.length : 1;
        arrived += at == start;
    }
    return arrived * 2 >= tried;
}

/* Is text[c7] the opcode of one of them? Up to 16 bytes behind may be looked at. */
static bool is_one(const uint8_t *text, size_t c7)
{
    struct x86_insn in;
    size_t start = c7 - 1;
    if (text[start] != 0x0f || text[c7 + 1] < 0xf0)
        return false;
    if (start && (text[start - 1] & 0xf0) == 0x40) /* REX */
        start--;
    while (start && (text[start - 1] == 0x66 || text[start - 1] == 0xf3) && c7 - start < 4)
        start--;
    return x86_decode(text + start, c7 + 16 - start, &in) && start + in.length == c7 + 2 &&
           begins_here(text, start);
}

/* Is text[b60] in an address of the vsyscall page that a MOV loads or stores? REX.W c7 /0 with 32
 * bits of it, REX.W b8+r with 64. */
static bool is_vsyscall(const uint8_t *text, size_t b60)
{
    struct x86_insn in;
    if (b60 < 5 || text[b60 + 1] != 0xff || text[b60 - 2] || text[b60 - 1] & ~0x0c || text[b60 - 1] == 0x0c)
        return false;
    for (size_t start = b60 > 10 ? b60 - 10 : 0; start <= b60 - 4; start++) {
        if ((text[start] & 0xf8) != 0x48 || !x86_decode(text + start, 16, &in) || in.map)
            continue;
        bool half = in.opcode == 0xc7 && start + in.length == b60 + 2,
             all = in.opcode >> 3 == 0xb8 >> 3 && start + in.length == b60 + 6 &&
                   !memcmp(text + b60 + 2, "\xff\xff\xff\xff", 4);
        if ((half || all) && begins_here(text, start))
            return true;
    }
    return false;
}

/* Look, in the bytes from `from` up to `to` of the stretch, which is at text, for the byte `first`
 * where is() says so. */
static void look_through(struct found *f, const uint8_t *text, uint64_t from, uint64_t to,
                         uint8_t first, bool (*is)(const uint8_t *text, size_t at))
{
    enum { AROUND = 16 };
    const uint8_t *p = text + from + 1, *end = text + to - AROUND;
    while (from + AROUND < to && p < end && (p = memchr(p, first, end - p))) {
        if (is(text + from, p - text - from)) {
            f->at = realloc(f->at, (f->count + 1) * sizeof *f->at);
            f->at[f->count++] = p - text;
        }
        p++;
    }
}

static void note_vsyscall(const struct mapping *m, void *is)
{
    *(int *)is |= m->start == VSYSCALL_TRAPS - 0x10000;
}

/* Is there such a page on this machine? */
static bool has_vsyscall(void)
{
    static int is = -1;
    if (is < 0) {
        is = 0;
        for_each_map(getpid(), note_vsyscall, &is);
    }
    return is;
}

/* Look for them in the parts of the file fd that its section headers call instructions: what is
 * mapped for execution is often data as well. A file without such headers is left alone. */
static void look_in_sections(struct found *f, int fd, const uint8_t *text, uint64_t length)
{
    Elf64_Ehdr h;
    Elf64_Shdr s;
    if (pread(fd, &h, sizeof h, 0) != sizeof h || memcmp(h.e_ident, ELFMAG, SELFMAG) ||
        h.e_shentsize != sizeof s)
        return;
    for (int i = 0; i < h.e_shnum; i++) {
        if (pread(fd, &s, sizeof s, h.e_shoff + i * sizeof s) != sizeof s)
            return;
        uint64_t from = s.sh_offset > f->offset ? s.sh_offset - f->offset : 0,
                 end = s.sh_offset + s.sh_size;
        if (!(s.sh_flags & SHF_EXECINSTR) || s.sh_type == SHT_NOBITS || end < s.sh_offset ||
            end <= f->offset)
            continue;
        uint64_t to = end - f->offset < length ? end - f->offset : length;
        look_through(f, text, from, to, MAY_BE_READ, is_one);
        if (has_vsyscall())
            look_through(f, text, from, to, IN_VSYSCALL, is_vsyscall);
    }
}

/* What there is in `length` bytes of the trace's file from offset on. */
static const struct found *find(int file, uint64_t offset, uint64_t length)
{
    char path[4200];
    struct stat st;
    struct found *f = all_found;
    while (f && (f->file != file || f->offset != offset || f->length != length))
        f = f->next;
    if (f)
        return f;
    f = calloc(1, sizeof *f);
    *f = (struct found){.file = file, .offset = offset, .length = length, .next = all_found};
    all_found = f;
    snprintf(path, sizeof path, "%s/files/%d", trace_writer_dir(rec.trace), file);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    uint64_t size =
        fd >= 0 && fstat(fd, &st) == 0 && (uint64_t)st.st_size > offset ? st.st_size - offset : 0;
    size = size < length ? size : length;
    const uint8_t *text = size ? mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, offset) : MAP_FAILED;
    if (text != MAP_FAILED) {
        look_in_sections(f, fd, text, size);
        munmap((void *)text, size);
    }
    if (fd >= 0)
        close(fd);
    return f;
}

/* t has mapped, for execution, `length` bytes of the trace's file from offset on, at addr: its
 * instructions of that kind will trap. The items that do it in replay as well. */
void record_chance(struct task *t, int file, uint64_t offset, uint64_t addr, uint64_t length)
{
    const struct found *f = find(file, offset, length);
    for (size_t i = 0; i < f->count; i++) {
        uint8_t byte = 0;
        tracee_read(&t->tracee, addr + f->at[i], &byte, 1);
        byte = byte == IN_VSYSCALL ? IN_NOTHING : TRAPS;
        if (tracee_write(&t->tracee, addr + f->at[i], &byte, 1))
            event_mem(t, addr + f->at[i], 1);
    }
}
