/* boot.c - puts a kernel into memory and the CPU at its start, as a boot loader would.
 *
 * Problem: a kernel comes as a raw image (zImage or any program), which wants to be started at
 * RAM + 64K, or as an ELF file, which says where it wants to be. Guarantees: the layout is the one
 * QEMU uses for this machine, so whatever boots there boots here; an image that is broken, empty or
 * does not fit is refused with a line that says so. How: at the kernel's first instruction
 *
 *      RAM + 0x100     the list of tags (ATAGs): memory, command line, where the initrd is
 *      RAM + 0x10000   a raw kernel
 *      RAM + half      the initrd, or after the kernel if that is longer
 *
 *      r0 = 0, r1 = 0x2c9 (the machine's number), r2 = the tags; SVC mode, MMU off, interrupts
 *      masked.
 *
 * Where to start: boot_load.
 */
#include "board.h"
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TAGS_OFFSET = 0x100, KERNEL_OFFSET = 0x10000, MACHINE_SPITZ = 0x2c9 };
enum { COMMAND_LINE_MAX = 1023 }; /* Linux for ARM takes 1024 with the zero */

/* An image of the guest's, in the host's memory. */
struct image {
    const char *name; /* for messages */
    const uint8_t *bytes;
    size_t size;
};

/* The built-in guest, if the checkout has one. */
#if __has_include("guest/guest.bin")
__asm__(".section .rodata\n"
        ".balign 4\n"
        "guest_begin: .incbin \"guest/guest.bin\"\n"
        "guest_end:\n"
        ".previous\n");
extern const uint8_t guest_begin[], guest_end[];
static struct image built_in(void)
{
    return (struct image){ "the built-in guest", guest_begin, guest_end - guest_begin };
}
#else
static struct image built_in(void)
{
    board_fail("no built-in guest in this build; name a kernel with -kernel FILE");
}
#endif

/* Maps a file. */
static struct image open_image(const char *name)
{
    struct image image = { .name = name };
    struct stat st;
    int fd = open(name, O_RDONLY);

    if (fd < 0 || fstat(fd, &st))
        board_fail("%s: %s", name, strerror(errno));
    if (!S_ISREG(st.st_mode))
        board_fail("%s: not a file", name);
    if (st.st_size == 0)
        board_fail("%s: the file is empty", name);
    image.size = st.st_size;
    image.bytes = mmap(NULL, image.size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (image.bytes == MAP_FAILED)
        board_fail("%s: %s", name, strerror(errno));
    close(fd);
    return image;
}

/* Copies bytes to a guest address; what is not RAM is refused. */
static void load(const struct image *image, size_t offset, hwaddr addr, size_t size)
{
    if (addr < RAM_BASE || size > ram_size || addr - RAM_BASE > ram_size - size)
        board_fail("%s: %zu bytes at %08x do not fit into %u MB of memory at %08x", image->name,
                   size, addr, ram_size >> 20, RAM_BASE);
    memcpy(spitz_ram(addr), image->bytes + offset, size);
    cpu_phys_written(&cpu, addr, size);
}

/* Loads an ELF file by its program headers. Returns where to start; *end is the end of it all. */
static hwaddr load_elf(const struct image *image, hwaddr *end)
{
    Elf32_Ehdr h;
    Elf32_Phdr p;

    if (image->size < sizeof h)
        board_fail("%s: the ELF file is cut off", image->name);
    memcpy(&h, image->bytes, sizeof h);
    if (h.e_ident[EI_CLASS] != ELFCLASS32 || h.e_ident[EI_DATA] != ELFDATA2LSB ||
        h.e_machine != EM_ARM || h.e_type != ET_EXEC)
        board_fail("%s: not an executable for 32-bit little-endian ARM", image->name);
    for (int i = 0; i < h.e_phnum; i++) {
        size_t at = h.e_phoff + (size_t)i * sizeof p;

        if (h.e_phentsize != sizeof p || at + sizeof p > image->size)
            board_fail("%s: the ELF file is cut off", image->name);
        memcpy(&p, image->bytes + at, sizeof p);
        if (p.p_type != PT_LOAD || !p.p_memsz)
            continue;
        if ((size_t)p.p_offset + p.p_filesz > image->size || p.p_filesz > p.p_memsz)
            board_fail("%s: the ELF file is cut off", image->name);
        if (p.p_memsz > ram_size)
            board_fail("%s: does not fit into %u MB of memory", image->name, ram_size >> 20);
        load(image, p.p_offset, p.p_paddr, p.p_filesz);
        if (p.p_paddr - RAM_BASE > ram_size - p.p_memsz)
            board_fail("%s: does not fit into %u MB of memory", image->name, ram_size >> 20);
        if (p.p_paddr + p.p_memsz > *end)
            *end = p.p_paddr + p.p_memsz;
    }
    return h.e_entry;
}

/* ---- the tags ----
 *
 * Each is its length in words, its kind, and its words:   size | kind | ...   */
enum {
    ATAG_NONE = 0, ATAG_CORE = 0x54410001, ATAG_MEM = 0x54410002, ATAG_INITRD2 = 0x54420005,
    ATAG_CMDLINE = 0x54410009,
};

/* Appends a tag. Returns the place for the next. */
static uint32_t *put_tag(uint32_t *at, uint32_t kind, const void *words, size_t bytes)
{
    size_t n = (bytes + 3) / 4;

    at[0] = n + 2;
    at[1] = kind;
    at[n + 1] = 0; /* a string's padding */
    memcpy(at + 2, words, bytes);
    return at + 2 + n;
}

/* Writes the list. An initrd of size 0 is none. */
static void put_tags(const char *command_line, hwaddr initrd, uint32_t initrd_size)
{
    uint32_t *at = (uint32_t *)spitz_ram(RAM_BASE + TAGS_OFFSET);

    at = put_tag(at, ATAG_CORE, (uint32_t[]){ 1, 4096, 0 }, 12); /* flags, page size, root device */
    at = put_tag(at, ATAG_MEM, (uint32_t[]){ ram_size, RAM_BASE }, 8);
    if (initrd_size)
        at = put_tag(at, ATAG_INITRD2, (uint32_t[]){ initrd, initrd_size }, 8);
    if (command_line)
        at = put_tag(at, ATAG_CMDLINE, command_line, strlen(command_line) + 1);
    at[0] = 0; /* ATAG_NONE has no length */
    at[1] = ATAG_NONE;
    cpu_phys_written(&cpu, RAM_BASE, KERNEL_OFFSET);
}

/* Loads the initrd above the kernel, which ends at `end`. Returns its address and size. */
static hwaddr load_initrd(const char *name, hwaddr end, uint32_t *size)
{
    struct image image = open_image(name);
    hwaddr at = RAM_BASE + ram_size / 2;

    if (at < end)
        at = (end + 0xfff) & ~0xfffu;
    load(&image, 0, at, image.size);
    *size = image.size;
    return at;
}

/* Loads everything and puts the CPU, just reset, at the kernel's start. */
void boot_load(const struct boot *boot)
{
    struct image kernel = boot->kernel ? open_image(boot->kernel) : built_in();
    hwaddr entry = RAM_BASE + KERNEL_OFFSET, end = entry, initrd = 0;
    uint32_t initrd_size = 0;

    if (boot->append && strlen(boot->append) > COMMAND_LINE_MAX)
        board_fail("-append: the command line is longer than %d characters", COMMAND_LINE_MAX);
    if (kernel.size >= SELFMAG && !memcmp(kernel.bytes, ELFMAG, SELFMAG)) {
        entry = load_elf(&kernel, &end);
    } else {
        load(&kernel, 0, entry, kernel.size);
        end = entry + kernel.size;
    }
    if (boot->initrd)
        initrd = load_initrd(boot->initrd, end, &initrd_size);
    put_tags(boot->append, initrd, initrd_size);
    cpu.regs[0] = 0;
    cpu.regs[1] = MACHINE_SPITZ;
    cpu.regs[2] = RAM_BASE + TAGS_OFFSET;
    cpu.thumb = entry & 1;
    cpu.regs[15] = entry & ~1u;
}
