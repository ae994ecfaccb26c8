/* vdso.c - the kernel's own library in a recorded program, made harmless.
 *
 * Problem: the functions of the vDSO tell the time, and the number of the processor, without
 * entering the kernel, so no recorder sees what comes in that way. But a program may look at the
 * library itself: it is in the auxiliary vector, in /proc/PID/maps, and in what dl_iterate_phdr and
 * dladdr go through.
 *
 * So it stays, and each of its functions begins with a plain syscall and a return. The data it
 * would have read (the mappings called vvar) goes. What is in the library comes into the trace like
 * all of a new address space's memory. A library that does not look as expected is taken away
 * altogether; programs do without.
 *
 * Source: vdso(7), elf(5). Start reading at tame_vdso().
 */
#define _GNU_SOURCE
#include "record.h"

#include <elf.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>

enum { MAX_IMAGE = 65536 };

/* The syscall that does what the function does; -1: none, it answers ENOSYS, and its callers know
 * another way. */
static int64_t syscall_of(const char *name)
{
    static const struct { const char *name; int64_t nr; } same[] = {
        {"clock_gettime", SYS_clock_gettime}, {"gettimeofday", SYS_gettimeofday}, {"time", SYS_time},
        {"clock_getres", SYS_clock_getres}, {"getcpu", SYS_getcpu},
    };
    if (!strncmp(name, "__vdso_", 7))
        name += 7;
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        if (!strcmp(name, same[i].name))
            return same[i].nr;
    return -1;
}

/* Write over the function at addr:   b8 nr nr nr nr   mov eax, nr
 *                                    0f 05 c3         syscall; ret */
static bool replace_function(struct task *t, uint64_t addr, int64_t nr)
{
    uint8_t code[8] = {0xb8, 0, 0, 0, 0, 0x0f, 0x05, 0xc3}, none[6] = {0xb8, 0, 0, 0, 0, 0xc3};
    int32_t value = nr < 0 ? -38 /* ENOSYS */ : (int32_t)nr;
    memcpy(code + 1, &value, 4);
    memcpy(none + 1, &value, 4);
    return nr < 0 ? tracee_write(&t->tracee, addr, none, sizeof none)
                  : tracee_write(&t->tracee, addr, code, sizeof code);
}

/* Replace the functions of the library whose image, `size` bytes, is mapped at base. False: it is
 * not understood. */
static bool replace_functions(struct task *t, uint64_t base, const uint8_t *image, size_t size)
{
    const Elf64_Ehdr *e = (const void *)image;
    const Elf64_Shdr *s = (const void *)(image + e->e_shoff);
    if (size < sizeof *e || memcmp(e->e_ident, ELFMAG, SELFMAG) || e->e_shoff > size ||
        e->e_shnum > (size - e->e_shoff) / sizeof *s)
        return false;
    for (int i = 0; i < e->e_shnum; i++) {
        if (s[i].sh_type != SHT_DYNSYM || s[i].sh_link >= e->e_shnum || s[i].sh_offset > size ||
            s[i].sh_size > size - s[i].sh_offset || s[s[i].sh_link].sh_offset >= size)
            continue;
        const Elf64_Sym *sym = (const void *)(image + s[i].sh_offset);
        uint64_t strings = s[s[i].sh_link].sh_offset;
        for (size_t n = 0; n < s[i].sh_size / sizeof *sym; n++)
            if (ELF64_ST_TYPE(sym[n].st_info) == STT_FUNC && sym[n].st_name < size - strings &&
                sym[n].st_value < size &&
                !replace_function(t, base + sym[n].st_value,
                                  syscall_of((const char *)image + strings + sym[n].st_name)))
                return false;
        return true;
    }
    return false;
}

/* The entry of the auxiliary vector at `auxv` that says where the library is; 0: none. */
static uint64_t find_entry(struct task *t, uint64_t auxv, Elf64_auxv_t *a)
{
    for (; auxv && tracee_read(&t->tracee, auxv, a, sizeof *a) == sizeof *a && a->a_type != AT_NULL;
         auxv += sizeof *a)
        if (a->a_type == AT_SYSINFO_EHDR)
            return auxv;
    return 0;
}

struct cleaning { struct task *t; bool all; };

static void unmap(const struct mapping *m, void *data)
{
    struct cleaning *c = data;
    if (!strncmp(m->name, "[vvar", 5) || (c->all && !strcmp(m->name, "[vdso]")))
        inject(&c->t->tracee, SYS_munmap, m->start, m->end - m->start, 0, 0, 0, 0);
}

/* t has just execed, and its stub page is there. auxv: where its auxiliary vector is, 0:
 * unknown. */
void tame_vdso(struct task *t, uint64_t auxv)
{
    Elf64_auxv_t a;
    uint64_t entry = find_entry(t, auxv, &a);
    uint8_t *image = calloc(1, MAX_IMAGE + 1); /* a byte more: a name at the end is ended */
    size_t size = entry && image ? tracee_read(&t->tracee, a.a_un.a_val, image, MAX_IMAGE) : 0;
    struct cleaning c = {t, !size || !replace_functions(t, a.a_un.a_val, image, size)};
    if (c.all && entry) {
        a.a_type = AT_IGNORE;
        tracee_write(&t->tracee, entry, &a, sizeof a);
    }
    for_each_map(t->tid, unmap, &c);
    free(image);
}
