/* uart.c - the three UARTs, and the console the first one is connected to: stdin and stdout.
 *
 * Problem: be the 16550 with a 64-byte FIFO that the PXA has three times, well enough for a driver
 * that tests what it finds, and move bytes to and from the host without a system call for each.
 *
 * Guarantees: every byte the guest sends reaches stdout, in order, at the latest when the line is
 * complete, a millisecond has passed, the guest sleeps, or the emulator ends. Input is never lost:
 * what does not fit into the FIFO waits. Sending takes no time. End of input is just that.
 *
 * How: output gathers in a buffer; input is read into another when run_board() asks, from which the
 * FIFO is filled whenever the guest made room. A terminal is put into raw mode, and put back on
 * every way out.
 *
 * Where to start: uart_write, uart_interrupt; console_poll.
 */
#define _GNU_SOURCE /* ppoll */
#include "board.h"
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

/* ---- the registers ---- */

/* Offsets. The first two are the divisor's halves while LCR_DLAB is set. */
enum {
    RBR_THR = 0x00, IER = 0x04, IIR_FCR = 0x08, LCR = 0x0c, MCR = 0x10, LSR = 0x14, MSR = 0x18,
    SPR = 0x1c, ISR = 0x20, FOR = 0x24, ABR = 0x28, ACR = 0x2c,
};
/* IER. RTOIE and what is above it are the PXA's own. */
enum { IER_RAVIE = 1, IER_TIE = 2, IER_RLSE = 4, IER_MIE = 8, IER_RTOIE = 16, IER_UUE = 64 };
enum { FCR_ENABLE = 1, FCR_RESETRF = 2, FCR_TRIGGER_SHIFT = 6 };
enum { LCR_DLAB = 0x80 };
enum { MCR_DTR = 1, MCR_RTS = 2, MCR_OUT1 = 4, MCR_OUT2 = 8, MCR_LOOP = 16 };
enum { LSR_DR = 1, LSR_OE = 2, LSR_THRE = 32, LSR_TEMT = 64 };
/* MSR: four lines in the upper half, below each whether it changed since MSR was last read. */
enum { MSR_CTS = 16, MSR_DSR = 32, MSR_RI = 64, MSR_DCD = 128 };
/* IIR, by falling priority. */
enum {
    IIR_NONE = 1, IIR_ERROR = 6, IIR_DATA = 4, IIR_TIMEOUT = 12, IIR_THRE = 2, IIR_MODEM = 0,
    IIR_FIFOS = 0xc0,
};

enum { UARTS = 3, FIFO_SIZE = 64 };

/* One UART. The interrupt line is a function of all this: uart_interrupt. */
struct uart {
    uint32_t ier, fcr, lcr, mcr, spr, isr, abr, divisor;
    uint32_t lsr_errors;     /* LSR_OE, until LSR is read */
    uint32_t msr;            /* lines and their change bits */
    bool thr_empty;          /* THR ran empty and IIR has not said so yet */
    uint8_t fifo[FIFO_SIZE]; /* received; a ring */
    unsigned head, count;    /* its first byte and how many there are */
    uint64_t timeout;        /* when bytes below the trigger level are announced, or NEVER */
    bool timed_out;          /* and that time is over */
};
static struct uart uarts[UARTS];
static const int uart_irqs[UARTS] = { 22, 21, 20 }; /* full-function, Bluetooth, standard */

/* How many bytes the FIFO holds, and how many of them make a "received data" interrupt. */
static unsigned capacity(const struct uart *u) { return u->fcr & FCR_ENABLE ? FIFO_SIZE : 1; }

/* FCR's top two bits choose one of four levels; without FIFOs every byte counts. */
static unsigned trigger_level(const struct uart *u)
{
    static const uint8_t levels[] = { 1, 8, 16, 32 };

    return u->fcr & FCR_ENABLE ? levels[u->fcr >> FCR_TRIGGER_SHIFT & 3] : 1;
}

/* The IIR's low four bits: the most urgent reason for an interrupt. */
static uint32_t uart_reason(const struct uart *u)
{
    if (u->ier & IER_RLSE && u->lsr_errors)
        return IIR_ERROR;
    if (u->ier & IER_RAVIE && u->count >= trigger_level(u))
        return IIR_DATA;
    if (u->ier & IER_RTOIE && u->timed_out)
        return IIR_TIMEOUT;
    if (u->ier & IER_TIE && u->thr_empty)
        return IIR_THRE;
    if (u->ier & IER_MIE && u->msr & 15)
        return IIR_MODEM;
    return IIR_NONE;
}

/* Sets the interrupt line after anything changed. OUT2 is the gate between UART and controller. */
static void uart_interrupt(struct uart *u)
{
    bool open = u->mcr & MCR_OUT2 && !(u->mcr & MCR_LOOP);

    pxa_irq(uart_irqs[u - uarts], open && uart_reason(u) != IIR_NONE);
}

/* Starts the time after which bytes below the trigger level are announced: four characters' of ten
 * bits, the clock being 14.7456 MHz / 16. */
static void start_timeout(struct uart *u)
{
    u->timed_out = false;
    u->timeout = NEVER;
    if (u->count && u->fcr & FCR_ENABLE) {
        u->timeout = board_now() + 40ull * (u->divisor ? u->divisor : 1) * 1000000000 / 921600;
        board_new_deadline();
    }
}

/* A byte arrives. */
static void receive(struct uart *u, uint8_t byte)
{
    if (u->count >= capacity(u)) {
        u->lsr_errors |= LSR_OE;
    } else {
        u->fifo[(u->head + u->count) % FIFO_SIZE] = byte;
        u->count++;
        start_timeout(u);
    }
    uart_interrupt(u);
}

/* ---- the console's two buffers ---- */

static uint8_t input[4096];   /* from stdin, not yet given to the guest: */
static unsigned input_at, input_end; /* input[input_at .. input_end) */
static bool input_over;       /* stdin has ended */
static uint8_t output[4096];  /* from the guest, not yet written */
static unsigned output_count;
static uint64_t sent;         /* bytes the guest has sent to the console since power-on */
static uint64_t shown;        /* how many were ever: not the machine's but ours. A machine that runs
                                 again through its past does not repeat itself on the screen */

/* Gives the guest as much of the input as its FIFO has room for. A UART that is switched off hears
 * nothing: the input waits for it. */
static void fill_fifo(void)
{
    struct uart *u = &uarts[0];

    while (input_at < input_end && u->ier & IER_UUE && !(u->mcr & MCR_LOOP) &&
           u->count < capacity(u))
        receive(u, input[input_at++]);
}

/* Empties the FIFO. What was in the console's goes back to where it came from, as a terminal's user
 * does not type into a UART that is just being set up, but a pipe does. */
static void clear_fifo(struct uart *u)
{
    if (u == &uarts[0] && !(u->mcr & MCR_LOOP) && u->count + input_end - input_at <= sizeof input) {
        memmove(input + u->count, input + input_at, input_end - input_at);
        input_end = u->count + input_end - input_at;
        input_at = 0;
        for (unsigned i = 0; i < u->count; i++)
            input[i] = u->fifo[(u->head + i) % FIFO_SIZE];
    }
    u->count = 0;
    start_timeout(u);
}

/* Writes all of it. A stdout that takes no more ends the emulator. */
void console_flush(void)
{
    unsigned at = 0, count = output_count;

    output_count = 0; /* first: ending the emulator flushes again */
    while (at < count) {
        ssize_t n = write(STDOUT_FILENO, output + at, count - at);

        if (n > 0) {
            at += n;
        } else if (n < 0 && errno == EAGAIN) {
            struct pollfd p = { .fd = STDOUT_FILENO, .events = POLLOUT };
            poll(&p, 1, -1);
        } else if (errno != EINTR) {
            fprintf(stderr, "rr: stdout: %s\n", strerror(errno));
            exit(1);
        }
    }
}

/* A byte from the guest. A complete line is written at once, for someone may be watching. */
static void console_send(uint8_t byte)
{
    if (sent++ < shown)
        return;
    shown = sent;
    output[output_count++] = byte;
    if (byte == '\n' || output_count == sizeof output)
        console_flush();
}

/* ---- register access ---- */

/* The modem lines: in loopback the UART's own outputs, else those of a plugged-in console, or of
 * nothing. A change is remembered below the line (for RI only its fall). */
static void set_modem_lines(struct uart *u)
{
    uint32_t lines = u == &uarts[0] ? MSR_CTS | MSR_DSR | MSR_DCD : 0, changed;

    if (u->mcr & MCR_LOOP)
        lines = (u->mcr & MCR_RTS ? MSR_CTS : 0) | (u->mcr & MCR_DTR ? MSR_DSR : 0) |
                (u->mcr & MCR_OUT1 ? MSR_RI : 0) | (u->mcr & MCR_OUT2 ? MSR_DCD : 0);
    changed = (u->msr ^ lines) >> 4;
    if (lines & MSR_RI)
        changed &= ~(MSR_RI >> 4);
    u->msr = lines | (u->msr & 15) | (changed & 15);
}

/* Takes a byte out of the FIFO; 0 if it is empty. */
static uint32_t read_rbr(struct uart *u)
{
    uint8_t byte = 0;

    if (u->count) {
        byte = u->fifo[u->head];
        u->head = (u->head + 1) % FIFO_SIZE;
        u->count--;
        start_timeout(u);
        if (!u->count && u == &uarts[0])
            fill_fifo();
    }
    return byte;
}

/* IIR. Reading it answers a "transmitter empty", and nothing else. */
static uint32_t read_iir(struct uart *u)
{
    uint32_t reason = uart_reason(u);

    if (reason == IIR_THRE)
        u->thr_empty = false; /* saying it answers it */
    return reason | (u->fcr & FCR_ENABLE ? IIR_FIFOS : 0);
}

/* LSR. The transmitter is always empty; an overrun is told once. */
static uint32_t read_lsr(struct uart *u)
{
    uint32_t lsr = LSR_THRE | LSR_TEMT | u->lsr_errors | (u->count ? LSR_DR : 0);

    u->lsr_errors = 0;
    return lsr;
}

/* A load from the register at offset `reg`; reading has side effects. */
uint32_t uart_read(const struct block *b, hwaddr reg)
{
    struct uart *u = &uarts[b->unit];
    bool dlab = u->lcr & LCR_DLAB;
    uint32_t value = 0;

    switch (reg) {
    case RBR_THR: value = dlab ? u->divisor & 0xff : read_rbr(u); break;
    case IER:     value = dlab ? u->divisor >> 8 : u->ier; break;
    case IIR_FCR: value = read_iir(u); break;
    case LCR:     return u->lcr;
    case MCR:     return u->mcr;
    case LSR:     value = read_lsr(u); break;
    case MSR:     value = u->msr; u->msr &= ~15u; break;
    case SPR:     return u->spr;
    case ISR:     return u->isr;
    case FOR:     return u->count;
    case ABR:     return u->abr;
    case ACR:     return 0;
    default:      board_unimplemented("read of", b->base + reg); return 0;
    }
    uart_interrupt(u);
    return value;
}

/* A byte to send: it is gone at once. */
static void write_thr(struct uart *u, uint8_t byte)
{
    u->thr_empty = true;
    if (u->mcr & MCR_LOOP)
        receive(u, byte);
    else if (u == &uarts[0])
        console_send(byte);
}

/* FCR. Switching the FIFOs on or off clears them too; the transmitter's is always empty. */
static void write_fcr(struct uart *u, uint32_t value)
{
    if ((value ^ u->fcr) & FCR_ENABLE || value & FCR_RESETRF)
        clear_fifo(u);
    u->fcr = value & 0xc9;
}

/* A store to the register at offset `reg`. */
void uart_write(const struct block *b, hwaddr reg, uint32_t value)
{
    struct uart *u = &uarts[b->unit];
    bool dlab = u->lcr & LCR_DLAB;

    value &= 0xff;
    switch (reg) {
    case RBR_THR:
        if (dlab)
            u->divisor = (u->divisor & 0xff00) | value;
        else
            write_thr(u, value);
        break;
    case IER:
        if (dlab) {
            u->divisor = (u->divisor & 0xff) | value << 8;
        } else {
            if (value & ~u->ier & IER_TIE) /* switching it on asks whether THR is empty: it is */
                u->thr_empty = true;
            u->ier = value;
        }
        break;
    case IIR_FCR: write_fcr(u, value); break;
    case LCR:     u->lcr = value; break;
    case MCR:     u->mcr = value & 0x1f; set_modem_lines(u); break;
    case SPR:     u->spr = value; break;
    case ISR:     u->isr = value; break;
    case ABR:     u->abr = value; break;
    case LSR: case MSR: case FOR: case ACR: break; /* read only */
    default:      board_unimplemented("write to", b->base + reg); return;
    }
    uart_interrupt(u);
}

/* The state after power-on, with the modem lines of what is plugged in. */
void uart_reset(void)
{
    for (int i = 0; i < UARTS; i++) {
        uarts[i] = (struct uart){ .timeout = NEVER };
        set_modem_lines(&uarts[i]);
        uarts[i].msr &= ~15u;
    }
}

/* When a receive timeout is due. */
uint64_t uart_deadline(void)
{
    uint64_t first = NEVER;

    for (int i = 0; i < UARTS; i++)
        if (uarts[i].timeout < first)
            first = uarts[i].timeout;
    return first;
}

/* Announces bytes whose timeout is over. */
void uart_run(uint64_t now)
{
    for (int i = 0; i < UARTS; i++) {
        if (uarts[i].timeout > now)
            continue;
        uarts[i].timeout = NEVER;
        uarts[i].timed_out = true;
        uart_interrupt(&uarts[i]);
    }
}

/* ---- the host's side ---- */

static struct termios saved_terminal;
static bool terminal_is_raw;

/* Puts the terminal back; from exit and from signal handlers. */
static void restore_terminal(void)
{
    if (terminal_is_raw)
        tcsetattr(STDIN_FILENO, TCSANOW, &saved_terminal);
}

/* A signal that ends the emulator: put the terminal back, then let it do so. */
static void restore_and_die(int signo)
{
    restore_terminal();
    raise(signo); /* SA_RESETHAND: this time it has its default effect, once the handler returns */
}

/* Prepares stdin: a terminal goes raw, as its keys belong to the guest, and comes back whenever the
 * process ends. Called once, when nothing can be refused any more. */
void console_open(void)
{
    static const int deadly[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGPIPE,
                                  SIGABRT, SIGSEGV, SIGBUS };
    struct sigaction action = { .sa_handler = restore_and_die, .sa_flags = SA_RESETHAND };
    struct termios raw;

    if (!isatty(STDIN_FILENO) || tcgetattr(STDIN_FILENO, &saved_terminal))
        return;
    for (size_t i = 0; i < sizeof deadly / sizeof deadly[0]; i++)
        sigaction(deadly[i], &action, NULL);
    atexit(restore_terminal);
    terminal_is_raw = true;
    raw = saved_terminal;
    cfmakeraw(&raw);
    raw.c_oflag |= OPOST; /* so that the guest's lines start at the left */
    tcsetattr(STDIN_FILENO, TCSANOW, &raw);
}

/* Carries out what is typed after Ctrl-A on a terminal, and takes it out of the bytes
 * input[from .. input_end), which have just been read. */
static bool after_ctrl_a;
static void take_commands(unsigned from)
{
    unsigned to = from;
    const uint8_t ctrl_a = 1;

    for (unsigned i = from; i < input_end; i++) {
        uint8_t byte = input[i];

        if (!after_ctrl_a && byte == ctrl_a) {
            after_ctrl_a = true;
            continue;
        }
        if (after_ctrl_a && (byte == 'x' || byte == 'X'))
            board_quit(0);
        if (!after_ctrl_a || byte == ctrl_a)
            input[to++] = byte;
        after_ctrl_a = false;
    }
    input_end = to;
}

/* False once stdin has ended: nothing will come from there any more. */
bool console_listens(void) { return !input_over; }

/* Reads stdin once if there is something. 0: nothing, -1: it has ended. */
static int read_stdin(void *buf, int size)
{
    struct pollfd p = { .fd = STDIN_FILENO, .events = POLLIN };
    ssize_t n;

    if (poll(&p, 1, 0) <= 0)
        return 0;
    n = read(STDIN_FILENO, buf, size);
    return n > 0 ? n : n == 0 || (errno != EINTR && errno != EAGAIN) ? -1 : 0;
}

/* Takes new input if there is room for it. */
static void read_input(void)
{
    int n;

    memmove(input, input + input_at, input_end - input_at);
    input_end -= input_at;
    input_at = 0;
    if (input_over || input_end > sizeof input / 2)
        return;
    n = log_input(read_stdin, input + input_end, sizeof input / 2);
    if (n > 0) {
        unsigned from = input_end;

        input_end += n;
        if (terminal_is_raw)
            take_commands(from);
    } else if (n < 0) {
        input_over = true;
    }
}

/* The once-a-millisecond work of the console. */
void console_poll(void)
{
    console_flush();
    read_input();
    fill_fifo();
}

/* Sleeps for ns (NEVER: for ever), or until a signal, or until stdin has something and there is
 * room for it. */
int console_wake = -1;
void console_wait(uint64_t ns)
{
    struct pollfd p[2] = { { .fd = console_wake, .events = POLLIN },
                           { .fd = STDIN_FILENO, .events = POLLIN } };
    struct timespec t = { ns / 1000000000, ns % 1000000000 };
    bool listen = !input_over && input_end - input_at <= sizeof input / 2;

    console_flush();
    ppoll(p, listen ? 2 : 1, ns >= NEVER ? NULL : &t, NULL);
}

/* What the guest sent is not here: it has left the machine. */
void uart_state(state_visitor *visit)
{
    visit(uarts, sizeof uarts);
    visit(input, sizeof input);
    visit(&input_at, sizeof input_at);
    visit(&input_end, sizeof input_end);
    visit(&input_over, sizeof input_over);
    visit(&after_ctrl_a, sizeof after_ctrl_a);
    visit(&sent, sizeof sent);
}
