/* gdbtls.c - where a thread-local variable is: `print errno`.
 *
 * Problem: gdb knows a thread-local variable by its module (the program or a library: `lm`, the
 * address of the dynamic linker's struct link_map) and its offset in the module's block. Where a
 * thread has that block is libc's business; for a live process gdb asks libthread_db, for a remote
 * one the server (qGetTLSAddr).
 *
 * Guarantee: the address is that of the variable, at the present position, or there is an error:
 * not allocated yet in this thread, a library that is not loaded at this point of its history, a
 * libc that does not describe itself.
 *
 * How: two ways (Drepper, "ELF Handling For Thread-Local Storage", variant II):
 *
 *     (1) The program itself. Its block ends where fs_base points, whichever libc it is of: the
 *         linker has put these offsets into the code.
 *     (2) A library. The tables glibc keeps, of which it says itself where the fields are: each
 *         _thread_db_STRUCT_FIELD is a descriptor, put there for libthread_db. gdb tells us the
 *         descriptors' addresses (qSymbol); what they say is read anew for each question.
 *
 *         link_map        l_tls_modid N, and l_tls_offset if the block is at fs_base - l_tls_offset
 *         _rtld_global -> slotinfo lists: entry N is { gen, map }, map being that link_map
 *         fs_base + dtvp -> dtv, of 16 bytes each: [-1] { N at most }, [0] { gen }, [N] { block }
 *
 *         A dtv whose gen is below the entry's was not yet brought up to date by its thread: what
 *         is at [N] is of a library that had the number before, or nothing.
 *
 * Start reading at packet_tls_address().
 */
#include "gdbstub.h"
#include <elf.h>
#include <link.h>
#include <stddef.h>
#include <string.h>

/* What gdb is asked for, in this order. Without the first there is no use in asking for more. */
enum {
    MAP_MODID, MAP_OFFSET, GLOBAL_LIST, LIST_LEN, LIST_NEXT, LIST_SLOTS, SLOT_GEN, SLOT_MAP,
    THREAD_DTV, DTV_SLOTS, DTV_COUNTER, DTV_POINTER, LINKER_GLOBAL
};
static const char *const names[TLS_SYMBOLS] = {
    [MAP_MODID] = "_thread_db_link_map_l_tls_modid",
    [MAP_OFFSET] = "_thread_db_link_map_l_tls_offset",
    [GLOBAL_LIST] = "_thread_db_rtld_global__dl_tls_dtv_slotinfo_list",
    [LIST_LEN] = "_thread_db_dtv_slotinfo_list_len",
    [LIST_NEXT] = "_thread_db_dtv_slotinfo_list_next",
    [LIST_SLOTS] = "_thread_db_dtv_slotinfo_list_slotinfo",
    [SLOT_GEN] = "_thread_db_dtv_slotinfo_gen",
    [SLOT_MAP] = "_thread_db_dtv_slotinfo_map",
    [THREAD_DTV] = "_thread_db_pthread_dtvp",
    [DTV_SLOTS] = "_thread_db_dtv_dtv",
    [DTV_COUNTER] = "_thread_db_dtv_t_counter",
    [DTV_POINTER] = "_thread_db_dtv_t_pointer_val",
    [LINKER_GLOBAL] = "_rtld_global",
};

/* qSymbol: VALUE ":" NAME, both empty when gdb says that it has read more symbols. The answer names
 * the next symbol we want, or is OK. Each library that is loaded begins this anew, so if the first
 * symbol is where it was, and all are known, it ends there. */
void packet_symbol(struct gdb *g, const char *rest)
{
    char name[80];
    uint64_t value = 0;
    size_t next = 0;
    number(&rest, &value);
    if (*rest++ != ':') {
        say(g, "E01");
        return;
    }
    name[hex_bytes(rest, name, sizeof name - 1)] = 0;
    if (*name) {
        while (next < TLS_SYMBOLS && strcmp(name, names[next])) next++;
        if (next == TLS_SYMBOLS) {
            say(g, "E01");
            return;
        }
        bool same = g->tls_symbols[next] == value && g->tls_symbols[LINKER_GLOBAL];
        g->tls_symbols[next] = value;
        if (next == MAP_MODID && (!value || same)) next = TLS_SYMBOLS - 1;
        next++;
    }
    if (!g->t->thread_pointer || next == TLS_SYMBOLS) {
        say(g, "OK");
        return;
    }
    say(g, "qSymbol:");
    say_hex(g, names[next], strlen(names[next]));
}

/* Eight bytes of the program. False: nothing is there. */
static bool word(struct gdb *g, uint64_t addr, uint64_t *value)
{
    return g->t->read(timeline_machine(g->tl), addr, value, 8) == 8;
}

/* A descriptor of glibc's: bits of the field (of an element, if it is an array), how many elements,
 * and its offset in the structure. */
struct field { uint32_t bits, count, offset; };
static bool field(struct gdb *g, int which, struct field *f)
{
    uint64_t at = g->tls_symbols[which];
    return at && g->t->read(timeline_machine(g->tl), at, f, sizeof *f) == sizeof *f;
}

/* The value of a field of 64 bits in the structure at `at`. */
static bool get(struct gdb *g, int which, uint64_t at, uint64_t *value)
{
    struct field f;
    return field(g, which, &f) && f.bits == 64 && word(g, at + f.offset, value);
}

/* Element n of an array in the structure at `at`. */
static bool element(struct gdb *g, int which, uint64_t at, uint64_t n, uint64_t *addr)
{
    struct field f;
    *addr = 0;
    if (!field(g, which, &f) || !f.bits) return false;
    *addr = at + f.offset + n * (f.bits / 8);
    return true;
}

/* (2) The slotinfo entry of a module: which link_map has the number, and since when. */
static bool slot_of(struct gdb *g, uint64_t module, uint64_t *map, uint64_t *gen)
{
    enum { LISTS = 10000 }; /* before libc has made them, there can be anything */
    uint64_t list, len, slot;
    uint64_t global = g->tls_symbols[LINKER_GLOBAL];
    if (!global || !get(g, GLOBAL_LIST, global, &list)) return false;
    for (int i = 0; list && i < LISTS; i++) {
        if (!get(g, LIST_LEN, list, &len)) return false;
        if (module < len)
            return element(g, LIST_SLOTS, list, module, &slot) && get(g, SLOT_MAP, slot, map) &&
                   get(g, SLOT_GEN, slot, gen);
        module -= len;
        if (!get(g, LIST_NEXT, list, &list)) return false;
    }
    return false;
}

/* (2) A module's block by the thread's dtv. False: it has none (yet). */
static bool block_in_dtv(struct gdb *g, uint64_t fs_base, uint64_t module, uint64_t gen,
                         uint64_t *block)
{
    static const uint64_t UNALLOCATED = UINT64_MAX;
    uint64_t dtv, slot, known, most;
    return get(g, THREAD_DTV, fs_base, &dtv) &&
           element(g, DTV_SLOTS, dtv, -1, &slot) && get(g, DTV_COUNTER, slot, &most) &&
           element(g, DTV_SLOTS, dtv, 0, &slot) && get(g, DTV_COUNTER, slot, &known) &&
           module <= most && gen <= known &&
           element(g, DTV_SLOTS, dtv, module, &slot) && get(g, DTV_POINTER, slot, block) &&
           *block && *block != UNALLOCATED;
}

/* (2) The block of the module whose link_map is at lm. */
static bool block_of_map(struct gdb *g, uint64_t fs_base, uint64_t lm, uint64_t *block)
{
    uint64_t module, offset, map, gen;
    if (!get(g, MAP_MODID, lm, &module) || !get(g, MAP_OFFSET, lm, &offset) || !module ||
        !slot_of(g, module, &map, &gen) || map != lm)
        return false;
    /* 0: not decided yet, or it has none; -1: it never will be there */
    if (offset == 0 || offset == UINT64_MAX)
        return block_in_dtv(g, fs_base, module, gen, block);
    *block = fs_base - offset;
    return true;
}

/* (1) Is lm the program's, or 0 in a program without dynamic linker? Then *tls is its PT_TLS. What
 * is read of lm is the part that <link.h> shows to everyone. A static PIE has one, but nothing
 * in it that describes the rest. */
static bool is_program(struct gdb *g, uint64_t lm, Elf64_Phdr *tls)
{
    uint64_t auxv[256], known[AT_BASE + 1] = {0}, bias = 0, dynamic = 0, at;
    size_t n = g->t->auxv(timeline_machine(g->tl), auxv, sizeof auxv) / 16;
    for (size_t i = 0; i < n; i++)
        if (auxv[2 * i] <= AT_BASE) known[auxv[2 * i]] = auxv[2 * i + 1];
    tls->p_type = PT_NULL;
    for (size_t i = 0; i < known[AT_PHNUM]; i++) {
        Elf64_Phdr ph;
        at = known[AT_PHDR] + i * sizeof ph;
        if (g->t->read(timeline_machine(g->tl), at, &ph, sizeof ph) != sizeof ph) return false;
        /* the first page of the file: the headers are in it, behind the ELF header */
        if (ph.p_type == PT_LOAD && ph.p_offset == 0)
            bias = known[AT_PHDR] - sizeof(Elf64_Ehdr) - ph.p_vaddr;
        if (ph.p_type == PT_DYNAMIC) dynamic = ph.p_vaddr;
        if (ph.p_type == PT_TLS) *tls = ph;
    }
    if (tls->p_type != PT_TLS) return false;
    if (!lm) return !known[AT_BASE];
    return dynamic && word(g, lm + offsetof(struct link_map, l_ld), &at) && at == bias + dynamic;
}

/* The block of the module that lm stands for. The program's begins as near before fs_base as its
 * size and alignment let it (fs_base is aligned enough). */
static bool find_block(struct gdb *g, uint64_t fs_base, uint64_t lm, uint64_t *block)
{
    Elf64_Phdr tls;
    if (!is_program(g, lm, &tls)) return lm && block_of_map(g, fs_base, lm, block);
    uint64_t align = tls.p_align ? tls.p_align : 1;
    *block = fs_base - tls.p_memsz - ((-tls.p_vaddr - tls.p_memsz) & (align - 1));
    return true;
}

/* The thread's fs_base; 0 if there is no such thread, or it has none yet. */
static uint64_t thread_pointer(struct gdb *g, pid_t tid)
{
    uint8_t bytes[REGISTERS_MAX], valid[REGISTERS_MAX];
    size_t at, size, have = g->t->registers(timeline_machine(g->tl), tid, bytes, valid);
    uint64_t value = 0;
    if (register_place(g->t->rows, g->t->thread_pointer, &at, &size) && at + 8 <= have)
        memcpy(&value, bytes + at, 8);
    return value;
}

/* qGetTLSAddr: THREAD "," OFFSET "," LM. gdb has words of its own for an error. */
void packet_tls_address(struct gdb *g, const char *rest)
{
    uint64_t tid, offset, lm, fs_base, block = 0;
    if (!g->t->thread_pointer) return;
    bool good = number(&rest, &tid) && *rest++ == ',' && number(&rest, &offset) &&
                *rest++ == ',' && number(&rest, &lm) && !*rest &&
                (fs_base = thread_pointer(g, tid)) != 0 &&
                find_block(g, fs_base, lm, &block);
    if (good) say(g, "%llx", (unsigned long long)(block + offset));
    else say(g, "E01");
}
