/* affinity.c - the processors a recorded program may run on, as far as it knows.
 *
 * The recorder keeps itself and all tasks on one processor: that is what makes stops cheap (a stop
 * between two of them costs twenty times as much). The program is not to see it: it counts its processors by
 * sched_getaffinity(2), chooses among them, and looks where it has got to.
 *
 * So each task has a mask of its own here; the first one's is the recorder's, as it was started. A sched_setaffinity is really done, by which the kernel finds all errors and
 * forms the new mask; then that is taken over, and the task goes back to the one processor. The answers of
 * sched_getaffinity and getcpu are put right before they are written down.
 */
#define _GNU_SOURCE
#include "record.h"

#include <sys/syscall.h>

/* The task that pid means to t, NULL if it is none of ours. */
static struct task *meant_by(struct task *t, pid_t pid)
{
    return pid ? find_task(pid) : t;
}

static void take_over(struct task *o)
{
    cpu_set_t one;
    if (o && sched_getaffinity(o->tid, sizeof o->cpus, &o->cpus) == 0 && sched_getaffinity(0, sizeof one, &one) == 0)
        sched_setaffinity(o->tid, sizeof one, &one);
}

/* t says it is on a processor that it thinks it may not be on: the first of those it may. */
static void correct_cpu(struct task *t, uint64_t addr)
{
    unsigned cpu, first = 0;
    if (!addr || tracee_read(&t->tracee, addr, &cpu, sizeof cpu) != sizeof cpu || CPU_ISSET(cpu, &t->cpus))
        return;
    while (first < CPU_SETSIZE && !CPU_ISSET(first, &t->cpus))
        first++;
    if (first < CPU_SETSIZE)
        tracee_write(&t->tracee, addr, &first, sizeof first);
}

/* t comes back from a syscall with `result`, which is yet to be written down. */
void affinity_answer(struct task *t, int64_t result)
{
    const struct user_regs_struct *e = &t->entry;
    struct task *o;
    if (result < 0)
        return;
    if (t->nr == SYS_sched_setaffinity)
        take_over(meant_by(t, e->rdi));
    else if (t->nr == SYS_getcpu)
        correct_cpu(t, e->rdi);
    else if (t->nr == SYS_sched_getaffinity && (o = meant_by(t, e->rdi)) && result <= (int64_t)sizeof o->cpus)
        tracee_write(&t->tracee, e->rdx, &o->cpus, result);
}
