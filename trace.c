/* trace.c - the trace on disk.
 *
 * Problem: a recording must survive whatever ends the recorder (SIGKILL, a full disk, a crash), be
 * read back without trusting a byte of it, and cost next to nothing while the program runs.
 *
 * Guarantee: each event is on file, whole, as soon as trace_end_event() returns, whatever happens
 * to the recorder; a trace cut off anywhere is read up to its last whole event and says that it was
 * cut; a changed byte is found and named by its place.
 *
 * How: the file is written through a shared mapping (a killed process loses none of it), in chunks
 * that are allocated beforehand, so that a full disk is an error code here and not a SIGBUS. An
 * event is
 *
 *       +--------+----------+------------------------------------------------+
 *       | length | checksum | type tid pid nr result how  regs        items  |
 *       |  u32   |   u32    |     struct packed_event     mask, words        |
 *       +--------+----------+------------------------------------------------+
 *                            <------------------ length --------------------->
 *
 * in which registers are stored as the difference to the last event of the same thread: a mask of
 * the 27 words of user_regs_struct, then those that changed. Length and checksum are written last,
 * at once: a record that is being written has zeroes there, which is where a reader stops.
 *
 * Start reading at struct packed_event; writer and reader of each thing stand together.
 */
#define _GNU_SOURCE
#include "rr.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define TRACE_MAGIC "tinyrr\n"
enum { TRACE_VERSION = 2, NREGS = sizeof(struct user_regs_struct) / 8 };
/* the file grows by this: large enough to be rare, small beside any disk */
enum { CHUNK = 16 << 20 };
/* files larger than this, in bytes, have no checksum: it would be felt */
enum { CHECKED_FILE = 64 << 20 };
enum { DELTA_TASKS = 256 };

struct file_header {
    char magic[8];
    uint32_t version, pad;
    uint64_t size; /* of the whole file, set when the recorder closes it; 0: it was cut off */
};
struct record_header {
    uint32_t length, checksum;
};
struct packed_event {
    uint8_t type;
    uint8_t how;
    uint16_t pad;
    int32_t tid, pid, pad2;
    int64_t nr, result;
    uint32_t mask; /* which words of regs follow */
    uint32_t pad3;
};
struct packed_item { /* then `len` bytes, and up to 7 of padding */
    uint32_t kind, len;
    uint64_t addr, size;
};
_Static_assert(sizeof(struct packed_event) == 40, "the format of the trace");
_Static_assert(sizeof(struct packed_item) == 24, "the format of the trace");
_Static_assert(NREGS == 27, "the mask has 32 bits");

/* The registers of each thread at its last event: what the next ones are the difference to. A
 * direct- mapped table, the same on both sides: a thread that finds another's row starts from
 * zeroes. */
struct delta {
    struct { pid_t tid; uint64_t word[NREGS]; } row[DELTA_TASKS];
};

static uint64_t *delta_row(struct delta *d, pid_t tid)
{
    unsigned i = (unsigned)tid % DELTA_TASKS;
    if (d->row[i].tid != tid) {
        memset(&d->row[i], 0, sizeof d->row[i]);
        d->row[i].tid = tid;
    }
    return d->row[i].word;
}

/* A 64-bit checksum of len bytes: eight bytes a step, each folded in by a multiply. Finds any
 * single changed word for certain; it is no protection against malice. */
uint64_t checksum(const void *data, size_t len, uint64_t seed)
{
    const uint64_t prime = 0x9e3779b97f4a7c15u; /* odd, so that each step is a bijection */
    const uint8_t *p = data;
    uint64_t h = seed ^ (len * prime);
    for (; len >= 8; p += 8, len -= 8) {
        uint64_t w;
        memcpy(&w, p, 8);
        h = (h ^ w) * prime;
        h ^= h >> 29;
    }
    uint64_t tail = 0;
    memcpy(&tail, p, len);
    h = (h ^ tail) * prime;
    return h ^ (h >> 32);
}

/* ---- where traces live ---- */

/* $RR_TRACE_DIR, else $XDG_DATA_HOME/tinyrr, else ~/.local/share/tinyrr; malloced. */
char *trace_root(void)
{
    const char *dir = getenv("RR_TRACE_DIR"), *home = getenv("HOME");
    char *path = NULL;
    int n;
    if (dir && *dir)
        n = asprintf(&path, "%s", dir);
    else if ((dir = getenv("XDG_DATA_HOME")) && *dir)
        n = asprintf(&path, "%s/tinyrr", dir);
    else
        n = asprintf(&path, "%s/.local/share/tinyrr", home && *home ? home : "/tmp");
    return n < 0 ? NULL : path;
}

/* mkdir -p. False: errno says why. */
static bool make_dirs(const char *path)
{
    char *copy = strdup(path);
    for (char *p = copy + 1; *p; p++) {
        if (*p != '/')
            continue;
        *p = 0;
        mkdir(copy, 0777);
        *p = '/';
    }
    free(copy);
    return mkdir(path, 0777) == 0 || errno == EEXIST;
}

/* ---- writing ---- */

struct trace_writer {
    char *dir;
    int fd;
    /* the chunk being written, two chunks long so that records may straddle */
    uint8_t *map;
    uint64_t map_offset;    /* its place in the file */
    uint64_t map_size;
    uint64_t at;            /* where the record being written begins */
    uint8_t *buf;           /* it is put together here */
    size_t len, size;
    bool full;              /* the disk is: nothing more is written */
    struct delta delta;
    struct file_id { dev_t dev; ino_t ino; off_t size; struct timespec mtime; } *files;
    int nfiles;
};

const char *trace_writer_dir(const struct trace_writer *w)
{
    return w->dir;
}

/* Make the next `need` bytes from w->at on writable through w->map. */
static bool reserve(struct trace_writer *w, uint64_t need)
{
    if (w->map && w->at + need <= w->map_offset + w->map_size)
        return true;
    if (w->map)
        munmap(w->map, w->map_size);
    w->map = NULL;
    w->map_offset = w->at & ~(uint64_t)4095;
    w->map_size = (w->at - w->map_offset + need + CHUNK + 4095) & ~(uint64_t)4095;
    /* Allocated, not only lengthened: a write to a hole of a full disk would be a SIGBUS. */
    int err = posix_fallocate(w->fd, w->map_offset, w->map_size);
    if (err == 0) {
        void *p = mmap(NULL, w->map_size, PROT_READ | PROT_WRITE, MAP_SHARED, w->fd, w->map_offset);
        if (p != MAP_FAILED) {
            w->map = p;
            return true;
        }
        err = errno;
    }
    fprintf(stderr, "rr: %s/events: %s; the recording ends here, the program goes on\n", w->dir,
            strerror(err));
    w->full = true;
    return false;
}

/* PROG-N with the first N that is free, made in the root; malloced, NULL with errno set. */
static char *new_dir(const char *prog)
{
    char *root = trace_root(), *path = NULL;
    const char *base = strrchr(prog, '/') ? strrchr(prog, '/') + 1 : prog;
    if (!make_dirs(root)) {
        fprintf(stderr, "rr: cannot make %s: %s (RR_TRACE_DIR chooses another place)\n", root,
                strerror(errno));
        free(root);
        return NULL;
    }
    for (int n = 0;; n++) {
        if (asprintf(&path, "%s/%s-%d", root, base, n) < 0)
            return NULL;
        if (mkdir(path, 0777) == 0)
            break;
        if (errno != EEXIST) {
            fprintf(stderr, "rr: cannot make %s: %s\n", path, strerror(errno));
            free(path);
            path = NULL;
            break;
        }
        free(path);
    }
    free(root);
    return path;
}

/* Point latest-trace beside the trace at it, atomically: parallel recordings race for it. */
void link_latest(const char *dir)
{
    char *link = NULL, *temp = NULL;
    const char *slash = strrchr(dir, '/');
    int n = slash ? (int)(slash - dir) : 0;
    if (n == 0 || asprintf(&link, "%.*s/latest-trace", n, dir) < 0)
        return;
    if (asprintf(&temp, "%s.%d", link, (int)getpid()) > 0) {
        unlink(temp);
        if (symlink(slash + 1, temp) == 0 && rename(temp, link) != 0)
            unlink(temp);
        free(temp);
    }
    free(link);
}

/* Until the first event is written it cannot be replayed, and says that it was cut off. */
struct trace_writer *trace_create(const char *dir, const char *prog)
{
    struct trace_writer *w = calloc(1, sizeof *w);
    bool exists = dir && access(dir, F_OK) == 0;
    if (dir && (exists || !make_dirs(dir))) {
        fprintf(stderr, "rr: cannot make %s: %s\n", dir, strerror(exists ? EEXIST : errno));
        free(w);
        return NULL;
    }
    w->dir = dir ? realpath(dir, NULL) : new_dir(prog);
    char *path = NULL, *files = NULL;
    if (!w->dir || asprintf(&path, "%s/events", w->dir) < 0 ||
        asprintf(&files, "%s/files", w->dir) < 0) {
        free(w);
        return NULL;
    }
    mkdir(files, 0777);
    w->fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (w->fd < 0)
        fprintf(stderr, "rr: cannot make %s: %s\n", path, strerror(errno));
    free(path);
    free(files);
    if (w->fd < 0 || !reserve(w, sizeof(struct file_header)))
        return NULL;
    struct file_header h = {TRACE_MAGIC, TRACE_VERSION, 0, 0};
    memcpy(w->map, &h, sizeof h);
    w->at = sizeof h;
    if (!dir)
        link_latest(w->dir);
    return w;
}

/* Append n bytes, padded to a multiple of eight, to the record being put together. */
static void put(struct trace_writer *w, const void *data, size_t n)
{
    size_t padded = (n + 7) & ~(size_t)7;
    if (w->len + padded > w->size) {
        w->size = (w->len + padded) * 2;
        w->buf = realloc(w->buf, w->size);
    }
    if (n)
        memcpy(w->buf + w->len, data, n);
    memset(w->buf + w->len + n, 0, padded - n);
    w->len += padded;
}

/* Begins to put a record together in w->buf: the event itself, its registers as the difference to
 * the thread's last. */
void trace_event(struct trace_writer *w, const struct event *e)
{
    struct packed_event p = {.type = e->type, .how = e->how, .tid = e->tid, .pid = e->pid,
                             .nr = e->nr, .result = e->result};
    uint64_t now[NREGS], *last = delta_row(&w->delta, e->tid);
    memcpy(now, &e->regs, sizeof now);
    w->len = 0;
    for (int i = 0; i < NREGS; i++)
        p.mask |= (uint32_t)(now[i] != last[i]) << i;
    put(w, &p, sizeof p);
    for (int i = 0; i < NREGS; i++)
        if (p.mask >> i & 1)
            put(w, &now[i], 8);
    memcpy(last, now, sizeof now);
}

void trace_item(struct trace_writer *w, enum item_kind kind, uint64_t addr, uint64_t size,
                const void *data, uint64_t len)
{
    struct packed_item p = {kind, len, addr, size};
    put(w, &p, sizeof p);
    put(w, data, len);
}

/* Puts the record behind the last one. Nothing of it is seen by a reader before its header is,
 * which is written in one piece, last. */
bool trace_end_event(struct trace_writer *w)
{
    if (w->full || !reserve(w, sizeof(struct record_header) * 2 + w->len))
        return false;
    uint8_t *p = w->map + (w->at - w->map_offset);
    struct record_header h = {w->len, checksum(w->buf, w->len, w->at)};
    memcpy(p + sizeof h, w->buf, w->len);
    uint64_t both;
    memcpy(&both, &h, sizeof both);
    __atomic_store_n((uint64_t *)p, both, __ATOMIC_RELEASE); /* last: now the record exists */
    w->at += sizeof h + w->len;
    return true;
}

/* The recording is complete: its header says so from now on, by the size. What was reserved for
 * more is given back. Frees w. */
void trace_close_writer(struct trace_writer *w)
{
    if (!w->full) {
        struct file_header h = {TRACE_MAGIC, TRACE_VERSION, 0, w->at};
        if (ftruncate(w->fd, w->at) == 0 && pwrite(w->fd, &h, sizeof h, 0) != sizeof h)
            fprintf(stderr, "rr: %s/events: %s\n", w->dir, strerror(errno));
    } else if (ftruncate(w->fd, w->at) != 0) {
        fprintf(stderr, "rr: %s/events: %s\n", w->dir, strerror(errno));
    }
    if (w->map)
        munmap(w->map, w->map_size);
    close(w->fd);
    free(w->buf);
    free(w->files);
    free(w->dir);
    free(w);
}

/* ---- the files the program mapped ---- */

/* Copy all of `in` to `out`: sharing the blocks where the file system can. */
bool copy_file(int in, int out, off_t size)
{
    if (ioctl(out, FICLONE, in) == 0)
        return true;
    off_t at = 0;
    while (at < size) {
        ssize_t n = copy_file_range(in, &at, out, NULL, size - at, 0);
        if (n > 0)
            continue;
        if (n == 0)
            return true; /* it shrank meanwhile */
        char buf[65536]; /* other file system, or not a kind of file it does: by hand */
        n = pread(in, buf, sizeof buf, at);
        if (n <= 0 || write(out, buf, n) != n)
            return n == 0;
        at += n;
    }
    return true;
}

/* As checksum(), of much: four sums side by side, as each step of one waits for the step before. */
static uint64_t checksum_fast(const uint8_t *p, size_t len)
{
    const uint64_t prime = 0x9e3779b97f4a7c15u;
    uint64_t sums[4] = {1, 2, 3, 4};
    for (; len >= sizeof sums; p += sizeof sums, len -= sizeof sums) {
        uint64_t w[4];
        memcpy(w, p, sizeof w);
        for (int i = 0; i < 4; i++) {
            sums[i] = (sums[i] ^ w[i]) * prime;
            sums[i] ^= sums[i] >> 29;
        }
    }
    return checksum(p, len, checksum(sums, sizeof sums, 0));
}

/* The checksum of all of an open file; 0: it is too large for that, or empty. */
static uint64_t file_checksum(int fd)
{
    struct stat st;
    if (fstat(fd, &st) != 0 || st.st_size == 0 || st.st_size > CHECKED_FILE)
        return 0;
    void *map = mmap(NULL, st.st_size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);
    uint64_t sum = map == MAP_FAILED ? 0 : checksum_fast(map, st.st_size);
    if (map != MAP_FAILED)
        munmap(map, st.st_size);
    return sum;
}

/* Copy the open file `fd`, known as `path`, into the trace, unless it is there already unchanged.
 * Returns its number there, -1 if it cannot be copied (said why). files/N.path holds the path and,
 * behind its zero, the checksum of files/N. */
int trace_add_file(struct trace_writer *w, int fd, const char *path)
{
    struct stat st;
    if (fstat(fd, &st) != 0)
        return -1;
    struct file_id id = {st.st_dev, st.st_ino, st.st_size, st.st_mtim};
    for (int i = 0; i < w->nfiles; i++)
        if (w->files[i].dev == id.dev && w->files[i].ino == id.ino && w->files[i].size == id.size &&
            !memcmp(&w->files[i].mtime, &id.mtime, sizeof id.mtime))
            return i;
    char name[4096];
    snprintf(name, sizeof name, "%s/files/%d", w->dir, w->nfiles);
    int out = open(name, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    bool ok = out >= 0 && copy_file(fd, out, st.st_size);
    uint64_t sum = ok ? file_checksum(out) : 0;
    if (out >= 0)
        close(out);
    snprintf(name, sizeof name, "%s/files/%d.path", w->dir, w->nfiles);
    FILE *f = ok ? fopen(name, "we") : NULL;
    ok = f && fprintf(f, "%s%c%016llx", path, 0, (unsigned long long)sum) > 0;
    if (f)
        ok = fclose(f) == 0 && ok;
    if (!ok) {
        fprintf(stderr, "rr: cannot copy %s into %s: %s\n", path, w->dir, strerror(errno));
        return -1;
    }
    w->files = realloc(w->files, (w->nfiles + 1) * sizeof *w->files);
    w->files[w->nfiles] = id;
    return w->nfiles++;
}

/* ---- reading ---- */

struct trace {
    char *dir;
    uint8_t *map;
    uint64_t size;
    bool complete;
    bool cut;          /* the last trace_next met the end of a trace that was cut short */
    struct delta delta;
    uint64_t delta_at; /* the offset up to which `delta` is right: records are read in order */
    uint64_t count;    /* the number of the event at delta_at */
    char *paths[4096]; /* of files/N, read when first asked for */
    uint8_t checked[4096 / 8]; /* bit N: files/N is known to be as it was */
};

static void *fail_open(struct trace *t, const char *what, const char *why)
{
    fprintf(stderr, "rr: %s: %s\n", what, why);
    trace_close(t);
    return NULL;
}

/* The directory of the trace that is meant by `dir`, malloced: a bare name that is no directory
 * here is looked for where traces live, NULL is the latest. NULL: there is none (said so). */
char *trace_locate(const char *dir)
{
    char *root = trace_root(), *latest = NULL, *real;
    if (!dir && asprintf(&latest, "%s/latest-trace", root) > 0)
        dir = latest;
    else if (!strchr(dir, '/') && access(dir, F_OK) != 0 &&
             asprintf(&latest, "%s/%s", root, dir) > 0)
        dir = latest; /* a bare name, as rr ls shows it */
    real = realpath(dir, NULL);
    if (!real && latest && errno == ENOENT && strstr(latest, "/latest-trace"))
        fprintf(stderr, "rr: %s: no recording yet: rr record PROGRAM makes one\n", root);
    else if (!real)
        fprintf(stderr, "rr: %s/events: %s\n", dir, strerror(errno));
    free(latest);
    free(root);
    return real;
}

/* All of the events are mapped, and read as they are needed; trace_close() frees it. */
struct trace *trace_open(const char *dir)
{
    char *path = NULL, *real = trace_locate(dir);
    struct trace *t = real ? calloc(1, sizeof *t) : NULL;
    if (!t)
        return NULL;
    t->dir = real;
    if (asprintf(&path, "%s/events", t->dir) < 0)
        return NULL;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat st = {0};
    struct file_header h = {0};
    const char *why = NULL;
    if (fd < 0 || fstat(fd, &st) != 0)
        why = strerror(errno);
    else if (pread(fd, &h, sizeof h, 0) != sizeof h || memcmp(h.magic, TRACE_MAGIC, 8) != 0)
        why = "not a recording of tinyrr, or cut off before its first event";
    else if (h.version != TRACE_VERSION)
        why = "a recording of another version of tinyrr; record it again";
    t->size = st.st_size;
    t->complete = h.size == t->size;
    if (!why && (t->map = mmap(NULL, t->size, PROT_READ, MAP_PRIVATE, fd, 0)) == MAP_FAILED) {
        t->map = NULL;
        why = strerror(errno);
    }
    if (fd >= 0)
        close(fd);
    if (why)
        t = fail_open(t, path, why);
    else
        t->delta_at = trace_first(t);
    free(path);
    return t;
}

void trace_close(struct trace *t)
{
    if (t->map)
        munmap(t->map, t->size);
    for (size_t i = 0; i < sizeof t->paths / sizeof *t->paths; i++)
        free(t->paths[i]);
    free(t->dir);
    free(t);
}

const char *trace_dir(const struct trace *t)
{
    return t->dir;
}

bool trace_cut_short(const struct trace *t)
{
    return t->cut;
}

uint64_t trace_first(const struct trace *t)
{
    (void)t;
    return sizeof(struct file_header);
}

/* The record at `offset` is damaged: nothing after it can be trusted. Does not return. */
static void corrupt(const struct trace *t, uint64_t offset)
{
    fprintf(stderr, "rr: %s/events: damaged at byte %llu, in event %llu; record it again\n", t->dir,
            (unsigned long long)offset, (unsigned long long)t->count);
    exit(EXIT_INTERNAL);
}

/* Decode the record at offset into e, its registers on top of the thread's last. False: the trace
 * ends there. A damaged record ends the program with a line that names it. */
static bool decode(struct trace *t, uint64_t offset, struct event *e, uint64_t *next)
{
    struct record_header h = {0};
    struct packed_event p;
    if (offset + sizeof h <= t->size)
        memcpy(&h, t->map + offset, sizeof h);
    if (h.length == 0) { /* the end; in a trace that was cut off, perhaps of a record begun */
        if (h.checksum || (t->complete && offset != t->size))
            corrupt(t, offset);
        t->cut = !t->complete;
        return false;
    }
    const uint8_t *body = t->map + offset + sizeof h;
    if (h.length > t->size - offset - sizeof h) {
        t->cut = true;
        return false;
    }
    if ((uint32_t)checksum(body, h.length, offset) != h.checksum || h.length < sizeof p)
        corrupt(t, offset);
    memcpy(&p, body, sizeof p);
    uint64_t *word = delta_row(&t->delta, p.tid);
    const uint8_t *at = body + sizeof p;
    for (int i = 0; i < NREGS; i++)
        if (p.mask >> i & 1) {
            memcpy(&word[i], at, 8);
            at += 8;
        }
    *e = (struct event){.number = t->count, .offset = offset, .type = p.type, .tid = p.tid, .pid = p.pid,
                        .nr = p.nr, .result = p.result, .how = p.how, .items = at,
                        .items_end = body + h.length};
    memcpy(&e->regs, word, sizeof e->regs);
    *next = offset + sizeof h + h.length;
    return true;
}

/* The event at *offset. Reading on in order is cheap; an earlier offset starts the reader over,
 * since registers are differences to what came before. */
bool trace_next(struct trace *t, uint64_t *offset, struct event *e)
{
    uint64_t next;
    if (*offset < t->delta_at) {
        memset(&t->delta, 0, sizeof t->delta);
        t->delta_at = trace_first(t);
        t->count = 0;
    }
    while (t->delta_at < *offset) {
        if (!decode(t, t->delta_at, e, &next))
            return false;
        t->delta_at = next;
        t->count++;
    }
    if (!decode(t, *offset, e, &next))
        return false;
    *offset = t->delta_at = next;
    t->count++;
    return true;
}

/* False: that was the last. Nothing in a record is trusted: an item that would go beyond it
 * ends it. */
bool trace_next_item(const struct event *e, const uint8_t **at, struct item *i)
{
    struct packed_item p;
    if (*at + sizeof p > e->items_end)
        return false;
    memcpy(&p, *at, sizeof p);
    const uint8_t *data = *at + sizeof p;
    if (p.len > (uint64_t)(e->items_end - data))
        return false;
    *i = (struct item){p.kind, p.addr, p.size, data, p.len};
    *at = data + ((p.len + 7) & ~7u);
    return true;
}

/* The path of files/N when it was recorded, NULL if there is no such file. Lives as long as the
 * trace. */
const char *trace_file_path(const struct trace *t, int file)
{
    if (file < 0 || (size_t)file >= sizeof t->paths / sizeof *t->paths)
        return NULL;
    char **path = &((struct trace *)t)->paths[file];
    if (!*path) {
        char name[4096];
        size_t size = 0;
        snprintf(name, sizeof name, "%s/files/%d.path", t->dir, file);
        FILE *f = fopen(name, "re");
        if (f && getdelim(path, &size, 0, f) < 0) {
            free(*path);
            *path = NULL;
        }
        if (f)
            fclose(f);
    }
    return *path;
}

/* Is files/N what it was when it was copied? If not, that is said, and the end. Looked at once. */
void trace_check_file(struct trace *t, int file)
{
    char name[4096];
    unsigned long long was = 0;
    if ((size_t)file >= sizeof t->checked * 8 || t->checked[file / 8] >> file % 8 & 1)
        return;
    t->checked[file / 8] |= 1 << file % 8;
    snprintf(name, sizeof name, "%s/files/%d.path", t->dir, file);
    FILE *f = fopen(name, "re");
    snprintf(name, sizeof name, "%s/files/%d", t->dir, file);
    int fd = open(name, O_RDONLY | O_CLOEXEC), c = 0;
    while (f && (c = getc(f)) != 0 && c != EOF)
        ;
    if (f && fd >= 0 && fscanf(f, "%16llx", &was) == 1 && was && file_checksum(fd) != was) {
        fprintf(stderr, "rr: %s: damaged; this was the recorded program's %s; record it again\n", name,
                trace_file_path(t, file));
        exit(EXIT_INTERNAL);
    }
    if (f)
        fclose(f);
    if (fd >= 0)
        close(fd);
}

/* Where the trace keeps its copy of the file that was `path`: put into buf, which is returned; NULL
 * if the program did not map it. The last copy counts: the program may have rewritten the file. */
const char *trace_find_file(const struct trace *t, const char *path, char *buf, size_t size)
{
    const char *found = NULL, *p;
    for (int i = 0; (p = trace_file_path(t, i)); i++)
        if (!strcmp(p, path)) {
            snprintf(buf, size, "%s/files/%d", t->dir, i);
            found = buf;
        }
    return found;
}
