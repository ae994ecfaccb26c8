/* preempt.h - an instant between two events, named by the state of the program. The map:
 *
 *     digest.c    which memory is part of the state, and one number for its contents
 *     written.c   which of it has changed since the last event, where there is much
 *     preempt.c   recording such an instant
 *     seek.c      finding it again in replay
 *     instant.c   the same for an instant of the debugger's
 */
#ifndef PREEMPT_H
#define PREEMPT_H

#include "record.h"
#include "replay.h"

/* ---- digest.c ---- */
struct range {
    uint64_t addr, size; /* bytes, multiples of eight */
    bool file;           /* mapped from one: pages that are not there are not zeroes */
};
struct ranges { struct range *at; size_t count; };
struct ranges ranges_of(pid_t pid);
struct ranges ranges_with_shared(pid_t pid);
struct ranges ranges_copy(const struct ranges *r);
void ranges_add(struct ranges *r, uint64_t start, uint64_t end, bool file);
void ranges_find_files(struct ranges *r, pid_t pid);
void ranges_free(struct ranges *r);
void ranges_cut(struct ranges *r, uint64_t start, uint64_t end);
void ranges_cut_stack(struct ranges *r, uint64_t sp);
void ranges_unite(struct ranges *r, const struct ranges *add);
struct ranges ranges_common(const struct ranges *a, const struct ranges *b);
uint64_t digest(struct tracee *t, const struct ranges *r);
bool ranges_hold(struct tracee *t, const struct ranges *r, uint64_t most);
uint64_t digest_xsave(pid_t pid);
void vector_registers(pid_t pid, uint64_t low[16]);
size_t ranges_differ(struct tracee *a, struct tracee *b, const struct ranges *r,
                     struct probe_word *word, size_t most);

/* ---- written.c ---- */
bool written_look(struct task *t, const struct ranges *among);
bool written_lists(struct task *t, const struct ranges *among, struct ranges *since,
                   struct ranges *recently);

/* ---- preempt.c: recording ---- */
enum preempted {
    PREEMPT_DONE,   /* the task stands at an instant that has a name, and it is written down */
    PREEMPT_SOON,   /* an event is near: let it run on to that */
    PREEMPT_AGAIN,  /* let it run on for a moment: then there will be a name to be had */
};
enum preempted record_preempt(struct task *t);

/* ---- seek.c: finding it in replay ---- */
bool seek_there(struct replay *r, const struct event *e, const struct user_regs_struct *regs);
enum reached seek_run(struct replay *r, const struct event *e, bool step, bool first,
                      struct user_regs_struct *regs, struct replay_stop *stop);
void seek_forget(struct recording *rec);

/* ---- instant.c ---- */
const struct item_point *instant_point(const struct instant *i);
bool instant_memory(struct replay *r, const struct instant *i, struct user_regs_struct *regs,
                    struct probe_word *word, size_t *count);

#endif
