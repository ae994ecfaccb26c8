/* spitz.c - the board: memory, time, and the loop that runs it all; the command line of `rr arm`.
 *
 * Problem: give the CPU a machine that Linux takes for a Zaurus SL-C3000 ("spitz"), whose time is
 * the host's by default and the number of instructions executed with -icount; and cost the host
 * next to no system calls while it runs, as each is ten microseconds when the emulator is recorded.
 *
 * Guarantees: time never goes backwards, and every device sees the same time. Under -icount a run
 * is a function of the images and the input alone: when the guest sees a timer, and with a file on
 * stdin when it sees a byte, does not depend on the host. In any mode stdin, stdout and the
 * clock are touched about once per millisecond of execution at most, and once per line of output.
 *
 * How: board_run() fires what is due, lets the CPU run to the next deadline or for a millisecond,
 * whichever is nearer, and when the CPU waits for an interrupt sleeps (or under -icount jumps) to
 * the deadline. A guest that moves a deadline stops the CPU, so that the loop plans again.
 *
 * Where to start: board_run; for memory, spitz_read. The devices are in pxa.c and uart.c.
 */
#include "board.h"
#include "engine.h"
#include "rr.h"
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

unsigned experiments;
CPUARMState cpu;
hwaddr ram_size;

static uint8_t *ram;            /* ram_size bytes at RAM_BASE */
static bool show_unimplemented; /* -d unimp */
static bool show_count;         /* -d count */
static struct guest_gdb gdb;    /* -gdb, -S */

/* Refuses what the command line asks for: one line on stderr, status 2. */
void board_fail(const char *fmt, ...)
{
    va_list args;

    fputs("rr: ", stderr);
    va_start(args, fmt);
    vfprintf(stderr, fmt, args);
    va_end(args);
    fputc('\n', stderr);
    exit(EXIT_USAGE);
}

/* ---- memory ---- */

/* The chip's own 256K of memory, there whatever the board has. */
enum { SRAM_BASE = 0x5c000000, SRAM_SIZE = 256 << 10 };
static uint8_t sram[SRAM_SIZE];

/* The two memories there are. */
uint8_t *spitz_ram(hwaddr addr)
{
    if (addr - RAM_BASE < ram_size)
        return ram + (addr - RAM_BASE);
    if (addr - SRAM_BASE < SRAM_SIZE)
        return sram + (addr - SRAM_BASE);
    return NULL;
}

int spitz_page(hwaddr addr)
{
    if (addr - RAM_BASE < ram_size)
        return (addr - RAM_BASE) >> 12;
    return addr - SRAM_BASE < SRAM_SIZE ? (int)((ram_size + addr - SRAM_BASE) >> 12) : -1;
}

hwaddr spitz_page_address(int page)
{
    hwaddr at = (hwaddr)page << 12;
    return at < ram_size ? RAM_BASE + at : SRAM_BASE + (at - ram_size);
}

int spitz_page_count(void) { return (ram_size + SRAM_SIZE) >> 12; }

/* RAM of `size` bytes for a board that is only looked at (guestview.c): an area of addresses,
 * empty. */
void spitz_mirror(hwaddr size)
{
    if (ram)
        return;
    ram_size = size;
    ram = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1,
               0);
    if (ram == MAP_FAILED)
        board_fail("no memory for the guest's RAM: %s", strerror(errno));
}

/* Says once for each address that nothing is there, or nothing that this emulator knows. */
void board_unimplemented(const char *what, hwaddr addr)
{
    static hwaddr seen[1024];
    static unsigned n;

    if (!show_unimplemented)
        return;
    for (unsigned i = 0; i < n; i++)
        if (seen[i] == addr)
            return;
    if (n < sizeof seen / sizeof seen[0])
        seen[n++] = addr;
    fprintf(stderr, "rr: unimplemented: %s %08x\n", what, addr);
}

/* Loads of what is not RAM. Device registers are words; a narrower load gets its bytes of the word.
 * Nobody there: 0. */
uint32_t spitz_read(hwaddr addr, int size)
{
    const struct block *b = pxa_block(addr);
    uint32_t word;

    if (!b) {
        board_unimplemented("read of", addr);
        return 0;
    }
    word = b->read(b, (addr - b->base) & ~3u) >> (addr & 3) * 8;
    return size == 4 ? word : word & ((1u << size * 8) - 1);
}

/* Stores to what is not RAM. A narrower store writes its bytes of the word and zeros the others,
 * which is what the byte-wide registers among them expect. */
void spitz_write(hwaddr addr, uint32_t value, int size)
{
    const struct block *b = pxa_block(addr);

    if (!b) {
        board_unimplemented("write to", addr);
        return;
    }
    if (size < 4)
        value &= (1u << size * 8) - 1;
    b->write(b, (addr - b->base) & ~3u, value << (addr & 3) * 8);
}

/* The only way a run ends well. */
void board_quit(int status)
{
    console_flush();
    if (show_count)
        fprintf(stderr, "rr: %llu instructions\n", (unsigned long long)cpu_icount(&cpu));
    exit(status);
}

/* ---- time ----
 *
 * The guest's time is nanoseconds since power-on. With -icount it is 10 ns an instruction, plus the
 * time skipped while the CPU waited. Otherwise it is the host's, but asking the host is a system
 * call, so it is asked once a millisecond, at the anchor, and from there the count of instructions
 * is taken for the time, at the speed last measured:
 *
 *      now = anchor_ns + (icount - anchor_icount) * speed
 *
 * If that was ahead of the host at the next anchor, guest time goes on from where it was, and a
 * little slower than measured until the host has caught up. */
enum { ICOUNT_NS = 10, SPEED_SHIFT = 16 };
enum { POLL_NS = 1000000, ICOUNT_POLL_NS = 10000000 }; /* about a millisecond of the host's time */
static bool icount_mode;
static uint64_t host_start; /* host clock at power-on */
static struct {
    uint64_t skipped_ns;    /* -icount: time that passed while the CPU waited */
    uint64_t host_ns;       /* host time since power-on, at the anchor */
    uint64_t anchor_ns;     /* guest time at the anchor; >= host_ns */
    uint64_t anchor_icount; /* instructions at the anchor */
    uint64_t speed;         /* guest ns per instruction until the next one */
    uint64_t measured;      /* host ns per instruction, smoothed */
} timing = { .speed = 10ull << SPEED_SHIFT, .measured = 10ull << SPEED_SHIFT };

/* The guest's time, exact to the instruction, also from inside a device access. */
uint64_t board_now(void)
{
    uint64_t n = cpu_icount(&cpu);

    if (icount_mode)
        return n * ICOUNT_NS + timing.skipped_ns;
    return timing.anchor_ns + ((n - timing.anchor_icount) * timing.speed >> SPEED_SHIFT);
}

/* Asks the host for the time, a system call when recorded. `ran`: the CPU ran since the last
 * anchor, and tells its speed. */
static void anchor(bool ran)
{
    uint64_t n = cpu_icount(&cpu), now = board_now(), host;

    if (icount_mode)
        return;
    host = log_clock() - host_start;
    if (ran && n - timing.anchor_icount >= 1000) {
        uint64_t latest = ((host - timing.host_ns) << SPEED_SHIFT) / (n - timing.anchor_icount);

        if (latest > 1000ull << SPEED_SHIFT) /* the host did something else */
            latest = 1000ull << SPEED_SHIFT;
        timing.measured += (int64_t)(latest - timing.measured) / 4;
    }
    timing.host_ns = host;
    timing.anchor_ns = now > host ? now : host;
    timing.anchor_icount = n;
    timing.speed = now > host ? timing.measured * 7 / 8 : timing.measured;
    if (!timing.speed)
        timing.speed = 1;
}

/* How many instructions fit into so many nanoseconds: at least one, and the last of them ends at or
 * after that time. */
static uint64_t instructions_in(uint64_t ns)
{
    return icount_mode ? (ns + ICOUNT_NS - 1) / ICOUNT_NS + !ns
                       : (ns << SPEED_SHIFT) / timing.speed + 1;
}

/* ---- the run loop ----
 *
 * The run is cut into slices, each planned when the last is over. A debugger cuts it, too, but
 * where it does makes no difference to the guest: a slice is then gone on with. So the plan is a
 * part of the machine's state. */
static struct {
    uint64_t next_poll; /* guest time at which host clock and stdin are looked at again */
    uint64_t end;       /* the slice's, in instructions */
    bool replan;        /* a deadline moved: the slice is over */
    bool off;           /* the machine has switched itself off */
    int status;         /* and this is what the emulator is to exit with */
} run;

static volatile bool interrupted; /* board_interrupt() was called */

/* Called by a device whose next event moved: board_run() plans anew after this instruction. */
void board_new_deadline(void)
{
    run.replan = true;
    cpu_stop(&cpu);
}

void board_power_off(int status)
{
    run.off = true;
    run.status = status;
    cpu_stop(&cpu);
}

int board_status(void) { return run.status; }

void board_interrupt(void)
{
    interrupted = true;
    cpu.stop_request = cpu.exit_request = true;
    cpu.fence = UINTPTR_MAX; /* the next taken branch looks up */
}

/* Does what is due now, and says when the next device event is. */
static uint64_t fire(void)
{
    uint64_t now = board_now();

    if (now >= run.next_poll) {
        anchor(true);
        console_poll();
        now = board_now();
        run.next_poll = now + (icount_mode ? ICOUNT_POLL_NS : POLL_NS);
    }
    pxa_run(now);
    return pxa_deadline();
}

/* Plans the next slice: to the next device event or look at stdin. */
static void plan(void)
{
    uint64_t deadline = fire(), now = board_now();
    uint64_t until = deadline < run.next_poll ? deadline : run.next_poll;

    run.end = cpu.icount + instructions_in(until > now ? until - now : 0);
    run.replan = false;
}

/* The CPU waits for an interrupt: lets time pass until the next deadline or until the console has
 * something for the guest. A wait that is over counts as an instruction, so that the instants
 * before and after have different numbers. */
static void wait_for_interrupt(void)
{
    uint64_t deadline = fire(), now = board_now();

    if (!cpu.halted) {
        cpu.icount++;
        run.replan = true;
    } else if (deadline == NEVER && !console_listens()) {
        fprintf(stderr, "rr: the guest waits for an interrupt, and none can come any more\n");
        board_power_off(1);
    } else if (!icount_mode || deadline == NEVER) {
        anchor(true);
        now = board_now();
        if (log_live() && !interrupted)
            console_wait(deadline == NEVER ? NEVER : deadline > now ? deadline - now : 0);
        anchor(false);
        run.next_poll = 0;
    } else if (deadline > now) {
        timing.skipped_ns += deadline - now;
    }
}

/* Runs the machine until `until` instructions are over, or something else stops it. It then stands
 * right before an instruction that will be executed next, interrupts taken: so wherever it was
 * stopped, the number of the instruction says all about the instant. */
enum board_stop board_run(uint64_t until)
{
    for (;;) {
        if (!cpu.halted && !run.off && (run.replan || cpu.icount >= run.end))
            plan();
        cpu_take_interrupt(&cpu);
        if (debug.hit)
            return BOARD_DEBUG;
        if (cpu.icount >= until)
            return BOARD_UNTIL;
        if (run.off)
            return BOARD_OFF;
        if (interrupted) {
            interrupted = false;
            return BOARD_INTERRUPT;
        }
        if (cpu.halted)
            wait_for_interrupt();
        else
            cpu_exec(&cpu, (run.end < until ? run.end : until) - cpu.icount);
    }
}

void board_state(state_visitor *visit)
{
    visit(&timing, sizeof timing);
    visit(&run, sizeof run);
}

/* ---- the command line ---- */

static const char usage[] =
    "usage: rr arm [OPTION...]\n"
    "Runs a Zaurus SL-C3000; its first serial port is stdin and stdout.\n"
    "\n"
    "  -M spitz        the machine; there is one\n"
    "  -kernel FILE    zImage, raw image or ELF file to start; default: the built-in guest\n"
    "  -initrd FILE    put this into memory for the kernel\n"
    "  -append STRING  the kernel's command line\n"
    "  -m MB           megabytes of memory, 1 to 256; default: 64\n"
    "  -icount         time is the number of instructions executed: every run is the same\n"
    "  -x NAME,...     bring the bug back, and what was tried against it:\n"
    "                    xscale-page      a 4K extended small page is taken for a 1K page\n"
    "                    flush-on-sctlr   every write to SCTLR flushes the TLB, as QEMU once did\n"
    "                    flush-page-all   invalidating one address flushes the whole TLB\n"
    "                    assert-flush     abort when a single valid entry is deleted\n"
    "  -d unimp        say on stderr what the guest touches that is not there\n"
    "  -d count        say on stderr how many instructions were executed\n"
    "  -gdb tcp::PORT  let a gdb connect, now or later; PORT 0: one that is free\n"
    "  -checkpoint-mem SIZE  the memory that going back may take: 512M, say; by default a quarter of this\n"
    "                  machine's, at most 1G (what comes in from outside is kept besides)\n"
    "  -S              wait for it before the first instruction\n"
    "\n"
    "With -gdb the guest can be run backwards, from wherever it is to its first instruction:\n"
    "  gdb-multiarch build/guest/kernel.elf -ex 'target remote :PORT'\n"
    "  (gdb) reverse-continue, reverse-step, reverse-stepi ...\n"
    "  (gdb) monitor help      positions: when, seek, checkpoint, restart\n"
    "\n"
    "The guest switches itself off, and rr exits with the low byte of its power manager's scratch\n"
    "register (PSPR). On a terminal, Ctrl-A x ends the emulator and Ctrl-A Ctrl-A sends Ctrl-A.\n";

static const struct { const char *name; unsigned bit; } experiment_names[] = {
    { "xscale-page", X_XSCALE_PAGE },
    { "flush-on-sctlr", X_FLUSH_ON_SCTLR },
    { "flush-page-all", X_FLUSH_PAGE_ALL },
    { "assert-flush", X_ASSERT_FLUSH },
};

/* The argument of -x: names with commas between them. */
static void set_experiments(const char *list)
{
    const size_t count = sizeof experiment_names / sizeof experiment_names[0];

    for (;;) {
        size_t length = strcspn(list, ","), i;

        for (i = 0; i < count; i++)
            if (strlen(experiment_names[i].name) == length &&
                !memcmp(list, experiment_names[i].name, length))
                break;
        if (i == count)
            board_fail("-x: no experiment \"%.*s\" (rr arm --help lists them)", (int)length, list);
        experiments |= experiment_names[i].bit;
        if (!list[length])
            return;
        list += length + 1;
    }
}

/* The argument of -m, in bytes. */
static hwaddr parse_megabytes(const char *text)
{
    char *end;
    long mb = strtol(text, &end, 10);

    if (end == text || *end || mb < 1 || mb > 256)
        board_fail("-m: \"%s\" is not a number of megabytes from 1 to 256", text);
    return (hwaddr)mb << 20;
}

/* An option that takes an argument, and what it does with it. */
static void option_with_argument(const char *option, const char *value, struct boot *boot)
{
    if (!strcmp(option, "-kernel")) {
        boot->kernel = value;
    } else if (!strcmp(option, "-initrd")) {
        boot->initrd = value;
    } else if (!strcmp(option, "-append")) {
        boot->append = value;
    } else if (!strcmp(option, "-m")) {
        ram_size = parse_megabytes(value);
    } else if (!strcmp(option, "-x")) {
        set_experiments(value);
    } else if (!strcmp(option, "-M")) {
        if (strcmp(value, "spitz"))
            board_fail("-M: no machine \"%s\"; there is \"spitz\"", value);
    } else if (!strcmp(option, "-d")) {
        if (strcmp(value, "unimp") && strcmp(value, "count"))
            board_fail("-d: nothing called \"%s\" to show; there is \"count\", \"unimp\"", value);
        *(*value == 'u' ? &show_unimplemented : &show_count) = true;
    } else if (!strcmp(option, "-gdb")) {
        gdb.port = value;
    } else if (!parse_size(value, &gdb.memory)) {
        board_fail("-checkpoint-mem: \"%s\" is not a size like 512M", value);
    }
}

static const char *const options_with_argument[] = {
    "-M", "-kernel", "-initrd", "-append", "-m", "-x", "-d", "-gdb", "-checkpoint-mem", NULL,
};

/* Reads the command line. Returns false if --help was asked for and is answered. */
static bool parse_options(int argc, char **argv, struct boot *boot)
{
    for (int i = 1; i < argc; i++) {
        const char *const *o = options_with_argument;

        while (*o && strcmp(*o, argv[i]))
            o++;
        if (*o && i + 1 == argc) {
            board_fail("%s needs an argument (see rr arm --help)", argv[i]);
        } else if (*o) {
            option_with_argument(argv[i], argv[i + 1], boot);
            i++;
        } else if (!strcmp(argv[i], "-icount")) {
            icount_mode = true;
        } else if (!strcmp(argv[i], "-S")) {
            gdb.wait = true;
        } else if (!strcmp(argv[i], "--help") || !strcmp(argv[i], "-h")) {
            fputs(usage, stdout);
            return false;
        } else {
            board_fail("arm: no option \"%s\" (see rr arm --help)", argv[i]);
        }
    }
    return true;
}

/* `rr arm`: sets up the machine and runs it. Comes back only from --help. */
int arm_main(int argc, char **argv)
{
    struct boot boot = { NULL, NULL, NULL };

    ram_size = 64 << 20;
    if (!parse_options(argc, argv, &boot))
        return 0;
    ram = mmap(NULL, ram_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (ram == MAP_FAILED)
        board_fail("-m: no memory for the guest's RAM: %s", strerror(errno));
    cpu_reset(&cpu);
    pxa_reset(icount_mode ? 0 : time(NULL));
    boot_load(&boot);
    console_open();
    host_start = icount_mode ? 0 : log_clock();
    if (gdb.port)
        guest_gdb_session(&gdb);
    board_run(UINT64_MAX);
    board_quit(run.status);
}
