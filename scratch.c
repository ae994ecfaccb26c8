/* scratch.c - where the kernel writes while other threads look on.
 *
 * Problem: a thread sleeps in read(2), and another one goes on. When a byte comes, from outside or
 * by the clock, the kernel puts it into the buffer at that moment, and the other thread can see it
 * there: at an instant that nobody knows, so that replay cannot do the same.
 *
 * How: the kernel is lent another buffer, which the program does not know of. What came is copied
 * to the program's own one when the recorder meets the end of the syscall: no thread runs then, and
 * replay writes it at that event, too.
 *
 *        program's registers    rsi = buffer ----.                          .---> buffer
 *                                                |  entry                   |  exit
 *        kernel's               rsi = slot  <----'      ... it writes ...   '---- slot
 *
 * Each thread that needs one has a slot in a region that is mapped at exec, next to the stub page.
 * It is only done for calls that may sleep, of processes with several threads or into memory that
 * processes share, and for buffers that an argument points to: what is behind an iovec or a msghdr
 * stays where it is (see finish_woken() for those).
 *
 * Start reading at scratch_lend().
 */
#define _GNU_SOURCE
#include "record.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>

enum {
    SLOT = 0x11000, /* bytes: 64 KB, which many programs read at a time, and a little */
    SLOTS = SCRATCH_SIZE / SLOT,
    SMALL = 256     /* bytes: of so much, what is there before is lent, too */
};

/* Map the region in t's new address space. If it cannot be had, nothing is ever lent. */
void scratch_map(struct task *t)
{
    t->slot = 0;
    t->space->scratch =
        inject(&t->tracee, SYS_mmap, SCRATCH, SCRATCH_SIZE, PROT_READ | PROT_WRITE,
               MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0) == SCRATCH;
}

/* t's slot, one more than its number; 0: there is none left. */
static int slot_of(struct task *t)
{
    for (int i = 0; !t->slot && t->space->scratch && i < SLOTS; i++)
        if (!(t->space->slots & 1ull << i)) {
            t->space->slots |= 1ull << i;
            t->slot = i + 1;
        }
    return t->slot;
}

/* t ends: another may have its slot. */
void scratch_leave(struct task *t)
{
    if (t->slot && t->space)
        t->space->slots &= ~(1ull << (t->slot - 1));
    t->slot = 0;
}

/* Calls that may sleep till something comes, and then write it. */
static bool brings(int64_t nr)
{
    switch (nr) {
    case SYS_read: case SYS_recvfrom: case SYS_accept: case SYS_accept4: case SYS_msgrcv: case SYS_mq_timedreceive:
    case SYS_epoll_wait: case SYS_epoll_pwait: case SYS_epoll_pwait2: case SYS_wait4: case SYS_waitid:
    case SYS_rt_sigtimedwait: case SYS_poll: case SYS_ppoll: case SYS_select: case SYS_pselect6:
        return true;
    }
    return false;
}

/* ... and that read it before. */
static bool also_reads(int64_t nr)
{
    return nr == SYS_poll || nr == SYS_ppoll || nr == SYS_select || nr == SYS_pselect6;
}

static unsigned long long *argument(struct user_regs_struct *r, int i)
{
    return (unsigned long long *[]){&r->rdi, &r->rsi, &r->rdx, &r->r10, &r->r8, &r->r9}[i];
}

/* Can the program itself write to addr? What it cannot, the kernel must find out by itself. */
static bool writable(struct task *t, uint64_t addr)
{
    uint8_t byte;
    struct iovec ours = {&byte, 1}, theirs = {(void *)addr, 1};
    return process_vm_readv(t->tid, &ours, 1, &theirs, 1, 0) == 1 &&
           process_vm_writev(t->tid, &ours, 1, &theirs, 1, 0) == 1;
}

static bool copy(struct task *t, uint64_t to, uint64_t from, uint64_t len)
{
    uint8_t small[SMALL], *buf = len <= SMALL ? small : malloc(len);
    bool done = buf && tracee_read(&t->tracee, from, buf, len) == len &&
                tracee_write(&t->tracee, to, buf, len);
    if (buf != small)
        free(buf);
    return done;
}

/* One buffer that the syscall may write. */
static void lend(struct syscall_ctx *c, uint64_t addr, uint64_t len)
{
    struct task *t = c->owner;
    struct loan *l = &t->loans[t->loan_count];
    uint64_t base = SCRATCH + (uint64_t)(t->slot - 1) * SLOT, used = 0;
    int arg = 0;
    while (arg < 6 && c->arg[arg] != addr)
        arg++;
    for (int i = 0; i < t->loan_count; i++) {
        used = t->loans[i].is + t->loans[i].len - base;
        if (t->loans[i].was == addr)
            arg = 6; /* one buffer for two purposes */
    }
    used = (used + 15) & ~15ull;
    *l = (struct loan){.was = addr, .is = base + used, .len = len, .arg = arg};
    if (!len || !addr)
        return;
    if (arg == 6 || t->loan_count == MAX_LOANS - 1 || len > SLOT - used || !writable(t, addr) ||
        !writable(t, addr + len - 1) ||
        ((len <= SMALL || also_reads(t->nr)) && !copy(t, l->is, addr, len)))
        t->no_loan = true;
    else
        t->loan_count++;
}

/* At the entry of t's syscall, or of its restart: let the kernel write elsewhere. */
void scratch_lend(struct task *t)
{
    struct user_regs_struct r = t->regs;
    t->loan_count = 0;
    t->no_loan = false;
    if (!brings(t->nr) || !others_see(t) || !slot_of(t))
        return;
    struct syscall_ctx c = syscall_context(t, 0);
    c.out = lend;
    syscall_buffers(&c);
    if (t->no_loan)
        t->loan_count = 0;
    for (int i = 0; i < t->loan_count; i++)
        *argument(&r, t->loans[i].arg) = t->loans[i].is;
    if (t->loan_count)
        ptrace(PTRACE_SETREGS, t->tid, 0, &r);
}

/* At its exit: t's registers as the program knows them. */
void scratch_restore(struct task *t)
{
    for (int i = 0; i < t->loan_count; i++)
        if (*argument(&t->regs, t->loans[i].arg) == t->loans[i].is)
            *argument(&t->regs, t->loans[i].arg) = t->loans[i].was;
    if (t->loan_count)
        ptrace(PTRACE_SETREGS, t->tid, 0, &t->regs);
}

/* The kernel has written `len` bytes of the buffer at addr: give them to the program. */
void scratch_bring(struct task *t, uint64_t addr, uint64_t len)
{
    for (int i = 0; i < t->loan_count; i++) {
        const struct loan *l = &t->loans[i];
        if (addr - l->was < l->len)
            copy(t, addr, l->is + (addr - l->was),
                 len < l->was + l->len - addr ? len : l->was + l->len - addr);
    }
}

/* Lengths of addresses: the syscall's rules look at them to say what else was written. */
void scratch_bring_lengths(struct task *t)
{
    for (int i = 0; i < t->loan_count; i++)
        if (t->loans[i].len == 4)
            scratch_bring(t, t->loans[i].was, 4);
}
