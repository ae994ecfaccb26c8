/* board.h - what the Zaurus's own pieces say to each other.
 *
 *     spitz.c   memory map, time, the run loop, `rr arm`
 *       |  boot.c   puts kernel, initrd and ATAGs into RAM, and the CPU at their start
 *       |  pxa.c    the PXA270's devices, a table of blocks
 *       |  uart.c   its three UARTs, and the console: stdin and stdout
 *
 * There is one board, so its state is static in the file that owns it. What the board owes the CPU
 * is in arm.h (spitz_read and so on).
 */
#ifndef BOARD_H
#define BOARD_H

#include "arm.h"

/* A stretch of physical addresses that belongs to one device. Registers are 32 bits wide; read and
 * write get the byte offset of the register in the block, a multiple of 4, and `unit` as the table
 * has it, for devices of which there are several. */
struct block {
    hwaddr base, size;
    const char *name;
    int unit;
    uint32_t (*read)(const struct block *b, hwaddr reg);
    void (*write)(const struct block *b, hwaddr reg, uint32_t value);
    uint32_t *words; /* what it remembers, if its functions use this: size / 4 words, 0 at reset */
};

/* Shown every variable that is a part of the machine's state, for snapshots: each file has a
 * function ..._state that names its own, in the same order every time. */
typedef void state_visitor(void *part, size_t size);

#define NEVER (1ull << 63) /* a time no run lives to see */

/* ---- spitz.c ---- */
extern CPUARMState cpu;
extern hwaddr ram_size;
#define RAM_BASE 0xa0000000u
uint64_t board_now(void);     /* nanoseconds since power-on, as the guest sees them */
void board_new_deadline(void); /* a device event may be due earlier than it was: plan again */
void board_power_off(int status); /* the machine runs no further; status: the emulator's */
_Noreturn void board_quit(int status); /* flushes the console and ends the emulator */
enum board_stop {
    BOARD_UNTIL,     /* so many instructions are over */
    BOARD_DEBUG,     /* a breakpoint or watchpoint: `debug` says which */
    BOARD_INTERRUPT, /* board_interrupt() */
    BOARD_OFF,       /* it switched itself off */
};
enum board_stop board_run(uint64_t until);
/* async-signal-safe: board_run returns soon, or at once the next time */
void board_interrupt(void);
int board_status(void);     /* after BOARD_OFF */
void spitz_mirror(hwaddr size); /* RAM to look at another emulator's with; once */
void board_state(state_visitor *visit);
void board_unimplemented(const char *what, hwaddr addr); /* named on stderr once with -d unimp */
_Noreturn void board_fail(const char *fmt, ...) /* "rr: ..." on stderr, exit status 2 */
    __attribute__((format(printf, 1, 2)));

/* ---- boot.c ---- */
struct boot {
    const char *kernel; /* a file, or NULL: the built-in guest */
    const char *initrd; /* a file, or NULL */
    const char *append; /* the kernel's command line, or NULL */
};
void boot_load(const struct boot *boot);

/* ---- pxa.c ---- */
void pxa_reset(uint32_t seconds);          /* what its clock shows at power-on */
const struct block *pxa_block(hwaddr addr); /* whose address this is; NULL: nobody's */
void pxa_irq(int irq, bool level);          /* a device's interrupt line goes up or down */
uint64_t pxa_deadline(void);                /* when the next device event is due, or NEVER */
void pxa_run(uint64_t now);                 /* does what is due */

void pxa_state(state_visitor *visit);

/* ---- guestlog.c ---- */
void log_start(void);
void log_pause(void);
bool log_live(void);
uint64_t log_clock(void);
int log_input(int (*read)(void *buf, int size), void *buf, int size);
void log_state(state_visitor *visit);

/* ---- gdbguest.c ---- */
/* the bytes of gdb's `g` */
size_t arm_registers(const CPUARMState *env, uint8_t *buf, uint8_t *valid);
struct guest_gdb {
    const char *port; /* the argument of -gdb: tcp::PORT */
    uint64_t memory;  /* -checkpoint-mem: for snapshots; 0: as it likes */
    bool wait;        /* -S: for the gdb, before the first instruction */
};
_Noreturn void guest_gdb_session(const struct guest_gdb *o); /* runs the machine, and serves gdb */

/* ---- uart.c ---- */
uint32_t uart_read(const struct block *b, hwaddr reg);
void uart_write(const struct block *b, hwaddr reg, uint32_t value);
void uart_reset(void);
uint64_t uart_deadline(void);
void uart_run(uint64_t now);

void console_open(void);   /* a terminal on stdin goes raw until the emulator ends */
void console_flush(void);  /* writes what the guest sent */
bool console_listens(void); /* there may be more input, and room for it */
void console_poll(void);   /* takes what stdin has, never waiting; the guest gets what fits */
void console_wait(uint64_t ns); /* waits until stdin has something or the time is over */
/* a descriptor that ends the wait, too, when it has something; or -1 */
extern int console_wake;
void uart_state(state_visitor *visit);

#endif
