/* written.c - which pages a program has written to since an event.
 *
 * Problem: an instant is named by what is in memory (preempt.c), and to read hundreds of megabytes
 * for that takes longer than the turn that it ends.
 *
 * The idea: the name need not tell the instant from all others, only from those where replay looks
 * for it. It looks in one stretch of one thread, from that thread's last event on, and nothing
 * comes in there but what the thread itself writes. So a page that it has not written to is the
 * same at all of these instants, and need not be looked at. What it has written is known to the
 * processor: the pages are protected at a look, and the first write to each after that lifts the
 * protection.
 *
 *             look       t's last event              look            look
 *          -----|---------------|-----------------------|---------------|----->
 *               |<---- pages written here, and maybe    |<-- recently   |
 *               |      more than those                  |               |
 *               |               |<---- written here: all that can differ
 *
 * So the name is made of the union of what the looks have found. There is more than one, because
 * the pages written in the last moment (a millisecond) are few, and they are what the program is at
 * work on: by these, other instants can be told from this one at a glance.
 *
 * Guarantee: every page of the memory asked about that t has written to since its last event is in
 * the list. Others may be as well. So are all pages of a mapping that was not there at the last
 * look: those, that is, which hold anything at all. A page that holds nothing now was not written
 * to, for only a syscall could have emptied it. And the first time it is all the memory.
 *
 * How: userfaultfd's asynchronous write protection, which needs nobody to answer a fault, and ioctl
 * PAGEMAP_SCAN, which lists the pages that lack it and protects them in one go. The descriptor is
 * made in the program, by an injected syscall, taken out of it and closed there. It is about the
 * address space: a child and a new program begin without. What it costs the program: 1 us for each
 * page it writes to between two looks. What shows of it: two adjacent mappings, one made later than
 * a look, may be two lines in /proc/PID/maps where there would be one, and mremap refuses to move
 * both at once.
 *
 * Not everywhere: it takes Linux 6.7, and a program behind a seccomp filter of its own is left
 * alone, as the filter might kill it for that syscall.
 *
 * Source: ioctl_userfaultfd(2); Documentation/admin-guide/mm/pagemap.rst of Linux. Start reading at
 * written_look().
 */
#define _GNU_SOURCE
#include "preempt.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum {
    PAGE = 4096,
    NEAR = 2 * PAGE,    /* bytes: so much between two pieces is read sooner than left out */
    REGIONS = 1024,     /* answers of one ioctl */
    LOOKS = 4,          /* in one stretch, at most, before the instant gets its name... */
    FEW = 16 * PAGE,    /* ... if more than this was written between two; as many are good hints */
    FEATURES = 1 << 15, /* UFFD_FEATURE_WP_ASYNC */
    USER_MODE_ONLY = 1  /* what everybody may have; and nobody is asked about faults here */
};

/* ---- PAGEMAP_SCAN, which is younger than many a linux/fs.h ---- */

enum { IS_WRITTEN = 1 << 1, IS_FILE = 1 << 2, IS_PRESENT = 1 << 3, IS_SWAPPED = 1 << 4 };
enum { PROTECT = 1 << 0, MUST_BE_PROTECTABLE = 1 << 1 }; /* flags; the second: or EPERM */
struct region { uint64_t start, end, categories; };
struct scan {
    uint64_t size, flags;
    uint64_t start, end, walk_end;  /* what to look at; how far it came */
    uint64_t vec, vec_len, max_pages;
    /* of a page's categories these are turned round, then those must all be there, and any of
     * these; and the answer says which it has of the last */
    uint64_t inverted, all, any, answer;
};
#define SCAN _IOWR('f', 16, struct scan)

/* What is known of an address space. */
struct written {
    int fd;              /* the userfaultfd; -1: it cannot be had, and never will be */
    pid_t tid;           /* who ran at the last look... */
    uint64_t events;     /* ... and how many events that one had had; tid 0: there was no look */
    double ran;          /* seconds that its process had run */
    bool everything;     /* since that one's last event, it has perhaps written to all there is */
    struct ranges since; /* else only to this */
    struct ranges recently; /* between the last two looks; it is in `since` as well */
    int looks;           /* since its last event */
};

/* ---- the descriptor ---- */

/* userfaultfd(2)'s handshake: can fd do what is asked of it here? */
static bool can_track(int fd)
{
    struct uffdio_api api = {.api = UFFD_API, .features = FEATURES};
    return fd >= 0 && ioctl(fd, UFFDIO_API, &api) == 0;
}

/* The number of seccomp filters that the task is behind. */
static int filters(pid_t tid)
{
    char path[64], line[256];
    int n = -1;
    snprintf(path, sizeof path, "/proc/%d/status", (int)tid);
    FILE *f = fopen(path, "re");
    while (f && n < 0 && fgets(line, sizeof line, f))
        sscanf(line, "Seccomp_filters: %d", &n);
    if (f)
        fclose(f);
    return n;
}

/* A userfaultfd of t's address space, which the program does not have; -1. */
static int take_descriptor(struct task *t)
{
    enum { OF_THREAD = O_EXCL }; /* PIDFD_THREAD: its own table of files, should that be another */
    long flags = O_CLOEXEC | O_NONBLOCK | USER_MODE_ONLY;
    int ours = syscall(SYS_userfaultfd, flags), fd = -1;
    bool possible = can_track(ours) && filters(t->tid) == filters(getpid());
    if (ours >= 0)
        close(ours);
    int64_t theirs = possible ? inject(&t->tracee, SYS_userfaultfd, flags, 0, 0, 0, 0, 0) : -1;
    if (theirs < 0)
        return -1;
    int pidfd = syscall(SYS_pidfd_open, t->tid, OF_THREAD);
    if (pidfd < 0)
        pidfd = syscall(SYS_pidfd_open, t->pid, 0);
    if (pidfd >= 0) {
        fd = syscall(SYS_pidfd_getfd, pidfd, (int)theirs, 0);
        close(pidfd);
    }
    inject(&t->tracee, SYS_close, theirs, 0, 0, 0, 0, 0);
    if (can_track(fd))
        return fd;
    if (fd >= 0)
        close(fd);
    return -1;
}

/* ---- looking ---- */

/* The piece belongs to the list. One near the last, of the same range (whose pieces begin at
 * first), is made one with it. */
static void add_piece(struct ranges *out, size_t first, uint64_t from, uint64_t to, bool file)
{
    struct range *last = out->count > first ? &out->at[out->count - 1] : NULL;
    if (last && from - (last->addr + last->size) <= NEAR)
        last->size = to - last->addr;
    else
        ranges_add(out, from, to, file);
}

/* The pages from..to that are told by `how`, to the list (or to nobody). False: the kernel refuses,
 * and nothing or not all is in the list. */
static bool scan_pages(int pagemap, const struct scan *how, uint64_t from, uint64_t to,
                       struct ranges *out, bool file)
{
    static struct region region[REGIONS];
    size_t first = out ? out->count : 0;
    while (from < to) {
        struct scan s = *how;
        s.size = sizeof s;
        s.start = from, s.end = to;
        s.vec = (uintptr_t)region, s.vec_len = REGIONS;
        int n = ioctl(pagemap, SCAN, &s);
        if (n < 0)
            return false;
        for (int i = 0; i < n && out; i++)
            add_piece(out, first, region[i].start, region[i].end, file);
        from = s.walk_end;
    }
    return true;
}

/* Of a private mapping of a file, pages that are still the file's are not written to. */
static const struct scan written = {.flags = PROTECT | MUST_BE_PROTECTABLE, .inverted = IS_FILE,
                                    .all = IS_FILE | IS_WRITTEN, .any = IS_PRESENT | IS_SWAPPED};
static const struct scan there = {.inverted = IS_FILE, .all = IS_FILE,
                                  .any = IS_PRESENT | IS_SWAPPED};

/* What has been written to in one range, to the list; and protect it. False: it is not all of
 * mappings that have been made known to the kernel, so all that is there is in the list, and it is
 * not protected. */
static bool look_at(int pagemap, const struct range *r, struct ranges *out)
{
    uint64_t end = r->addr + r->size, from = (r->addr + PAGE - 1) & -PAGE, to = end & -PAGE;
    if (from >= to) { /* no whole page */
        ranges_add(out, r->addr, end, r->file);
        return true;
    }
    size_t before = out->count;
    bool known = scan_pages(pagemap, &written, from, to, out, r->file);
    if (!known) {
        out->count = before;
        if (!scan_pages(pagemap, &there, from, to, out, r->file)) {
            out->count = before;
            ranges_add(out, from, to, r->file);
        }
    }
    ranges_add(out, r->addr, from, r->file);
    ranges_add(out, to, end, r->file);
    return known;
}

/* Make all private mappings known, those that are already once more, and protect what is in the
 * ranges. (Whole mappings, as they are now: a part would be split off.) */
static void make_known(struct task *t, int fd, int pagemap, const struct ranges *among)
{
    struct ranges all = ranges_of(t->tid);
    for (size_t i = 0; i < all.count; i++) {
        struct uffdio_register r = {.range = {all.at[i].addr, all.at[i].size},
                                    .mode = UFFDIO_REGISTER_MODE_WP};
        ioctl(fd, UFFDIO_REGISTER, &r); /* where that is refused, nothing will ever be known */
    }
    ranges_free(&all);
    for (size_t i = 0; i < among->count; i++) {
        const struct range *r = &among->at[i];
        uint64_t from = (r->addr + PAGE - 1) & -PAGE, to = (r->addr + r->size) & -PAGE;
        scan_pages(pagemap, &written, from, to, NULL, false);
    }
}

/* The process's /proc/PID/pagemap; -1: what it has written to cannot be known. */
static int begin_look(struct task *t)
{
    char path[64];
    struct written *w = t->space->written;
    if (!w) {
        t->space->written = w = calloc(1, sizeof *w);
        w->fd = take_descriptor(t);
    }
    snprintf(path, sizeof path, "/proc/%d/pagemap", (int)t->tid);
    return w->fd >= 0 ? open(path, O_RDONLY | O_CLOEXEC) : -1;
}

/* Has there been a look since t's last event? */
static bool looked(const struct task *t)
{
    const struct written *w = t->space->written;
    return w && w->tid == t->tid && w->events == t->events;
}

/* Seconds of the processor that the process has used; -1: it does not say. */
static double time_used(pid_t pid)
{
    clockid_t clock;
    struct timespec used;
    if (clock_getcpuclockid(pid, &clock) != 0 || syscall(SYS_clock_gettime, clock, &used) != 0)
        return -1;
    return used.tv_sec + used.tv_nsec * 1e-9;
}

/* Has t run so little since the last look that another would find next to nothing? That a moment
 * has passed does not mean that it had the processor. */
static bool too_early(const struct task *t)
{
    static const double a_moment = 0.0005;
    double now = time_used(t->pid), then = t->space->written->ran;
    return now >= 0 && then >= 0 && now < then + a_moment;
}

/* Look which of t's memory it has written to: `among` is all that matters. False: it cannot be
 * known. */
static bool look(struct task *t, const struct ranges *among)
{
    struct ranges now = {0};
    bool known = true;
    int pagemap = begin_look(t);
    if (pagemap < 0)
        return false;
    for (size_t i = 0; i < among->count; i++)
        known &= look_at(pagemap, &among->at[i], &now);
    struct written *w = t->space->written;
    if (!known)
        make_known(t, w->fd, pagemap, among);
    close(pagemap);
    if (!looked(t)) {
        ranges_free(&w->since);
        w->everything = !w->tid;
        w->looks = 0;
    }
    ranges_unite(&w->since, &now);
    ranges_free(&w->recently);
    w->recently = now;
    w->looks++;
    w->tid = t->tid;
    w->events = t->events;
    w->ran = time_used(t->pid);
    return true;
}

/* t has been stopped, where it executes code of its own. False: it is to run on for a moment, and
 * this is to be called again then, if it has come to no event. True: what it has written to is
 * known as well as it will be, and written_lists() has it. Many pages in the last moment are
 * perhaps the end of one thing and the beginning of another: then it is worth another moment, or
 * two. */
bool written_look(struct task *t, const struct ranges *among)
{
    uint64_t bytes = 0;
    if (looked(t) && too_early(t))
        return false;
    if (!look(t, among))
        return true;
    const struct written *w = t->space->written;
    for (size_t i = 0; i < w->recently.count; i++)
        bytes += w->recently.at[i].size;
    return w->looks > 1 && (bytes <= FEW || w->looks == LOOKS);
}

/* What t has written to, of the ranges `among`: since its last event, and recently, that is since a
 * moment before the last look. Both are to be freed by the caller. False: it cannot be known. */
bool written_lists(struct task *t, const struct ranges *among, struct ranges *since,
                   struct ranges *recently)
{
    struct ranges before = {0};
    if (looked(t))
        before = ranges_copy(&t->space->written->recently);
    bool known = look(t, among);
    if (known) {
        const struct written *w = t->space->written;
        *since = w->everything ? ranges_copy(among) : ranges_common(&w->since, among);
        ranges_unite(&before, &w->recently);
        *recently = ranges_common(&before, among);
    }
    ranges_free(&before);
    return known;
}

/* The address space is no more. */
void written_free(struct space *s)
{
    if (!s->written)
        return;
    if (s->written->fd >= 0)
        close(s->written->fd);
    ranges_free(&s->written->since);
    ranges_free(&s->written->recently);
    free(s->written);
    s->written = NULL;
}
