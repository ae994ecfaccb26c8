/* shared.c - memory that changes behind a thread's back.
 *
 * Problem: replay knows two ways for memory to change, the program's own instructions and the results of its own
 * syscalls. There are others, and each must come into the trace as bytes, at a moment when it is certain that
 * they have been written and that no one has looked at them yet.
 *
 *   (a) A thread ends: the kernel zeroes its thread id and marks the robust mutexes it held.
 *   (b) A thread blocks on a priority-inheriting futex: the kernel marks it as waited for, and the owner sees that.
 *
 * Source: get_robust_list(2), set_tid_address(2), futex(2).
 */
#define _GNU_SOURCE
#include "record.h"

#include <linux/futex.h>
#include <sys/syscall.h>

/* ---- (a) the end of a thread ---- */

enum { MAX_ROBUST = 2048 }; /* the kernel gives up then, too */

/* Write down the futexes of t's robust list, which the kernel has marked FUTEX_OWNER_DIED. The list is made of
 * pointers to the next one, ends at its head, and bit 0 of a pointer is a flag. */
static void record_robust(struct task *t)
{
    struct robust_list_head head;
    if (!t->robust || tracee_read(&t->tracee, t->robust, &head, sizeof head) != sizeof head)
        return;
    uint64_t at = (uint64_t)head.list.next & ~1ull;
    for (int n = 0; n < MAX_ROBUST && at != t->robust; n++) {
        event_mem(t, at + head.futex_offset, 4);
        if (tracee_read(&t->tracee, at, &at, sizeof at) != sizeof at)
            break;
        at &= ~1ull;
    }
    if (head.list_op_pending)
        event_mem(t, ((uint64_t)head.list_op_pending & ~1ull) + head.futex_offset, 4);
}

/* Items for what the kernel has done to memory as t ended, if there is anyone left to see it. */
void record_leavings(struct task *t)
{
    static const uint32_t zero;
    if (t->space && t->space->users > 1) {
        record_robust(t);
        if (t->clear_tid)
            trace_item(rec.trace, I_MEM, t->clear_tid, 4, &zero, 4);
    }
    t->robust = t->clear_tid = 0;
}

/* ---- (b) futexes ---- */

/* Items for what the kernel has done to the futex on which t is about to wait. */
void record_futex_waiter(struct task *t)
{
    int op = t->entry.rsi & FUTEX_CMD_MASK;
    if (t->nr == SYS_futex && (op == FUTEX_LOCK_PI || op == FUTEX_LOCK_PI2))
        event_mem(t, t->entry.rdi, 4);
}
