/* gdbguest.c - the ARM guest as a machine for timeline.c, and gdb on it: `rr arm -gdb tcp::PORT
 * [-S]`.
 *
 * Problem: debug what runs in the emulator as if it were hardware with a probe on it, backwards,
 * too.
 *
 * Guarantee: gdb-multiarch sees the CPU's registers, those of its other modes and of CP15, and
 * memory as the guest's page tables map it. Looking has no side effects: no device is read, no TLB
 * entry is made. Everything that moves time is timeline.c's, and exact: the clock is the number of
 * instructions.
 *
 * How: a machine is a struct guest (snapshot.c), and running one is board_run (spitz.c). What came
 * in from outside is logged (guestlog.c), so running it again from a snapshot leads to the same
 * instants. Beyond the last instant ever reached the guest is live: there, and only there, keys are
 * read, output is shown, and the host's time passes.
 *
 * Start reading at guest_gdb_session().
 */
#define _GNU_SOURCE
#include "board.h"
#include "engine.h"
#include "snapshot.h"
#include "timeline.h"
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { GUEST_TID = 1 }; /* gdb wants a thread; the CPU is one */

/* ---- the guest as a machine ---- */

static struct guest *guest_of(const struct machine *m) { return (struct guest *)m; }
static const CPUARMState *cpu_of(const struct machine *m) { return guest_cpu(guest_of(m)); }

static struct machine *machine_fork(struct machine *m)
{
    return (struct machine *)guest_fork(guest_of(m));
}
static void machine_free(struct machine *m) { guest_free(guest_of(m)); }
static void machine_share(struct machine *m, uint64_t *share, uint64_t *whole)
{
    *share = *whole = guest_share(guest_of(m));
}
static uint64_t machine_clock(const struct machine *m) { return cpu_of(m)->icount; }
static uint64_t machine_pc(struct machine *m) { return cpu_of(m)->regs[15]; }
static unsigned machine_repeats(struct machine *m) { return m == NULL; }

static bool machine_break(struct machine *m, uint64_t addr)
{
    guest_enter(guest_of(m));
    return addr <= UINT32_MAX && debug_set_breakpoint(&cpu, addr);
}

static bool machine_unbreak(struct machine *m, uint64_t addr)
{
    guest_enter(guest_of(m));
    return debug_clear_breakpoint(&cpu, addr);
}

static bool machine_watch(struct machine *m, int slot, uint64_t addr, int len, enum watch_type type)
{
    guest_enter(guest_of(m));
    debug.watches[slot] = (struct debug_watch){ addr, len, type == WATCH_ACCESS };
    debug_mark_all(&cpu);
    return true;
}

static bool machine_unwatch(struct machine *m, int slot)
{
    return machine_watch(m, slot, 0, 0, WATCH_WRITE);
}

static uint64_t furthest; /* the last instant ever reached */

/* Runs it, as replay_run does a process. Interrupted right before a breakpoint's instruction is
 * stopped by the breakpoint: going on from there will not stop for it. */
static struct replay_stop machine_run(struct machine *m, enum replay_how how, uint64_t until)
{
    struct replay_stop stop = { .tid = GUEST_TID, .syscallno = -1 };

    guest_enter(guest_of(m));
    uint64_t start = cpu.icount;
    debug.hit = DEBUG_NOTHING;
    debug.start = start;
    if (how == RUN_STEP && until > start)
        until = start + 1;
    enum board_stop why = board_run(until);
    switch (why) {
    case BOARD_UNTIL: stop.kind = how == RUN_STEP ? STOP_STEP : STOP_EVENT; break;
    case BOARD_INTERRUPT: stop.kind = STOP_INTERRUPT; break;
    case BOARD_DEBUG:
        stop.kind = debug.hit == DEBUG_WATCHPOINT ? STOP_WATCH : STOP_BREAKPOINT;
        break;
    case BOARD_OFF: stop.kind = STOP_EXIT; break;
    }
    stop.status = board_status();
    if (cpu.icount > furthest)
        furthest = cpu.icount;
    if (stop.kind == STOP_WATCH) {
        stop.watch = debug.watch;
        stop.watch_addr = debug.watches[debug.watch].addr;
    }
    for (unsigned i = 0;
         stop.kind == STOP_INTERRUPT && cpu.icount != start && i < debug.breakpoint_count; i++)
        if (debug.breakpoints[i] == cpu.regs[15])
            stop.kind = STOP_BREAKPOINT;
    debug.hit = DEBUG_NOTHING;
    log_pause();
    return stop;
}

/* Memory as the page tables map it now, up to the first byte that is not RAM. */
static ssize_t machine_read(struct machine *m, uint64_t addr, void *buf, size_t len)
{
    size_t n = 0;

    guest_enter(guest_of(m));
    while (n < len && addr + n <= UINT32_MAX) {
        uint32_t at = addr + n, part = TARGET_PAGE_SIZE - (at & ~TARGET_PAGE_MASK);
        hwaddr paddr;
        const uint8_t *ram = tlb_debug_translate(&cpu, at, &paddr) ? spitz_ram(paddr) : NULL;
        if (!ram)
            break;
        if (part > len - n)
            part = len - n;
        memcpy((uint8_t *)buf + n, ram, part);
        n += part;
    }
    return n ? (ssize_t)n : -1;
}

size_t arm_threads(struct machine *m, pid_t *tids, size_t max)
{
    (void)m;
    if (max)
        tids[0] = GUEST_TID;
    return max ? 1 : 0;
}

pid_t arm_thread(struct machine *m)
{
    (void)m;
    return GUEST_TID;
}

/* ---- registers ---- */

#define CORE "org.gnu.gdb.arm.core"
#define BANKED "org.tinyrr.arm.banked"
#define CP15 "org.tinyrr.arm.cp15"

#define WORD(feature, name) { feature, name, "uint32", 1, 32, 0 }
#define BANK(mode) WORD(BANKED, "sp_" mode), WORD(BANKED, "lr_" mode), WORD(BANKED, "spsr_" mode)
const struct register_row arm_rows[] = {
    { CORE, "r%d", "uint32", 13, 32, 0 }, { CORE, "sp", "data_ptr", 1, 32, 0 },
    { CORE, "lr", "int", 1, 32, 0 }, { CORE, "pc", "code_ptr", 1, 32, 0 }, WORD(CORE, "cpsr"),
    BANK("usr"), BANK("fiq"), BANK("irq"), BANK("svc"), BANK("abt"), BANK("und"), /* as arm.h's banks */
    { BANKED, "r%d_fiq", "uint32", 5, 32, 8 }, WORD(BANKED, "spsr"),
    WORD(CP15, "midr"), WORD(CP15, "ctr"), WORD(CP15, "sctlr"), WORD(CP15, "actlr"), WORD(CP15, "ttbr"),
    WORD(CP15, "dacr"), WORD(CP15, "dfsr"), WORD(CP15, "ifsr"), WORD(CP15, "far"), WORD(CP15, "fcse"),
    WORD(CP15, "contextidr"), WORD(CP15, "cpar"),
    { 0 },
};

/* The bytes of `g`, in the order of arm_rows. What the current mode has banked is in use: its own
 * registers are the current ones, also under the mode's name. spsr_usr is none, and 0. */
size_t arm_registers(const CPUARMState *env, uint8_t *buf, uint8_t *valid)
{
    uint32_t words[80], n = 0;
    int current = bank_of(env->mode_and_masks & CPSR_M);

    for (int i = 0; i < 16; i++)
        words[n++] = env->regs[i];
    words[n++] = cpsr_read(env);
    for (int bank = 0; bank < 6; bank++) {
        words[n++] = bank == current ? env->regs[13] : env->banked_r13[bank];
        words[n++] = bank == current ? env->regs[14] : env->banked_r14[bank];
        words[n++] = !bank ? 0 : bank == current ? env->spsr : env->banked_spsr[bank];
    }
    for (int i = 0; i < 5; i++)
        words[n++] = bank_of(MODE_FIQ) == current ? env->regs[8 + i] : env->fiq_regs[i];
    words[n++] = current ? env->spsr : 0;
    const uint32_t cp15[] = {env->cp15.midr, env->cp15.ctr,  env->cp15.sctlr,      env->cp15.actlr,
                             env->cp15.ttbr, env->cp15.dacr, env->cp15.dfsr,       env->cp15.ifsr,
                             env->cp15.far,  env->cp15.fcse, env->cp15.contextidr, env->cp15.cpar};
    memcpy(words + n, cp15, sizeof cp15);
    n += sizeof cp15 / sizeof *cp15;
    memcpy(buf, words, n * 4);
    memset(valid, true, n * 4);
    return n * 4;
}

static size_t machine_registers(struct machine *m, pid_t tid, uint8_t *buf, uint8_t *valid)
{
    (void)tid;
    return arm_registers(cpu_of(m), buf, valid);
}

/* For conditions: r0 to pc. */
static bool machine_low_register(struct machine *m, unsigned number, uint64_t *value)
{
    if (number > 15)
        return false;
    *value = cpu_of(m)->regs[number];
    return true;
}

static const struct target guest_target = {
    .exact = true, .anywhere = true, .fork = machine_fork, .free = machine_free, .run = machine_run,
    .interrupt = board_interrupt, .clock = machine_clock,
    .set_breakpoint = machine_break, .clear_breakpoint = machine_unbreak,
    .set_watch = machine_watch, .clear_watch = machine_unwatch,
    .grown = guests_grown, .share = machine_share,
    .pc = machine_pc, .repeats = machine_repeats, .read = machine_read,
    .threads = arm_threads, .thread = arm_thread,
    .registers = machine_registers, .low_register = machine_low_register, .rows = arm_rows, .arch = "arm",
};

/* ---- the session ---- */

/* The port in "tcp::PORT"; only this machine can connect, so a host is not asked for. */
static int parse_port(const char *text)
{
    char *end = NULL;
    long port = !strncmp(text, "tcp::", 5) ? strtol(text + 5, &end, 10) : -1;

    if (!end || end == text + 5 || *end || port < 0 || port > 65535)
        board_fail("-gdb: \"%s\" is not tcp::PORT", text);
    return port;
}

static void on_connection(int signo)
{
    (void)signo;
    timeline_cancel();
}

/* From now on the guest is interrupted when a gdb connects. */
static void hear_connections(int listener)
{
    struct sigaction action = { .sa_handler = on_connection };

    sigaction(SIGIO, &action, NULL); /* first: it is deadly by default */
    fcntl(listener, F_SETOWN, getpid());
    fcntl(listener, F_SETFL, fcntl(listener, F_GETFL) | O_ASYNC);
}

/* Is a gdb connecting? Waits for it if asked to. */
static bool connecting(int listener, bool wait)
{
    struct pollfd p = { .fd = listener, .events = POLLIN };

    return poll(&p, 1, wait ? -1 : 0) > 0;
}

/* Lets the guest run, without a debugger, until one connects. Ends the emulator if the guest
 * does. */
static void run_alone(int listener, struct timeline *tl)
{
    hear_connections(listener);
    console_wake = listener;
    for (;;) {
        timeline_start(); /* before we look: one who comes later cancels */
        if (connecting(listener, false))
            return;
        enum moved_kind kind = timeline_continue(tl).kind;
        if (kind == MOVED_END || kind == MOVED_EXIT)
            board_quit(board_status());
    }
}

/* The guest's debugger connected. Ends the emulator if that is what it wants, or the guest is
 * off. */
static void serve(int listener, struct timeline *tl)
{
    int sock = accept4(listener, NULL, NULL, SOCK_CLOEXEC), one = 1;

    if (sock < 0)
        return;
    setsockopt(sock, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    console_wake = sock;
    bool leave = !gdb_serve(sock, &guest_target, tl);
    close(sock);
    if (leave)
        board_quit(0);
}

/* rr arm -gdb: runs the guest, and serves one gdb after the other, as they come and leave. Does not
 * return; the guest's power-off ends it. */
void guest_gdb_session(const struct guest_gdb *o)
{
    int port = parse_port(o->port), listener = listen_on(&port);
    bool wait = o->wait;

    if (listener < 0)
        exit(EXIT_USAGE);
    fprintf(stderr,
            "rr: waiting for gdb; connect with:  gdb-multiarch -ex 'target remote 127.0.0.1:%d'\n",
            port);
    log_start();
    struct timeline *tl = timeline_new(&guest_target, (struct machine *)guest_first());
    timeline_limit(tl, o->memory);
    for (;;) {
        if (wait)
            while (!connecting(listener, true)) continue;
        else
            run_alone(listener, tl);
        wait = false;
        serve(listener, tl);
        timeline_remove_all(tl);
        timeline_start();
        timeline_seek(tl, furthest); /* without gdb it goes on in the present */
    }
}
