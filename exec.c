/* exec.c - new address spaces: making them ours, and writing all of them down.
 *
 * After an execve the program has not run one instruction. That is the moment to shut the doors (no
 * clocks in the vDSO, rdtsc and cpuid made to fault), to put the stub page in, and to write down
 * the whole of it: each mapping, and each page that is not simply what a file or zeroes would give.
 * Replay builds exactly this from nothing (replay.c), so it depends neither on the kernel's way of
 * laying programs out nor on the files being there still.
 *
 * Start reading at record_exec().
 */
#define _GNU_SOURCE
#include "record.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { PAGE = 4096 };

/* The number in the trace of the file behind a mapping; -1 if it has none that can be copied. */
static int mapped_file(struct task *t, const struct mapping *m)
{
    char path[128];
    if (!m->inode)
        return -1;
    /* map_files names the very file, even one that was deleted, but needs a privilege */
    snprintf(path, sizeof path, "/proc/%d/map_files/%llx-%llx", (int)t->tid,
             (unsigned long long)m->start, (unsigned long long)m->end);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        fd = open(m->name, O_RDONLY | O_CLOEXEC);
    struct stat st;
    int n = -1;
    if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
        n = trace_add_file(rec.trace, fd, m->name);
    if (fd >= 0)
        close(fd);
    return n;
}

/* Write down pages of the mapping that are not zero, as one item for each run of them. */
static void record_contents(struct task *t, const struct mapping *m)
{
    static const uint8_t zeroes[PAGE];
    uint8_t page[PAGE];
    uint64_t run = 0;
    for (uint64_t at = m->start; at <= m->end; at += PAGE) {
        bool data = at < m->end && tracee_read(&t->tracee, at, page, PAGE) == PAGE &&
                    memcmp(page, zeroes, PAGE);
        if (data && !run)
            run = at;
        if (!data && run) {
            event_mem(t, run, at - run);
            run = 0;
        }
    }
}

/* Write down the pages of a private file mapping that differ from the file: those the kernel itself
 * changed when it loaded the program (the end of .data). */
static void record_differences(struct task *t, const struct mapping *m, int file)
{
    char path[4200];
    enum { BLOCK = 16 * PAGE };
    static uint8_t memory[BLOCK], disk[BLOCK];
    snprintf(path, sizeof path, "%s/files/%d", trace_writer_dir(rec.trace), file);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    for (uint64_t at = m->start; at < m->end && fd >= 0; at += BLOCK) {
        uint64_t want = m->end - at < BLOCK ? m->end - at : BLOCK;
        size_t got = tracee_read(&t->tracee, at, memory, want);
        ssize_t n = pread(fd, disk, want, m->offset + (at - m->start));
        if (n < 0)
            break;
        memset(disk + n, 0, want - n);
        for (uint64_t page = 0; page + PAGE <= got; page += PAGE)
            if (memcmp(memory + page, disk + page, PAGE))
                event_mem(t, at + page, PAGE);
    }
    if (fd >= 0)
        close(fd);
}

enum { MAX_STACK = 64 << 20 }; /* a program that is allowed more, or any, seldom takes it */

/* Where t's stack would begin if it grew as large as it may. */
static uint64_t lowest_stack(struct task *t, const struct mapping *m)
{
    struct rlimit lim = {0, 0};
    prlimit(t->tid, RLIMIT_STACK, NULL, &lim);
    uint64_t size = lim.rlim_cur > MAX_STACK ? MAX_STACK : lim.rlim_cur & ~4095ul;
    return m->end - size < m->start ? m->end - size : m->start;
}

/* for_each_map(): the stack can grow by itself, down to its limit. Replay gets all of that at once,
 * since nobody tells of growth there. */
static void record_stack(const struct mapping *m, void *task)
{
    struct item_map im = {.prot = m->prot, .file = -1};
    if (strcmp(m->name, "[stack]"))
        return;
    uint64_t least = m->end - MAX_STACK, start = lowest_stack(task, m);
    if (least < start)
        trace_item(rec.trace, I_UNMAP, least, start - least, NULL, 0);
    if (start < m->start)
        trace_item(rec.trace, I_MAP, start, m->start - start, &im, sizeof im);
}

/* t's stack may grow to another size from now on; below that it is to fault in replay, too. */
void record_stack_limit(struct task *t)
{
    for_each_map(t->tid, record_stack, t);
}

/* The items for one mapping of t's. The stack is written down as large as it may grow, so that it
 * need not grow in replay. */
static void record_map(const struct mapping *m, void *task)
{
    struct task *t = task;
    if (m->start == STUB_PAGE || m->start == SCRATCH || !strcmp(m->name, "[vsyscall]"))
        return;
    struct item_map im = {.prot = m->prot, .file = mapped_file(t, m), .offset = m->offset};
    uint64_t start = strcmp(m->name, "[stack]") ? m->start : lowest_stack(t, m);
    trace_item(rec.trace, I_MAP, start, m->end - start, &im, sizeof im);
    if (im.file < 0)
        record_contents(t, m);
    else if (m->prot & PROT_WRITE && !m->shared)
        record_differences(t, m, im.file);
    if (im.file >= 0 && m->prot & PROT_EXEC && !m->shared)
        record_chance(t, im.file, m->offset, m->start, m->end - m->start);
}

static bool is_program(const char *path)
{
    char magic[4] = "";
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool elf = fd >= 0 && read(fd, magic, 4) == 4 && !memcmp(magic, "\177ELF", 4);
    if (fd >= 0)
        close(fd);
    return elf;
}

/* How t's descriptor fd was opened: the flags of open(2). */
int descriptor_flags(struct task *t, int fd)
{
    char path[64], line[128];
    int flags = 0;
    snprintf(path, sizeof path, "/proc/%d/fdinfo/%d", (int)t->tid, fd);
    FILE *f = fopen(path, "re");
    while (f && fgets(line, sizeof line, f) && sscanf(line, "flags: %o", &flags) != 1)
        ;
    if (f)
        fclose(f);
    return flags;
}

/* May the file, which t maps privately by descriptor fd, be written to while it is mapped? Then
 * replay gets no copy of the file but memory, into which the trace puts what is written. It is one
 * that is open for writing, or has been changed since we began; but not a library, which a debugger
 * is to find as a file. */
static bool may_change(struct task *t, int fd, const struct stat *st)
{
    char path[64];
    if ((descriptor_flags(t, fd) & O_ACCMODE) == O_RDONLY && st->st_mtime < rec.began)
        return false;
    snprintf(path, sizeof path, "/proc/%d/fd/%d", (int)t->tid, fd);
    return !is_program(path);
}

/* Is t's mmap a private one of such a file? */
static bool changes_privately(struct task *t)
{
    const struct user_regs_struct *r = &t->entry;
    char path[64];
    struct stat st;
    snprintf(path, sizeof path, "/proc/%d/fd/%d", (int)t->tid, (int)r->r8);
    return (r->r10 & (MAP_PRIVATE | MAP_SHARED | MAP_ANONYMOUS)) == MAP_PRIVATE &&
           stat(path, &st) == 0 && S_ISREG(st.st_mode) && may_change(t, r->r8, &st);
}

struct range { struct task *t; uint64_t addr, len; bool may_change; };

/* for_each_map(): an I_MAP for the part of m that lies in r, and its contents where no file of the
 * trace has them. */
static void record_map_in(const struct mapping *m, void *data)
{
    struct range *r = data;
    struct mapping part = *m;
    if (m->end <= r->addr || (r->len && m->start >= r->addr + r->len) ||
        (!r->len && m->start != r->addr))
        return;
    if (part.start < r->addr) {
        part.offset += r->addr - part.start;
        part.start = r->addr;
    }
    if (r->len && part.end > r->addr + r->len)
        part.end = r->addr + r->len;
    struct item_map im = {.prot = m->prot,
                          .file = -1,
                          .offset = part.offset,
                          .flags = m->shared ? MAPPED_SHARED : 0,
                          .object = m->shared ? shared_object(r->t, &part) : 0};
    if (r->t->nr == SYS_mmap && r->t->entry.r10 & MAP_GROWSDOWN)
        im.flags |= MAPPED_GROWSDOWN;
    if (r->may_change)
        shared_private(r->t, &part);
    else if (!im.object)
        im.file = mapped_file(r->t, m);
    trace_item(rec.trace, I_MAP, part.start, part.end - part.start, &im, sizeof im);
    /* zeroes, which looking would make pages of */
    bool fresh = r->t->nr == SYS_mmap && r->t->entry.r10 & MAP_ANONYMOUS;
    if (im.file >= 0 && m->prot & PROT_EXEC && !m->shared)
        record_chance(r->t, im.file, part.offset, part.start, part.end - part.start);
    if (im.file < 0 && (m->shared || m->inode) && !fresh)
        record_contents(r->t, &part); /* shared memory with something in it already, a device... */
}

/* The items for what a syscall just mapped at addr; len 0: the one mapping that begins there
 * (shmat). */
void record_mapping(struct task *t, uint64_t addr, uint64_t len)
{
    struct range r = {t, addr, (len + PAGE - 1) & ~(uint64_t)(PAGE - 1),
                      t->nr == SYS_mmap && changes_privately(t)};
    if (addr)
        for_each_map(t->tid, record_map_in, &r);
}

/* ---- address spaces ---- */

struct space *space_new(void)
{
    struct space *s = calloc(1, sizeof *s);
    s->users = 1;
    s->next = rec.spaces;
    rec.spaces = s;
    return s;
}

/* t has ended, or execs: the last one frees the space. */
void space_leave(struct task *t)
{
    struct space *s = t->space, **at = &rec.spaces;
    t->space = NULL;
    if (!s || --s->users)
        return;
    while (*at != s)
        at = &(*at)->next;
    *at = s->next;
    if (rec.last_space == s)
        rec.last_space = NULL;
    shared_free(s);
    forget_writable(s);
    written_free(s);
    free(s);
}

/* The item for the private mapping at addr that t's mmap has just made, or that brk made (fd -1).
 * What the arguments say is what it is; to look it up in the list of all mappings would cost a
 * program of many mappings the square of their number. False: it is of a kind that must be looked
 * up. */
static bool record_private(struct task *t, uint64_t addr, uint64_t len, uint32_t prot, int fd,
                           uint64_t offset)
{
    struct item_map im = {.prot = prot, .file = -1, .offset = offset};
    char link[64], path[4096];
    struct stat st;
    if (fd >= 0) {
        snprintf(link, sizeof link, "/proc/%d/fd/%d", (int)t->tid, fd);
        ssize_t n = readlink(link, path, sizeof path - 1);
        if (n <= 0 || stat(link, &st) != 0 || !S_ISREG(st.st_mode) || may_change(t, fd, &st) ||
            (fd = open(link, O_RDONLY | O_CLOEXEC)) < 0)
            return false;
        path[n] = 0;
        im.file = trace_add_file(rec.trace, fd, path);
        close(fd);
        if (im.file < 0)
            return false;
    }
    trace_item(rec.trace, I_MAP, addr, (len + PAGE - 1) & ~(uint64_t)(PAGE - 1), &im, sizeof im);
    if (im.file >= 0 && prot & PROT_EXEC)
        record_chance(t, im.file, offset, addr, len);
    return true;
}

/* The items for a successful mmap of t's, whose arguments are in t->entry. */
void record_mmap(struct task *t, uint64_t addr)
{
    const struct user_regs_struct *r = &t->entry;
    int unusual =
        r->r10 & ~(MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_FIXED_NOREPLACE | MAP_STACK |
                   MAP_NORESERVE | MAP_DENYWRITE | MAP_POPULATE | MAP_NONBLOCK | MAP_32BIT);
    bool anonymous = r->r10 & MAP_ANONYMOUS;
    const int type = 15, droppable = 8; /* newer than our headers: a child gets zeroes */
    if ((r->r10 & type) == droppable)
        t->space->fork_differs = true;
    if (unusual || t->reads_execute ||
        !record_private(t, addr, r->rsi, r->rdx, anonymous ? -1 : (int)r->r8,
                        anonymous ? 0 : r->r9))
        record_mapping(t, addr, r->rsi);
}

struct growth { struct task *t; uint64_t from, to; };

static void record_growth_in(const struct mapping *m, void *data)
{
    struct growth *g = data;
    struct mapping part = *m;
    if (m->start >= g->to || m->end <= g->from || !m->inode)
        return;
    part.start = m->start > g->from ? m->start : g->from;
    record_contents(g->t, &part);
}

/* t's mremap has let a mapping grow: items for what is in the new part, if a file is. */
void record_growth(struct task *t, uint64_t addr)
{
    const struct user_regs_struct *r = &t->entry;
    if (r->rdx > r->rsi) {
        struct growth g = {t, addr + ((r->rsi + PAGE - 1) & ~(uint64_t)(PAGE - 1)), addr + r->rdx};
        for_each_map(t->tid, record_growth_in, &g);
    }
}

void record_heap(struct task *t, uint64_t addr, uint64_t len)
{
    uint32_t prot = PROT_READ | PROT_WRITE | (t->reads_execute ? PROT_EXEC : 0);
    record_private(t, addr, len, prot, -1, 0);
}

/* ---- after an exec ---- */

/* Where the auxiliary vector begins on the first stack: behind argc, argv, NULL, envp, NULL. */
static uint64_t find_auxv(struct task *t, uint64_t rsp)
{
    uint64_t word, at = rsp + 8;
    for (int nulls = 0; nulls < 2; at += 8) {
        if (tracee_read(&t->tracee, at, &word, 8) != 8)
            return 0;
        nulls += word == 0;
    }
    return at;
}

/* A program whose code is not 64-bit, an i386 or an x32 one? They have other syscalls and other
 * registers. */
static bool not_64bit(int fd)
{
    Elf32_Ehdr h;
    return read(fd, &h, sizeof h) == sizeof h && !memcmp(h.e_ident, ELFMAG, SELFMAG) &&
           h.e_ident[EI_CLASS] == ELFCLASS32 && (h.e_machine == EM_386 || h.e_machine == EM_X86_64);
}

/* t is about to execute the file named at `path`, in the directory `dirfd` if that is relative. Is
 * it one to be refused, with ENOEXEC, as by a kernel that has no 32-bit syscalls? (ldd tries the
 * 32-bit linker, too.) */
bool exec_is_32bit(struct task *t, int dirfd, uint64_t path)
{
    char name[4096 + 64], file[4096] = "";
    tracee_read(&t->tracee, path, file, sizeof file - 1);
    if (file[0] == '/')
        snprintf(name, sizeof name, "%s", file);
    else if (dirfd == AT_FDCWD)
        snprintf(name, sizeof name, "/proc/%d/cwd/%s", (int)t->tid, file);
    else
        snprintf(name, sizeof name, "/proc/%d/fd/%d%s%s", (int)t->tid, dirfd, file[0] ? "/" : "",
                 file);
    struct stat st;
    if (stat(name, &st) != 0 || !S_ISREG(st.st_mode) || access(name, X_OK) != 0)
        return false; /* the kernel will say why not */
    int fd = open(name, O_RDONLY | O_CLOEXEC);
    bool is = fd >= 0 && not_64bit(fd);
    if (fd >= 0)
        close(fd);
    return is;
}

/* Put the stub page in, by a syscall instruction lent to the program's first instruction. */
static bool map_stub_page(struct task *t, uint64_t rip)
{
    uint8_t code[2];
    uint64_t arg[6] = {
        STUB_PAGE, PAGE, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE,
        -1,        0};
    tracee_read(&t->tracee, rip, code, 2);
    tracee_write(&t->tracee, rip, stub_page_code, 2);
    int64_t at = inject_at(&t->tracee, rip, SYS_mmap, arg);
    tracee_write(&t->tracee, rip, code, 2);
    return at == STUB_PAGE &&
           tracee_write(&t->tracee, STUB_PAGE, stub_page_code, sizeof stub_page_code);
}

/* A whole /proc file of t as an item. */
static void record_proc_file(struct task *t, enum item_kind kind, const char *name)
{
    char path[64], buf[8192];
    snprintf(path, sizeof path, "/proc/%d/%s", (int)t->tid, name);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? -1 : read(fd, buf, sizeof buf);
    if (n > 0)
        trace_item(rec.trace, kind, 0, n, buf, n);
    if (fd >= 0)
        close(fd);
}

/* t's execve has succeeded; it stands at the first instruction of its new program. */
void record_exec(struct task *t)
{
    uint8_t xsave[XSAVE_MAX];
    char path[64], exe[4096];
    if (t->tracee.mem >= 0)
        close(t->tracee.mem);
    t->tracee.mem = open_mem(t->tid);
    scratch_leave(t);
    space_leave(t);
    t->space = space_new();
    t->clear_tid = t->robust = 0;
    t->entered = t->restarting = t->reads_execute = false;
    uint64_t auxv = find_auxv(t, t->regs.rsp);
    enum { CS_32BIT = 0x23 }; /* where `syscall` is another, or none */
    if (t->regs.cs == CS_32BIT || !map_stub_page(t, t->regs.rip)) {
        fprintf(stderr,
                t->regs.cs == CS_32BIT
                    ? "rr: a 32-bit program cannot be recorded (process %d)\n"
                    : "rr: process %d has no place for the recorder's page at 0x70000000\n",
                (int)t->pid);
        exit(EXIT_INTERNAL);
    }
    tame_vdso(t, auxv);
    scratch_map(t);
    inject(&t->tracee, SYS_prctl, PR_SET_TSC, PR_TSC_SIGSEGV, 0, 0, 0, 0);
    rec.cpuid_faults = inject(&t->tracee, SYS_arch_prctl, ARCH_SET_CPUID, 0, 0, 0, 0, 0) == 0;
    ptrace(PTRACE_GETREGS, t->tid, 0, &t->regs);
    t->regs.orig_rax = -1;
    event_begin(t, EV_EXEC, &t->regs, 0, rec.cpuid_faults ? -1 : sched_getcpu(), 0);
    snprintf(path, sizeof path, "/proc/%d/exe", (int)t->tid);
    ssize_t n = readlink(path, exe, sizeof exe);
    trace_item(rec.trace, I_EXE, 0, n, exe, n > 0 ? n : 0);
    record_proc_file(t, I_ARGV, "cmdline");
    Elf64_auxv_t a[64];
    n = tracee_read(&t->tracee, auxv, a, sizeof a);
    int count = 0;
    while (count < 63 && a[count].a_type != AT_NULL)
        count++;
    trace_item(rec.trace, I_AUXV, auxv, 0, a, (count + 1) * sizeof *a);
    for_each_map(t->tid, record_map, t);
    size_t len = get_xsave(t->tid, xsave, sizeof xsave);
    trace_item(rec.trace, I_XSAVE, 0, len, xsave, len);
    event_end();
    t->at_event = true;
}
