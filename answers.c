/* answers.c - where the recorder shows in the answer to a syscall, and is taken out of it.
 *
 * The recorder keeps itself and all tasks on one processor: that is what makes stops cheap (a stop
 * between two of them costs twenty times as much). The program is not to see it: it counts its
 * processors by sched_getaffinity(2), chooses among them, and looks where it has got to. So each
 * task has a mask of its own here; the first one's is the recorder's, as it was started. A
 * sched_setaffinity is really done, by which the kernel finds all errors and forms the new mask;
 * then that is taken over, and the task goes back to the one processor. The answers of
 * sched_getaffinity and getcpu are put right before they are written down.
 *
 * In the same way: addresses are not random because of us, and rdtsc and cpuid trap because of us.
 * A program that asks is told what it has itself chosen, and if that is to let rdtsc fault, it
 * does.
 *
 * Source: sched_setaffinity(2), personality(2), prctl(2), arch_prctl(2). Start reading at
 * correct_answer().
 */
#define _GNU_SOURCE
#include "record.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>

enum { NAMESPACES = 33 }; /* pid_namespaces(7): nested so deep at most, and the outermost */

/* What the task is called in each pid namespace it is in, in ours first. How many those are. */
static int ids_of(pid_t tid, pid_t id[NAMESPACES])
{
    char path[64], line[1024], *at = NULL, *end;
    int n = 0;
    snprintf(path, sizeof path, "/proc/%d/status", (int)tid);
    FILE *f = fopen(path, "re");
    while (f && !at && fgets(line, sizeof line, f))
        at = strncmp(line, "NSpid:", 6) ? NULL : line + 6;
    for (; at && n < NAMESPACES; at = end, n++) {
        id[n] = strtol(at, &end, 10);
        if (end == at)
            break;
    }
    if (f)
        fclose(f);
    return n;
}

/* The task that pid means to t, NULL if it is none of ours. */
struct task *meant_by(struct task *t, pid_t pid)
{
    pid_t id[NAMESPACES];
    int depth = pid ? ids_of(t->tid, id) : 0;
    if (depth <= 1)
        return pid ? find_task(pid) : t;
    for (struct task *o = rec.tasks; o; o = o->next)
        if (ids_of(o->tid, id) >= depth && id[depth - 1] == pid)
            return o;
    return NULL;
}

static void take_over(struct task *o)
{
    cpu_set_t one;
    if (o && sched_getaffinity(o->tid, sizeof o->cpus, &o->cpus) == 0 &&
        sched_getaffinity(0, sizeof one, &one) == 0)
        sched_setaffinity(o->tid, sizeof one, &one);
}

/* t says it is on a processor that it thinks it may not be on: the first of those it may. */
static void correct_cpu(struct task *t, uint64_t addr)
{
    unsigned cpu, first = 0;
    if (!addr || tracee_read(&t->tracee, addr, &cpu, sizeof cpu) != sizeof cpu ||
        CPU_ISSET(cpu, &t->cpus))
        return;
    while (first < CPU_SETSIZE && !CPU_ISSET(first, &t->cpus))
        first++;
    if (first < CPU_SETSIZE)
        tracee_write(&t->tracee, addr, &first, sizeof first);
}

/* The persona before, with the flag about addresses as the program has set it. */
static int64_t correct_persona(struct task *t, int64_t result)
{
    uint32_t wanted = t->entry.rdi;
    result &= ~(int64_t)ADDR_NO_RANDOMIZE;
    result |= t->fixed_addresses ? ADDR_NO_RANDOMIZE : 0;
    if (wanted != 0xffffffff) {
        t->fixed_addresses = wanted & ADDR_NO_RANDOMIZE;
        t->reads_execute = wanted & READ_IMPLIES_EXEC;
    }
    return result;
}

/* t comes back from a syscall with `result`, which is yet to be written down. Returns what the
 * program is to see. */
int64_t correct_answer(struct task *t, int64_t result)
{
    const struct user_regs_struct *e = &t->entry;
    struct task *o;
    int tsc = t->no_tsc ? PR_TSC_SIGSEGV : PR_TSC_ENABLE;
    int64_t corrected = result;
    if (result < 0)
        return result;
    if (t->nr == SYS_sched_setaffinity)
        take_over(meant_by(t, e->rdi));
    else if (t->nr == SYS_getcpu)
        correct_cpu(t, e->rdi);
    else if (t->nr == SYS_sched_getaffinity && (o = meant_by(t, e->rdi)) &&
             result <= (int64_t)sizeof o->cpus)
        tracee_write(&t->tracee, e->rdx, &o->cpus, result);
    else if (t->nr == SYS_personality)
        corrected = correct_persona(t, result);
    else if (t->nr == SYS_prctl && e->rdi == PR_GET_TSC)
        tracee_write(&t->tracee, e->rsi, &tsc, sizeof tsc);
    else if (t->nr == SYS_arch_prctl && e->rdi == ARCH_GET_CPUID && rec.cpuid_faults)
        corrected = 1;
    if (corrected != result) {
        t->regs.rax = corrected;
        t->regs.orig_rax = -1;
        ptrace(PTRACE_SETREGS, t->tid, 0, &t->regs);
    }
    return corrected;
}

/* t's prctl(PR_SET_TSC), which is not let through: its answer. */
int64_t set_tsc(struct task *t)
{
    if (t->entry.rsi != PR_TSC_ENABLE && t->entry.rsi != PR_TSC_SIGSEGV)
        return -EINVAL;
    t->no_tsc = t->entry.rsi == PR_TSC_SIGSEGV;
    return 0;
}
