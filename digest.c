/* digest.c - one number for all the memory a program could know itself by.
 *
 * Problem: two instants of a run are to be told apart, or found to be the same, by what the
 * program's memory holds. Recorder and replayer must come to the same number for the same contents,
 * though one looks at mappings of files, shared with others, and the other at copies.
 *
 * Guarantee: equal contents give equal numbers whatever is behind them: an untouched page counts
 * like a page of zeroes, and private mappings cut in two like the whole. Different contents give
 * different numbers, but for one chance in 2^64.
 *
 * How: the recorder lists the ranges (all that is writable and private, or what of it can differ)
 * and the list goes into the trace, so both sides read the same bytes. Left out are, by the
 * functions that cut,
 *
 *   - shared mappings: others write to them at times of their own (but see choose_memory());
 *   - the dead part of each thread's stack, below the 128 bytes that a leaf function may use: the
 *     dynamic linker saves the processor's extended state there, and its "in use" bits differ from run to
 *     run with no other difference (the processor sets them early at a whim).
 *
 *   - the buffers of syscalls that other threads are in: the kernel fills them when it likes.
 *
 * A pagemap entry says which anonymous pages were ever touched; only those are read.
 *
 * Source: Documentation/admin-guide/mm/pagemap.rst of Linux. Start reading at digest().
 */
#define _GNU_SOURCE
#include "preempt.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

enum {
    PAGE = 4096,
    BATCH = 512,    /* pages looked at in one go */
    RED_ZONE = 128, /* bytes below rsp that are alive (System V ABI, 3.2.2) */
    DEAD_MAX =
        8 << 20 /* bytes: the size of a stack, and of the hole one in the middle of a heap makes */
};

/* ---- which memory ---- */

void ranges_add(struct ranges *r, uint64_t start, uint64_t end, bool file)
{
    if (start >= end)
        return;
    r->at = realloc(r->at, (r->count + 1) * sizeof *r->at);
    r->at[r->count++] = (struct range){start, end - start, file};
}

static void collect_mapping(const struct mapping *m, void *data)
{
    if ((m->prot & PROT_WRITE) && !m->shared && m->start != SCRATCH)
        ranges_add(data, m->start, m->end, m->inode != 0);
}

/* All that the process pid can write and nobody else; to be freed with ranges_free(). */
struct ranges ranges_of(pid_t pid)
{
    struct ranges r = {0};
    for_each_map(pid, collect_mapping, &r);
    return r;
}

static void collect_writable(const struct mapping *m, void *data)
{
    if ((m->prot & PROT_WRITE) && m->start != SCRATCH)
        ranges_add(data, m->start, m->end, m->inode != 0);
}

/* And what others can write as well: in replay there are no others. */
struct ranges ranges_with_shared(pid_t pid)
{
    struct ranges r = {0};
    for_each_map(pid, collect_writable, &r);
    return r;
}

/* The same ranges, to be freed as well. */
struct ranges ranges_copy(const struct ranges *r)
{
    struct ranges copy = {malloc(r->count * sizeof *r->at), r->count};
    memcpy(copy.at, r->at, r->count * sizeof *r->at);
    return copy;
}

static void mark_file(const struct mapping *m, void *data)
{
    struct ranges *r = data;
    for (size_t i = 0; i < r->count && m->inode; i++)
        if (m->start < r->at[i].addr + r->at[i].size && r->at[i].addr < m->end)
            r->at[i].file = true;
}

/* Find out which of the ranges are of files, in the process pid. */
void ranges_find_files(struct ranges *r, pid_t pid)
{
    for_each_map(pid, mark_file, r);
}

void ranges_free(struct ranges *r)
{
    free(r->at);
    *r = (struct ranges){0};
}

/* Take out what lies between start and end, rounded outwards to words. */
void ranges_cut(struct ranges *r, uint64_t start, uint64_t end)
{
    start &= ~7ull;
    end = (end + 7) & ~7ull;
    for (size_t i = 0, count = r->count; i < count; i++) {
        uint64_t from = r->at[i].addr, to = from + r->at[i].size;
        if (start >= to || end <= from)
            continue;
        r->at[i].size = start > from ? start - from : 0;
        if (end < to)
            ranges_add(r, end > from ? end : from, to, r->at[i].file);
    }
}

/* Take out the dead part of the stack that sp points into. */
void ranges_cut_stack(struct ranges *r, uint64_t sp)
{
    for (size_t i = 0; i < r->count; i++) {
        uint64_t start = r->at[i].addr, end = (sp - RED_ZONE) & ~7ull;
        if (sp - start >= r->at[i].size || end <= start)
            continue;
        ranges_cut(r, end - start > DEAD_MAX ? end - DEAD_MAX : start, end);
        return;
    }
}

static int by_address(const void *a, const void *b)
{
    uint64_t x = ((const struct range *)a)->addr, y = ((const struct range *)b)->addr;
    return (x > y) - (x < y);
}

/* In ascending order, and what overlaps made one. */
static void ranges_sort(struct ranges *r)
{
    size_t count = 0;
    if (r->count)
        qsort(r->at, r->count, sizeof *r->at, by_address);
    for (size_t i = 0; i < r->count; i++) {
        struct range *last = count ? &r->at[count - 1] : NULL, this = r->at[i];
        uint64_t end = last ? last->addr + last->size : 0;
        if (last && (this.addr < end || (this.addr == end && this.file == last->file))) {
            if (this.addr + this.size > end)
                last->size = this.addr + this.size - last->addr;
            last->file |= this.file;
        } else {
            r->at[count++] = this;
        }
    }
    r->count = count;
}

/* Take in what is in the others as well. */
void ranges_unite(struct ranges *r, const struct ranges *add)
{
    for (size_t i = 0; i < add->count; i++)
        ranges_add(r, add->at[i].addr, add->at[i].addr + add->at[i].size, add->at[i].file);
    ranges_sort(r);
}

/* What is in both; to be freed with ranges_free(). */
struct ranges ranges_common(const struct ranges *a, const struct ranges *b)
{
    struct ranges x = ranges_copy(a), y = ranges_copy(b), common = {0};
    ranges_sort(&x);
    ranges_sort(&y);
    for (size_t i = 0, k = 0; i < x.count && k < y.count;) {
        const struct range *p = &x.at[i], *q = &y.at[k];
        uint64_t end_p = p->addr + p->size, end_q = q->addr + q->size;
        ranges_add(&common, p->addr > q->addr ? p->addr : q->addr, end_p < end_q ? end_p : end_q,
                   q->file);
        if (end_p < end_q)
            i++;
        else
            k++;
    }
    ranges_free(&x);
    ranges_free(&y);
    return common;
}

/* ---- the number ---- */

/* The contents of a piece of memory at addr, 0 if they are zeroes. Two words are folded by one
 * multiply into 128 bits, with keys that depend on the place; the products do not wait for each
 * other, so that memory is what limits the speed. */
static uint64_t hash_piece(uint64_t addr, const uint64_t *word, size_t words)
{
    const uint64_t prime = 0x9e3779b97f4a7c15u;
    uint64_t sum = addr * prime, any = 0, key = addr ^ 0xd1b54a32d192ed03u;
    for (size_t i = 0; i < words; i += 2) {
        uint64_t a = word[i], b = i + 1 < words ? word[i + 1] : 0;
        unsigned __int128 product = (unsigned __int128)(a ^ key) * (b ^ ~key);
        any |= a | b;
        sum += (uint64_t)product ^ (uint64_t)(product >> 64);
        key += prime;
    }
    return any ? sum ^ sum >> 32 : 0;
}

/* Is the page of this pagemap entry known to be zeroes? Bits: 63 present, 62 swapped, 61 of a
 * file. */
static bool untouched(uint64_t entry) { return !(entry >> 61); }

/* As tracee_read(), at a third of its cost for whole pages. */
static size_t read_fast(struct tracee *t, uint64_t addr, void *buf, size_t size)
{
    struct iovec ours = {buf, size}, theirs = {(void *)addr, size};
    if (process_vm_readv(t->pid, &ours, 1, &theirs, 1, 0) == (ssize_t)size)
        return size;
    return tracee_read(t, addr, buf, size);
}

/* The pages from `page` on, `count` of them at most, that are all known to be zeroes, or all not.
 * *zeroes: which. Of a mapping of a file, a page not there is one not read yet, and no page of
 * zeroes. */
static size_t alike(int pagemap, uint64_t page, size_t count, bool file, bool *zeroes)
{
    static uint64_t entry[BATCH];
    size_t n = 0;
    *zeroes = false;
    if (file)
        return count;
    count = pread(pagemap, entry, count * 8, page * 8) / 8;
    *zeroes = count > 0 && untouched(entry[0]);
    while (n < count && untouched(entry[n]) == *zeroes)
        n++;
    return n;
}

/* The sum of the hashes of the pages that this piece of memory, of BATCH pages at most, lies in.
 * What cannot be read counts as zeroes: so it does when it was not there in the recording. */
static uint64_t digest_piece(struct tracee *t, uint64_t addr, size_t size)
{
    static uint64_t words[BATCH * PAGE / 8];
    uint64_t sum = 0;
    size_t got = read_fast(t, addr, words, size);
    for (size_t done = 0, piece; done < got; done += piece) {
        piece = PAGE - (addr + done) % PAGE;
        piece = piece < got - done ? piece : got - done;
        sum += hash_piece(addr + done, words + done / 8, piece / 8);
    }
    return sum;
}

/* The sum of the digests of a range's pages, of which those that were never touched count as zeroes
 * and are not read. */
static uint64_t digest_range(struct tracee *t, int pagemap, const struct range *r)
{
    uint64_t sum = 0, end = r->addr + r->size;
    for (uint64_t at = r->addr, next; at < end; at = next) {
        bool zeroes;
        uint64_t page = at / PAGE, pages = (end + PAGE - 1) / PAGE - page;
        size_t n = alike(pagemap, page, pages < BATCH ? pages : BATCH, r->file, &zeroes);
        if (n == 0)
            break;
        next = (page + n) * PAGE < end ? (page + n) * PAGE : end;
        sum += zeroes ? 0 : digest_piece(t, at, next - at);
    }
    return sum;
}

static int open_pagemap(pid_t pid)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/pagemap", (int)pid);
    return open(path, O_RDONLY | O_CLOEXEC);
}

/* Do the ranges hold more than `most` bytes: would a digest have to read so many? */
bool ranges_hold(struct tracee *t, const struct ranges *r, uint64_t most)
{
    uint64_t bytes = 0;
    int pagemap = open_pagemap(t->pid);
    for (size_t i = 0; i < r->count && pagemap >= 0 && bytes <= most; i++) {
        const struct range *this = &r->at[i];
        uint64_t page = this->addr / PAGE, end = (this->addr + this->size + PAGE - 1) / PAGE;
        bool zeroes;
        for (size_t n; page < end && bytes <= most; page += n) {
            n = alike(pagemap, page, end - page < BATCH ? end - page : BATCH, this->file, &zeroes);
            if (n == 0)
                break;
            bytes += zeroes ? 0 : n * PAGE;
        }
    }
    if (pagemap >= 0)
        close(pagemap);
    return bytes > most;
}

/* The contents of the ranges, as they are now in the stopped task t. Costs 0.2 to 0.3 ms a megabyte
 * that is there. */
uint64_t digest(struct tracee *t, const struct ranges *r)
{
    uint64_t sum = 0;
    int pagemap = open_pagemap(t->pid);
    for (size_t i = 0; i < r->count && pagemap >= 0; i++)
        sum += digest_range(t, pagemap, &r->at[i]);
    if (pagemap >= 0)
        close(pagemap);
    return sum;
}

/* ---- the differences ---- */

/* As ranges_differ(), of a piece of memory, BATCH pages at most. What cannot be read counts as
 * zeroes. */
static size_t pieces_differ(struct tracee *a, struct tracee *b, uint64_t addr, size_t size,
                            struct probe_word *word, size_t most)
{
    static uint64_t of_a[BATCH * PAGE / 8], of_b[BATCH * PAGE / 8];
    size_t got_a = read_fast(a, addr, of_a, size), got_b = read_fast(b, addr, of_b, size), n = 0;
    memset((char *)of_a + got_a, 0, size - got_a);
    memset((char *)of_b + got_b, 0, size - got_b);
    if (!memcmp(of_a, of_b, size))
        return 0;
    for (size_t i = 0; i < size / 8 && n < most; i++)
        if (of_a[i] != of_b[i])
            word[n++] = (struct probe_word){addr + i * 8, of_b[i]};
    return n;
}

/* The words in the ranges which are not the same in a and in b, stopped tasks, as they are in b:
 * the first `most` of them go into `word`. How many there are, no more than that. */
size_t ranges_differ(struct tracee *a, struct tracee *b, const struct ranges *r,
                     struct probe_word *word, size_t most)
{
    size_t n = 0;
    int map_a = open_pagemap(a->pid), map_b = open_pagemap(b->pid);
    for (size_t i = 0; i < r->count; i++) {
        uint64_t end = r->at[i].addr + r->at[i].size;
        for (uint64_t at = r->at[i].addr, next; at < end && n < most; at = next) {
            bool zeroes_a, zeroes_b, file = r->at[i].file;
            uint64_t page = at / PAGE, pages = (end + PAGE - 1) / PAGE - page;
            pages = alike(map_a, page, pages < BATCH ? pages : BATCH, file, &zeroes_a);
            pages = alike(map_b, page, pages, file, &zeroes_b);
            if (pages == 0)
                break;
            next = (page + pages) * PAGE < end ? (page + pages) * PAGE : end;
            if (!zeroes_a || !zeroes_b)
                n += pieces_differ(a, b, at, next - at, word + n, most - n);
        }
    }
    close(map_a);
    close(map_b);
    return n;
}

/* The vector and floating point registers. The header that says which parts are in use is left out:
 * the kernel hands out the parts that are not as if they were. */
uint64_t digest_xsave(pid_t pid)
{
    enum { LEGACY = 416, EXTENDED = 576 };
    uint64_t area[XSAVE_MAX / 8];
    size_t size = get_xsave(pid, area, sizeof area);
    uint64_t sum = hash_piece(1, area, LEGACY / 8);
    return size > EXTENDED ? sum + hash_piece(2, area + EXTENDED / 8, (size - EXTENDED) / 8) : sum;
}

/* The low 8 bytes of the vector registers. */
void vector_registers(pid_t pid, uint64_t low[16])
{
    enum { XMM = 160 };
    uint64_t area[XSAVE_MAX / 8] = {0};
    get_xsave(pid, area, sizeof area);
    for (int i = 0; i < 16; i++)
        low[i] = area[XMM / 8 + 2 * i];
}
