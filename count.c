/* count.c - counting how often a replayed process comes to an instruction, at full speed.
 *
 * Problem: to get near an instant that has no name, one counts how often some instruction is come
 * to until then (before.c). A breakpoint does that at 25 us each time; loops make a million passes
 * in a millisecond.
 *
 * Guarantee: either the count is right, or replay_tallied() says that it could not be made.
 *
 * How: while the task runs, a probe at the instruction counts inside the process. Between runs
 * there is none in memory: nobody sees it, and a fork need not know of it.
 *
 * Start reading at run_counting().
 */
#include "replay.h"

/* Is a breakpoint, or its filter's probe, where a probe at site would be? Or that of the next
 * event, if it is a preemption (seek.c)? */
static bool in_the_way(struct replay *r, uint64_t site)
{
    const struct event *e = next_event(r);
    for (size_t i = 0; i < r->breakpoint_count; i++) {
        const struct breakpoint *b = &r->breakpoints[i];
        if (b->wanted && (b->filtered ? probes_collide(site, b->addr) : probe_covers(site, b->addr)))
            return true;
    }
    return e && e->type == EV_PREEMPT && site != e->regs.rip && probes_collide(site, e->regs.rip);
}

/* Is that where the next event is, a preemption? Then its probe counts, too. */
bool counted_by_seek(struct replay *r, uint64_t site)
{
    const struct event *e = next_event(r);
    return site && site == r->tally_at && e && e->type == EV_PREEMPT && site == e->regs.rip;
}

/* From now on, count arrivals at addr; at the `enough`th (0: never) replay_run stops there as if
 * interrupted. addr 0: no more. False: no probe fits there. */
bool replay_tally(struct replay *r, uint64_t addr, uint64_t enough)
{
    r->tally_at = 0;
    r->tallied = 0;
    r->tally_enough = enough;
    r->tally_failed = false;
    remove_breakpoints(r); /* also those no longer wanted */
    if (addr && (in_the_way(r, addr) || !probe_suits(r->probes, &r->task, addr, false)))
        return false;
    r->tally_at = addr;
    return true;
}

/* How often it was come to; UINT64_MAX: unknown, somewhere on the way no probe could be put
 * there. */
uint64_t replay_tallied(const struct replay *r)
{
    return r->tally_failed ? UINT64_MAX : r->tallied;
}

/* run_task(), while counting if that is asked for. */
enum reached run_counting(struct replay *r, bool step, struct user_regs_struct *regs,
                          struct replay_stop *stop)
{
    uint64_t site = r->tally_at;
    struct probe_spec spec = {.kind = PROBE_COUNT,
                              .count = r->tally_enough ? r->tally_enough - r->tallied : 0};
    if (!site || step || counted_by_seek(r, site))
        return run_task(r, step, regs, stop);
    int probe = in_the_way(r, site) ? -1 : probe_install(r->probes, &r->task, site, &spec);
    if (probe < 0) {
        r->tally_failed = true;
        return run_task(r, step, regs, stop);
    }
    if (regs->rip == site) /* it stands there already */
        probes_pass(r->probes, regs);
    enum reached reached = run_task(r, step, regs, stop);
    r->tallied += probe_hits(r->probes, &r->task, probe);
    probe_remove(r->probes, &r->task, probe);
    if (reached == AT_PROBE && regs->rip == site) {
        *stop = (struct replay_stop){.kind = STOP_INTERRUPT};
        return AT_STOP;
    }
    return reached;
}
