/* gdbquery.c - what gdb asks besides: features, objects, files, threads, monitor commands.
 *
 * Problem: gdb shows symbols and source lines only if it finds the program and its libraries as
 * they were. They may have been rebuilt or deleted since.
 *
 * Guarantee: gdb gets them out of the trace (with `set sysroot target:`, its default for a remote
 * target, it asks for them here by the names they had).
 *
 * How: qXfer is "part of an object, please"; vFile is a small file server, read-only, and only for
 * files that are in the trace.
 *
 * Start reading at packet_xfer() and file_calls[].
 */
#define _GNU_SOURCE
#include "gdbstub.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct machine *machine(struct gdb *g) { return timeline_machine(g->tl); }

/* qSupported: remembers what gdb can do, and answers what this target can. */
void packet_supported(struct gdb *g, const char *rest)
{
    g->swbreak = strstr(rest, "swbreak+") != NULL;
    say(g, "PacketSize=%x;QStartNoAckMode+;qXfer:features:read+;swbreak+;hwbreak+;QPassSignals+;"
        "ReverseContinue+;ReverseStep+;vContSupported+", PACKET_MAX / 2);
    if (!g->t->stopper) say(g, ";ConditionalBreakpoints+");
    if (g->t->auxv) say(g, ";qXfer:auxv:read+");
    if (g->t->exe) say(g, ";qXfer:exec-file:read+");
    if (g->t->catch) say(g, ";QCatchSyscalls+");
    if (g->t->siginfo) say(g, ";qXfer:siginfo:read+");
}

/* ---- objects ---- */

/* qXfer:OBJECT:read:ANNEX:OFFSET,LENGTH */
void packet_xfer(struct gdb *g, const char *rest)
{
    static char object[65536];
    const char *range = strrchr(rest, ':'), *annex = strstr(rest, ":read:");
    const struct moved *m = &g->last;
    size_t n;
    if (!annex || range <= annex + 5) return;
    annex += 6;
    if (!strncmp(rest, "features:", 9)) {
        if (strncmp(annex, "target.xml:", 11)) {
            say(g, "E00");
            return;
        }
        n = register_description(g->t->rows, g->t->arch, g->t->abi, object, sizeof object);
    } else if (!strncmp(rest, "auxv:", 5) && g->t->auxv) {
        n = g->t->auxv(machine(g), object, sizeof object);
    } else if (!strncmp(rest, "exec-file:", 10) && g->t->exe) {
        n = snprintf(object, sizeof object, "%s", g->t->exe(machine(g)));
    } else if (!strncmp(rest, "siginfo:", 8) && g->t->siginfo) {
        n = m->kind == MOVED_SIGNAL && g->t->siginfo(machine(g), object, 128) ? 128 : 0;
    } else {
        return;
    }
    say_part(g, object, n, range + 1);
}

/* ---- threads ---- */

void packet_first_threads(struct gdb *g, const char *rest)
{
    pid_t tids[512];
    size_t n = g->t->threads(machine(g), tids, 512);
    (void)rest;
    say(g, "m");
    for (size_t i = 0; i < n; i++) say(g, "%s%x", i ? "," : "", tids[i]);
}

/* What `info threads` shows beside a thread: which one is on its way. */
void packet_thread_info(struct gdb *g, const char *rest)
{
    uint64_t tid;
    char text[64];
    bool current = number(&rest, &tid) && (pid_t)tid == g->t->thread(machine(g));
    say_hex(g, text, snprintf(text, sizeof text, current ? "running" : "waiting"));
}

/* ---- files ----
 *
 * The answers begin with F: "F" RESULT in hex, "F-1," ERRNO, and for data "F" LENGTH ";" BYTES. */

static int *file_slot(struct gdb *g, const char **at)
{
    uint64_t fd;
    if (!number(at, &fd) || fd >= GDB_FILES || g->files[fd] < 0) return NULL;
    return &g->files[fd];
}

static void file_error(struct gdb *g, int gdb_errno) { say(g, "F-1,%x", gdb_errno); }

/* The trace's copy of the file named in hex, NULL if it has none. */
static const char *file_copy(struct gdb *g, const char *hex)
{
    char path[4096];
    path[hex_bytes(hex, path, sizeof path - 1)] = 0;
    return g->t->file ? g->t->file(machine(g), path) : NULL;
}

/* open:NAME,FLAGS,MODE. For reading; the numbers in the protocol are its own. */
static void file_open(struct gdb *g, const char *rest)
{
    enum { NOT_FOUND = 2, TOO_MANY = 24, READ_ONLY = 30 };
    const char *copy = file_copy(g, rest), *flags = strchr(rest, ',');
    uint64_t how = 0;
    int slot = 0;
    if (flags++) number(&flags, &how);
    while (slot < GDB_FILES && g->files[slot] >= 0) slot++;
    if (!copy) file_error(g, NOT_FOUND);
    else if (how & 3) file_error(g, READ_ONLY);
    else if (slot == GDB_FILES) file_error(g, TOO_MANY);
    else if ((g->files[slot] = open(copy, O_RDONLY | O_CLOEXEC)) < 0) file_error(g, NOT_FOUND);
    else say(g, "F%x", slot);
}

/* vFile:close: the descriptor is one that vFile:open gave. */
static void file_close(struct gdb *g, const char *rest)
{
    int *fd = file_slot(g, &rest);
    if (!fd) {
        file_error(g, EBADF);
        return;
    }
    close(*fd);
    *fd = -1;
    say(g, "F0");
}

/* pread:FD,COUNT,OFFSET */
static void file_pread(struct gdb *g, const char *rest)
{
    static char bytes[PACKET_MAX / 2 - 32];
    int *fd = file_slot(g, &rest);
    uint64_t count, offset;
    if (!fd || *rest++ != ',' || !number(&rest, &count) || *rest++ != ',' ||
        !number(&rest, &offset)) {
        file_error(g, EBADF);
        return;
    }
    ssize_t n = pread(*fd, bytes, count < sizeof bytes ? count : sizeof bytes, offset);
    if (n < 0) {
        file_error(g, EIO);
        return;
    }
    say(g, "F%zx;", n);
    say_binary(g, bytes, n);
}

/* fstat:FD. The protocol's struct stat, big-endian: dev, ino, mode, nlink, uid, gid, rdev (4 bytes
 * each), size, blksize, blocks (8 each), atime, mtime, ctime (4 each). */
static void file_fstat(struct gdb *g, const char *rest)
{
    int *fd = file_slot(g, &rest);
    struct stat st;
    uint8_t out[64] = { 0 };
    if (!fd || fstat(*fd, &st)) {
        file_error(g, EBADF);
        return;
    }
    const struct { uint64_t value; int at, size; } fields[] = {
        { st.st_ino, 4, 4 }, { S_IFREG | 0444, 8, 4 }, { 1, 12, 4 }, { st.st_size, 28, 8 }, { 4096, 36, 8 },
        { st.st_blocks, 44, 8 }, { st.st_mtime, 56, 4 },
    };
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        for (int b = 0; b < fields[i].size; b++)
            out[fields[i].at + b] = fields[i].value >> 8 * (fields[i].size - 1 - b);
    say(g, "F%zx;", sizeof out);
    say_binary(g, out, sizeof out);
}

static void file_setfs(struct gdb *g, const char *rest)
{
    (void)rest;
    say(g, "F0");
}

static void file_readlink(struct gdb *g, const char *rest)
{
    (void)rest;
    file_error(g, EINVAL);
}

void packet_file(struct gdb *g, const char *rest)
{
    static const struct {
        const char *name;
        void (*answer)(struct gdb *g, const char *rest);
    } file_calls[] = {
        {"open:", file_open},   {"close:", file_close}, {"pread:", file_pread},
        {"fstat:", file_fstat}, {"setfs:", file_setfs}, {"readlink:", file_readlink},
    };
    for (size_t i = 0; i < sizeof file_calls / sizeof *file_calls; i++)
        if (!strncmp(rest, file_calls[i].name, strlen(file_calls[i].name))) {
            file_calls[i].answer(g, rest + strlen(file_calls[i].name));
            return;
        }
}

/* ---- monitor commands: each writes what is to be shown ---- */

static void monitor_when(struct gdb *g, const char *args, char *text, size_t size)
{
    (void)args;
    timeline_start(); /* it may have to look around */
    size_t n = timeline_when(g->tl, text, size);
    snprintf(text + n, size - n, "\n");
}

static void monitor_checkpoint(struct gdb *g, const char *args, char *text, size_t size)
{
    (void)args;
    timeline_start();
    size_t n = snprintf(text, size, "Checkpoint %d at ", timeline_checkpoint(g->tl));
    n += timeline_when(g->tl, text + n, size - n);
    snprintf(text + n, size - n, "\n");
}

/* To a remembered position; gdb must be told to forget what it knows of the present one. */
static void monitor_restart(struct gdb *g, const char *args, char *text, size_t size)
{
    int n = atoi(args);
    timeline_start();
    g->thread = 0;
    if (timeline_restart(g->tl, n).kind == MOVED_LOST)
        snprintf(text, size, "There is no checkpoint %d.\n", n);
    else monitor_when(g, "", text, size);
}

static void monitor_delete(struct gdb *g, const char *args, char *text, size_t size)
{
    if (!strncmp(args, "checkpoint ", 11)) args += 11;
    bool there = timeline_delete_checkpoint(g->tl, atoi(args));
    snprintf(text, size, there ? "Deleted checkpoint %d.\n" : "There is no checkpoint %d.\n",
             atoi(args));
}

static void monitor_seek(struct gdb *g, const char *args, char *text, size_t size)
{
    timeline_start();
    g->thread = 0;
    struct moved moved = timeline_seek(g->tl, strtoull(args, NULL, 0));
    if (moved.kind == MOVED_LOST) snprintf(text, size, "The recording has no %s %s.\n",
                                           g->t->exact ? "instruction" : "event", args);
    else monitor_when(g, "", text, size);
}

static void monitor_info(struct gdb *g, const char *args, char *text, size_t size)
{
    if (!strcmp(args, "memory")) {
        size_t n = timeline_memory(g->tl, text, size);
        snprintf(text + n, size - n, "\n");
        return;
    }
    if (!strcmp(args, "mappings") && g->t->mappings) {
        char *list = g->t->mappings(timeline_machine(g->tl));
        print(g, list ? list : "");
        free(list);
        *text = 0;
        return;
    }
    if (!timeline_checkpoints(g->tl, text, size)) snprintf(text, size, "No checkpoints.\n");
}

static void monitor_help(struct gdb *g, const char *args, char *text, size_t size)
{
    (void)g, (void)args;
    snprintf(text, size,
             "when                   the present position\n"
             "checkpoint             remember it\n"
             "info checkpoints       what is remembered\n"
             "info memory            what all checkpoints take, also those made unasked to go back quickly\n"
             "info mappings          what is mapped in the program\n"
             "restart N              go to checkpoint N; 0 is the start\n"
             "delete checkpoint N    forget it\n"
             "seek NUMBER            go to where that many events (in a guest: instructions) are over\n");
}

void packet_monitor(struct gdb *g, const char *rest)
{
    static const struct { const char *name; void (*show)(struct gdb *g, const char *args, char *text, size_t size); } commands[] = {
        { "when", monitor_when }, { "checkpoint", monitor_checkpoint }, { "restart", monitor_restart },
        { "delete", monitor_delete }, { "seek", monitor_seek }, { "info", monitor_info }, { "", monitor_help },
    };
    char line[256], text[8192];
    line[hex_bytes(rest, line, sizeof line - 1)] = 0;
    size_t i = 0, n = strcspn(line, " ");
    while (*commands[i].name &&
           (strlen(commands[i].name) != n || strncmp(line, commands[i].name, n)))
        i++;
    commands[i].show(g, line + n + strspn(line + n, " "), text, sizeof text);
    if (*text) say_hex(g, text, strlen(text));
    else say(g, "OK");
}
