/* output.c - output that never passes through the program's memory.
 *
 * Problem: replay shows again what the program wrote to its standard output, and takes the bytes
 * from its memory. sendfile, copy_file_range and splice move bytes from a file or a pipe to it
 * inside the kernel.
 *
 * How: from a file, they are read again right after; no other task has run. From a pipe they are
 * gone by then, so what is in the pipe is duplicated by tee(2) right before. If a pipe is empty
 * then, splice and tee are refused with EINVAL, as for a file that cannot do it; programs fall back
 * to read and write.
 */
#define _GNU_SOURCE
#include "record.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { CHUNK = 1 << 16 };
/* a pipe with what has been duplicated; one task at a time is in such a call */
static int spare[2] = {-1, -1};

/* The file behind t's descriptor, opened anew for reading. */
static int reopen(struct task *t, uint64_t fd)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/fd/%d", (int)t->tid, (int)fd);
    return open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
}

/* Duplicate into `spare` up to len bytes of t's pipe fd; how many, 0 if there are none or it is no
 * pipe. */
static ssize_t duplicate(struct task *t, uint64_t fd, size_t len)
{
    int pipe_fd = reopen(t, fd);
    close(spare[0]), close(spare[1]);
    spare[0] = spare[1] = -1;
    ssize_t n = -1;
    if (pipe_fd >= 0 && pipe2(spare, O_CLOEXEC | O_NONBLOCK) == 0) {
        fcntl(spare[1], F_SETPIPE_SZ, 1 << 20);
        n = tee(pipe_fd, spare[1], len, SPLICE_F_NONBLOCK);
    }
    close(pipe_fd);
    return n < 0 ? 0 : n;
}

/* t enters one of these calls. False: it cannot be recorded, and must be refused. */
bool prepare_copied_output(struct task *t)
{
    const struct user_regs_struct *e = &t->entry;
    uint64_t to = t->nr == SYS_sendfile ? e->rdi : t->nr == SYS_tee ? e->rsi : e->rdx;
    char path[64];
    struct stat st;
    t->output = output_of(t, to);
    if (!t->output)
        return true;
    uint64_t from = t->nr == SYS_sendfile ? e->rsi : e->rdi;
    snprintf(path, sizeof path, "/proc/%d/fd/%d", (int)t->tid, (int)from);
    if (stat(path, &st) == 0 && S_ISREG(st.st_mode))
        return true;
    return (t->nr == SYS_splice || t->nr == SYS_tee) &&
           duplicate(t, from, t->nr == SYS_tee ? e->rdx : e->r8) > 0;
}

/* Where t's descriptor stands in its file. */
uint64_t file_position(struct task *t, uint64_t fd)
{
    char path[64];
    long long pos = 0;
    snprintf(path, sizeof path, "/proc/%d/fdinfo/%d", (int)t->tid, (int)fd);
    FILE *f = fopen(path, "re");
    if (f && fscanf(f, "pos: %lld", &pos) != 1)
        pos = 0;
    if (f)
        fclose(f);
    return pos;
}

/* Where in the file the syscall began to read: at *pointer less what it has read, or at the
 * descriptor's own place. */
static off_t began_at(struct task *t, uint64_t pointer, uint64_t fd, int64_t result)
{
    uint64_t pos = 0;
    if (!pointer)
        pos = file_position(t, fd);
    else if (tracee_read(&t->tracee, pointer, &pos, sizeof pos) != sizeof pos)
        return 0;
    return pos - result;
}

/* t comes back from one of these calls, which has moved `result` bytes to our standard output or
 * error: items. */
void record_copied_output(struct task *t, int64_t result)
{
    const struct user_regs_struct *e = &t->entry;
    bool sendfile = t->nr == SYS_sendfile, duplicated = spare[0] >= 0;
    uint64_t fd = sendfile ? e->rsi : e->rdi;
    if (!t->output || result <= 0)
        return;
    int in = duplicated ? spare[0] : reopen(t, fd);
    off_t at = duplicated ? 0 : began_at(t, sendfile ? e->rdx : e->rsi, fd, result);
    char *buf = malloc(CHUNK);
    while (result > 0) {
        size_t want = result < CHUNK ? result : CHUNK;
        ssize_t n = duplicated ? read(in, buf, want) : pread(in, buf, want, at);
        if (n <= 0)
            break;
        trace_item(rec.trace, I_OUTPUT, t->output, n, buf, n);
        at += n;
        result -= n;
    }
    free(buf);
    close(in);
    if (duplicated)
        close(spare[1]);
    spare[0] = spare[1] = -1;
}
