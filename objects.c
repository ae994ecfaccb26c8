/* objects.c - memory that a replayed process has mapped in several places.
 *
 * Replay makes shared mappings private, and what others write to them comes out of the trace
 * (shared.c). But if one process maps the same thing twice, a byte written in one place is there in
 * the other at once, with no event between. So a shared thing of the recording, an `object`, is a
 * memfd here, mapped shared: by one replayed process alone, and a checkpoint gets copies of its
 * own.
 *
 * The memfds are rr's; the process opens them under /proc/PID-of-rr/fd only to map them.
 */
#define _GNU_SOURCE
#include "replay.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

struct object { uint32_t number; int fd; };

/* Nothing is ever beyond an object's end: what was, in the recording, replay.c takes away for the
 * moment. */
#define OBJECT_SIZE (1ull << 46)

/* Have r's process open one of our files for itself, by way of the stub page; the descriptor there,
 * or -errno. */
static int64_t lend_file(struct replay *r, int fd)
{
    char path[64];
    int n = snprintf(path, sizeof path, "/proc/%d/fd/%d", (int)getpid(), fd);
    tracee_write(&r->task, STUB_PAGE + 64, path, n + 1);
    return inject(&r->task, SYS_open, STUB_PAGE + 64, O_RDWR | O_CLOEXEC, 0, 0, 0, 0);
}

enum { MANY = 8 }; /* at each multiple, it is seen which are still in use */

static int new_object(void)
{
    int fd = memfd_create("rr-object", MFD_CLOEXEC);
    if (fd >= 0 && ftruncate(fd, OBJECT_SIZE) != 0) {
        fprintf(stderr, "rr: cannot make shared memory to replay with\n");
        exit(EXIT_INTERNAL);
    }
    return fd;
}

struct use { uint64_t inode; bool mapped; };

static void note_use(const struct mapping *m, void *data)
{
    struct use *u = data;
    u->mapped |= m->shared && m->inode == u->inode && !strncmp(m->name, "/memfd:rr-object", 16);
}

/* Forget the objects that are mapped nowhere: the recorder never names them again. */
static void drop_unused(struct replay *r)
{
    size_t kept = 0;
    for (size_t i = 0; i < r->object_count; i++) {
        struct stat st = {0};
        fstat(r->objects[i].fd, &st);
        struct use u = {st.st_ino, false};
        for_each_map(r->task.pid, note_use, &u);
        if (u.mapped)
            r->objects[kept++] = r->objects[i];
        else
            close(r->objects[i].fd);
    }
    r->object_count = kept;
}

/* The object of that number, made if it is new (all zeroes), opened in r's process: the descriptor
 * there, which the caller closes, or -errno. */
int64_t open_object(struct replay *r, uint32_t number)
{
    size_t i = 0;
    while (i < r->object_count && r->objects[i].number != number)
        i++;
    if (i == r->object_count) {
        if (i && i % MANY == 0)
            drop_unused(r), i = r->object_count;
        r->objects = realloc(r->objects, (i + 1) * sizeof *r->objects);
        r->objects[r->object_count++] = (struct object){number, new_object()};
    }
    return lend_file(r, r->objects[i].fd);
}

/* Copy the parts of a sparse file that hold data. */
static void copy_data(int in, int out)
{
    off_t at = 0, end;
    while ((at = lseek(in, at, SEEK_DATA)) >= 0 && (end = lseek(in, at, SEEK_HOLE)) > at) {
        lseek(out, at, SEEK_SET);
        while (at < end && sendfile(out, in, &at, end - at) > 0)
            ;
        if (at < end)
            return;
    }
}

struct remap { struct replay *copy; uint64_t inode; int64_t fd; };

static void remap(const struct mapping *m, void *data)
{
    struct remap *a = data;
    if (m->shared && m->inode == a->inode && !strncmp(m->name, "/memfd:rr-object", 16))
        inject(&a->copy->task, SYS_mmap, m->start, m->end - m->start, m->prot,
               MAP_SHARED | MAP_FIXED, a->fd, m->offset);
}

/* `copy` was forked from r and still shares r's objects: give it its own, with the same
 * contents. */
void fork_objects(const struct replay *r, struct replay *copy)
{
    if (!r->object_count)
        return;
    copy->objects = malloc(r->object_count * sizeof *r->objects);
    for (size_t i = 0; i < r->object_count; i++) {
        struct stat st;
        copy->objects[i] = (struct object){r->objects[i].number, new_object()};
        copy_data(r->objects[i].fd, copy->objects[i].fd);
        fstat(r->objects[i].fd, &st);
        struct remap a = {copy, st.st_ino, lend_file(copy, copy->objects[i].fd)};
        for_each_map(copy->task.pid, remap, &a);
        inject(&copy->task, SYS_close, a.fd, 0, 0, 0, 0, 0);
    }
}

struct patch { struct replay *r; uint64_t addr, len; const uint8_t *data; bool done; };

/* for_each_map(): writes p's bytes through the file of a mapping where memory itself cannot be
 * written (it is mapped read-only, and shared). */
static void patch_map(const struct mapping *m, void *data)
{
    struct patch *p = data;
    struct stat st;
    uint64_t from = m->start > p->addr ? m->start : p->addr;
    uint64_t to = m->end < p->addr + p->len ? m->end : p->addr + p->len;
    for (size_t i = 0; from < to && i < p->r->object_count; i++)
        if (fstat(p->r->objects[i].fd, &st) == 0 && st.st_ino == m->inode)
            p->done |= pwrite(p->r->objects[i].fd, p->data + (from - p->addr), to - from,
                              m->offset + (from - m->start)) == (ssize_t)(to - from);
}

/* Write to memory that may only be read: where it is an object, which not even a debugger's access
 * may change through such a mapping. False: it is none. */
bool write_object(struct replay *r, uint64_t addr, const uint8_t *data, uint64_t len)
{
    struct patch p = {r, addr, len, data, false};
    for_each_map(r->task.pid, patch_map, &p);
    return p.done;
}

void free_objects(struct replay *r)
{
    for (size_t i = 0; i < r->object_count; i++)
        close(r->objects[i].fd);
    free(r->objects);
}
