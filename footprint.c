/* footprint.c - what checkpoints cost.
 *
 * Problem: a checkpoint is a fork, so it costs nothing at first, and then a page for each that is
 * written by those that run on. How much memory all of them take together is known to the kernel
 * alone; asking it takes as long as a fork.
 *
 * Guarantee: forks_grown() never falls, and between two instants it rises by as many bytes as what
 * forks have to themselves has grown, or more; it is quick. replay_share() is exact, and slow.
 *
 * How: a page of its own comes into a process by a page fault, and the kernel counts those. What
 * has faulted in since a process last forked is what its next fork shares with it but not with
 * older ones.
 *
 * Start reading at forks_grown().
 */
#define _GNU_SOURCE
#include "replay.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PAGE = 4096 };

/* A file of /proc/PID, as text. False: it cannot be read. */
static bool read_proc(pid_t pid, const char *name, char *text, size_t size)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/%s", pid, name);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? -1 : read(fd, text, size - 1);
    if (fd >= 0)
        close(fd);
    text[n > 0 ? n : 0] = 0;
    return n > 0;
}

/* Page faults of a task so far: the tenth field of its stat, the eighth after the name's
 * parenthesis. */
static uint64_t faults(pid_t pid)
{
    char text[1024], *at = read_proc(pid, "stat", text, sizeof text) ? strrchr(text, ')') : NULL;
    unsigned long long n = 0;
    if (!at || sscanf(at + 1, " %*c %*d %*d %*d %*d %*d %*u %llu", &n) != 1)
        return 0;
    return n;
}

static uint64_t grown;

uint64_t forks_grown(void) { return grown; }

/* r was forked: what it has written since it was the last time, or was born, is in the fork,
 * too. */
void count_fork(struct replay *r, struct replay *fork)
{
    uint64_t now = faults(r->task.pid);
    grown += (now - r->faults) * PAGE;
    r->faults = now;
    fork->faults = faults(fork->task.pid);
}

/* The number of KB a line of such a file has; 0: no such line. */
static uint64_t kilobytes(const char *text, const char *name)
{
    const char *at = strstr(text, name);
    return at ? strtoull(at + strlen(name), NULL, 10) : 0;
}

/* What the process takes: its share of memory (a page that n checkpoints have in common counts as
 * 1/n) and all of it, in bytes, page tables included. 0 if the kernel does not tell. */
void replay_share(struct replay *r, uint64_t *share, uint64_t *whole)
{
    char text[4096];
    *share = *whole = 0;
    if (!read_proc(r->task.pid, "smaps_rollup", text, sizeof text))
        return;
    *share = kilobytes(text, "\nPss:") * 1024;
    *whole = kilobytes(text, "\nRss:") * 1024;
    if (!read_proc(r->task.pid, "status", text, sizeof text))
        return;
    uint64_t tables = kilobytes(text, "\nVmPTE:") * 1024; /* nobody shares these */
    *share += tables;
    *whole += tables;
}
