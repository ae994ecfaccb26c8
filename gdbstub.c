/* gdbstub.c - gdb's remote protocol, over a timeline.
 *
 * Problem: gdb is the debugger people know. It debugs anything that speaks its remote protocol, and
 * has commands to run backwards for whatever claims to be able to.
 *
 * Guarantee: every packet gets one answer: a right one, an error, or the empty one that tells gdb
 * we do not know it. Nothing a client sends, well-formed or not, does more than that. What it
 * writes to memory and registers goes into a diversion (timeline.c), never into the recording.
 *
 * How: the wire first (framing, checksums, escapes), then a table with a row for each packet.
 * Moving through time is timeline.c's, the registers' layout gdbtarget.c's; this file only
 * translates. gdb takes all breakpoints out and puts them back at each stop, so Z and z are only
 * notes; they take effect when time moves.
 *
 *     gdb:  $vCont;c#a8                 packet: $ data # two hex digits, the sum of data modulo 256
 *     stub: +                           received (until both agree to leave that out: QStartNoAckMode)
 *     stub: $T05swbreak:;thread:4d2;#xx a stop
 *     gdb:  0x03                        between packets: Ctrl-C
 *
 * Start reading at packets[], then gdb_serve().
 */
#define _GNU_SOURCE
#include "gdbstub.h"
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

/* ---- the wire ---- */

/* One byte from gdb, -1 when it has gone. */
static int get_byte(struct gdb *g)
{
    if (g->got == g->have) {
        ssize_t n;
        do n = recv(g->sock, g->pending, sizeof g->pending, 0);
        while (n < 0 && errno == EINTR);
        if (n <= 0) {
            g->gone = true;
            return -1;
        }
        g->got = 0;
        g->have = n;
    }
    return g->pending[g->got++];
}

/* All of it; a gdb that is not there any more is noted in g->gone. */
static void send_bytes(struct gdb *g, const void *bytes, size_t size)
{
    for (const char *at = bytes; size && !g->gone;) {
        ssize_t n = send(g->sock, at, size, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) g->gone = true;
        at += n;
        size -= n;
    }
}

static int hex_digit(int c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

/* The next packet's data, unescaped and 0-terminated, in g->in. False: gdb has gone. A packet with
 * a wrong sum or too long is asked for again, or, without acknowledgements, ignored. */
static bool get_packet(struct gdb *g)
{
    for (;;) {
        int c, sum = 0;
        while ((c = get_byte(g)) >= 0 && c != '$')
            if (c == 3) g->interrupted = seconds();
        g->in_size = 0;
        bool fits = true;
        while ((c = get_byte(g)) >= 0 && c != '#') {
            if (c == '$') { /* a new one begins: the last was cut off */
                g->in_size = sum = 0;
                fits = true;
                continue;
            }
            sum += c;
            if (c == '}') {
                if ((c = get_byte(g)) < 0) break;
                sum += c;
                c ^= 0x20;
            }
            if (g->in_size < PACKET_MAX) g->in[g->in_size++] = c;
            else fits = false;
        }
        int high = hex_digit(get_byte(g)), low = hex_digit(get_byte(g));
        if (g->gone) return false;
        bool good = fits && high >= 0 && low >= 0 && (high << 4 | low) == (sum & 0xff);
        g->in[g->in_size] = 0;
        if (!g->no_ack) send_bytes(g, good ? "+" : "-", 1);
        if (good) return true;
    }
}

/* Sends g->out as a packet. */
static void send_packet(struct gdb *g)
{
    char tail[4];
    uint8_t sum = 0;
    for (size_t i = 0; i < g->out_size; i++) sum += g->out[i];
    snprintf(tail, sizeof tail, "#%02x", sum);
    send_bytes(g, "$", 1);
    send_bytes(g, g->out, g->out_size);
    send_bytes(g, tail, 3);
}

/* ---- composing the answer in g->out ---- */

void say(struct gdb *g, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    size_t room = PACKET_MAX - g->out_size;
    int n = vsnprintf(g->out + g->out_size, room, format, args);
    va_end(args);
    if (n > 0) g->out_size += (size_t)n < room ? (size_t)n : room - 1;
}

void say_hex(struct gdb *g, const void *bytes, size_t size)
{
    static const char digits[] = "0123456789abcdef";
    const uint8_t *at = bytes;
    for (size_t i = 0; i < size && g->out_size + 2 < PACKET_MAX; i++) {
        g->out[g->out_size++] = digits[at[i] >> 4];
        g->out[g->out_size++] = digits[at[i] & 15];
    }
}

/* As many bytes, escaped where they must be, as there is room for. */
void say_binary(struct gdb *g, const void *bytes, size_t size)
{
    for (size_t i = 0; i < size && g->out_size + 2 < PACKET_MAX; i++) {
        uint8_t c = ((const uint8_t *)bytes)[i];
        if (c == '$' || c == '#' || c == '}' || c == '*') {
            g->out[g->out_size++] = '}';
            c ^= 0x20;
        }
        g->out[g->out_size++] = c;
    }
}

/* Part of an object gdb fetches piecemeal, "OFFSET,LENGTH" in hex at `range`: m more to come, l
 * last. */
void say_part(struct gdb *g, const void *object, size_t size, const char *range)
{
    uint64_t offset, length;
    if (!number(&range, &offset) || *range++ != ',' || !number(&range, &length) || *range) {
        say(g, "E01");
        return;
    }
    if (offset > size) offset = size;
    if (length > PACKET_MAX / 2 - 16) length = PACKET_MAX / 2 - 16;
    bool last = length >= size - offset;
    if (last) length = size - offset;
    say(g, last ? "l" : "m");
    say_binary(g, (const char *)object + offset, length);
}

/* ---- reading the question ---- */

/* A hexadecimal number at *at, which moves behind it. False: there is none, or it is too big. */
bool number(const char **at, uint64_t *value)
{
    int digits = 0, d;
    *value = 0;
    for (; (d = hex_digit(**at)) >= 0; ++*at, digits++) *value = *value << 4 | (unsigned)d;
    return digits > 0 && digits <= 16;
}

/* Hex digit pairs up to something else, as bytes; how many. */
size_t hex_bytes(const char *hex, void *buf, size_t size)
{
    size_t n = 0;
    for (; n < size && hex_digit(hex[0]) >= 0 && hex_digit(hex[1]) >= 0; hex += 2)
        ((uint8_t *)buf)[n++] = hex_digit(hex[0]) << 4 | hex_digit(hex[1]);
    return n;
}

/* A thread id: hex, or -1 (all) or 0 (any): those become 0. */
static pid_t thread_id(const char *at)
{
    uint64_t tid;
    return *at != '-' && number(&at, &tid) && tid <= INT32_MAX ? (pid_t)tid : 0;
}

static struct machine *machine(struct gdb *g) { return timeline_machine(g->tl); }

/* The thread g, p and so on are about. */
static pid_t selected(struct gdb *g)
{
    return g->thread ? g->thread : g->t->thread(machine(g));
}

/* ---- signals have other numbers in the protocol ---- */

/* gdb's number for each Linux signal below the real-time ones. */
static const uint8_t gdb_signals[] = {
    [SIGHUP] = 1, [SIGINT] = 2, [SIGQUIT] = 3, [SIGILL] = 4, [SIGTRAP] = 5, [SIGABRT] = 6, [SIGBUS] = 10,
    [SIGFPE] = 8, [SIGKILL] = 9, [SIGUSR1] = 30, [SIGSEGV] = 11, [SIGUSR2] = 31, [SIGPIPE] = 13,
    [SIGALRM] = 14, [SIGTERM] = 15, [SIGSTKFLT] = 143, [SIGCHLD] = 20, [SIGCONT] = 19, [SIGSTOP] = 17,
    [SIGTSTP] = 18, [SIGTTIN] = 21, [SIGTTOU] = 22, [SIGURG] = 16, [SIGXCPU] = 24, [SIGXFSZ] = 25,
    [SIGVTALRM] = 26, [SIGPROF] = 27, [SIGWINCH] = 28, [SIGIO] = 23, [SIGPWR] = 32, [SIGSYS] = 12,
};

static unsigned signal_to_gdb(int signo)
{
    if (signo == 32) return 77;
    if (signo > 32 && signo < 64) return 45 + (signo - 33);
    if (signo == 64) return 78;
    return signo > 0 && signo < 32 ? gdb_signals[signo] : 0;
}

/* The Linux signal of that number of gdb's; 0: none. */
int signal_from_gdb(unsigned number)
{
    for (int signo = 1; signo < 65; signo++)
        if (signal_to_gdb(signo) == number) return signo;
    return 0;
}

/* QPassSignals: these do not stop. */
static void packet_pass_signals(struct gdb *g, const char *rest)
{
    uint64_t mask = 0, n;
    for (; number(&rest, &n); rest += *rest == ';') {
        int signo = n < 200 ? signal_from_gdb(n) : 0;
        if (signo > 0 && signo < 64) mask |= UINT64_C(1) << signo;
    }
    timeline_pass_signals(g->tl, mask);
    say(g, "OK");
}

/* QCatchSyscalls:1 ";" NUMBER ...: these stop, or all if none is named; :0: none. Numbers in
 * hex. */
static void packet_catch_syscalls(struct gdb *g, const char *rest)
{
    struct syscall_set set = { 0 };
    uint64_t n;
    if (!g->t->catch || (*rest != '0' && *rest != '1')) return;
    bool on = *rest++ == '1';
    set.all = *rest != ';';
    while (*rest == ';' && (rest++, number(&rest, &n)))
        if (n < 8 * sizeof set.bits) set.bits[n / 64] |= UINT64_C(1) << n % 64;
    timeline_catch(g->tl, on ? &set : NULL);
    say(g, *rest ? "E01" : "OK");
}

/* ---- stops ---- */

/* The stop reply for g->last. */
static void packet_why(struct gdb *g, const char *rest)
{
    const struct moved *m = &g->last;
    static const char *const watches[] = {
        [STOP_ON_WRITE] = "watch", [STOP_ON_READ] = "rwatch", [STOP_ON_ACCESS] = "awatch"};
    (void)rest;
    if (m->kind == MOVED_EXIT) {
        if (m->signo) say(g, "X%02x", signal_to_gdb(m->signo));
        else say(g, "W%02x", m->status & 0xff);
        return;
    }
    unsigned signo = 5;
    if (m->kind == MOVED_SIGNAL) signo = signal_to_gdb(m->signo);
    if (m->kind == MOVED_INTERRUPT) signo = 2;
    if (m->kind == MOVED_LOST) signo = 0;
    say(g, "T%02x", signo);
    if (m->kind == MOVED_BREAK && g->swbreak) say(g, "swbreak:;");
    if (m->kind == MOVED_WATCH)
        say(g, "%s:%llx;", watches[m->watch_kind], (unsigned long long)m->watch_addr);
    if (m->kind == MOVED_SYSCALL) say(g, "syscall_entry:%llx;", (unsigned long long)m->syscallno);
    if (m->kind == MOVED_RETURN) say(g, "syscall_return:%llx;", (unsigned long long)m->syscallno);
    if (m->kind == MOVED_BEGIN) say(g, "replaylog:begin;");
    if (m->kind == MOVED_END) say(g, "replaylog:end;");
    say(g, "thread:%x;", m->tid ? m->tid : g->t->thread(machine(g)));
}

/* While time moves, gdb may send a Ctrl-C, or break off: the kernel tells us by SIGIO, and
 * everything stops. The byte itself is read afterwards. */
static int listening = -1;
static void on_input(int signo)
{
    char c;
    int saved = errno;
    (void)signo;
    if (listening >= 0) {
        ssize_t n = recv(listening, &c, 1, MSG_PEEK | MSG_DONTWAIT);
        if (n == 0 || (n == 1 && c == 3)) timeline_cancel();
    }
    errno = saved;
}

/* gdb prints it: packets of their own, before the answer. */
void print(struct gdb *g, const char *text)
{
    enum { PART = 1000 };
    for (size_t left = strlen(text), n; left; left -= n, text += n) {
        n = left < PART ? left : PART;
        say(g, "O");
        say_hex(g, text, n);
        send_packet(g);
        g->out_size = 0;
    }
}

static void explain(struct gdb *g, const char *why)
{
    char text[300];
    snprintf(text, sizeof text, "rr: cannot go there: %s\n", why ? why : "it is lost");
    print(g, text);
}

/* Calls one of timeline.c's movements, interruptible; its outcome is the answer. A Ctrl-C that came
 * between two of the many that make one of gdb's commands was meant for that command, not for one
 * typed later. */
static void move(struct gdb *g, struct moved (*how)(struct timeline *tl))
{
    static const double RECENT = 0.5;
    timeline_start();
    if (g->interrupted && seconds() - g->interrupted < RECENT) timeline_cancel();
    g->interrupted = 0;
    for (; g->got < g->have; g->got++) /* a Ctrl-C we have already */
        if (g->pending[g->got] == 3) timeline_cancel();
    listening = g->sock;
    on_input(0);
    bool back = how == timeline_reverse_continue || how == timeline_reverse_step;
    if (g->t->progress) progress_begin(back ? "searching backwards" : "replaying");
    g->last = g->t->move ? g->t->move(g->tl, how) : how(g->tl);
    progress_end();
    listening = -1;
    char c;
    if (g->last.kind == MOVED_INTERRUPT && recv(g->sock, &c, 1, MSG_PEEK | MSG_DONTWAIT) == 1 &&
        c == 3)
        g->gone = recv(g->sock, &c, 1, 0) != 1; /* it has done its work */
    g->thread = 0;
    if (g->last.kind == MOVED_LOST) explain(g, g->last.why);
    packet_why(g, "");
}

static void packet_reverse_continue(struct gdb *g, const char *rest) { (void)rest; move(g, timeline_reverse_continue); }
static void packet_reverse_step(struct gdb *g, const char *rest) { (void)rest; move(g, timeline_reverse_step); }
static void packet_continue(struct gdb *g, const char *rest) { (void)rest; move(g, timeline_continue); }
static void packet_step(struct gdb *g, const char *rest) { (void)rest; move(g, timeline_step); }

/* vCont: an action for each of some threads. One thread runs at a time, in the order that was
 * recorded; so if any of them is to step, time moves by a step. */
static void packet_vcont(struct gdb *g, const char *rest)
{
    bool step = false;
    for (const char *at = rest; at; at = strchr(at + 1, ';')) {
        if (at[0] != ';' || !at[1] || !strchr("csCSt", at[1])) {
            say(g, "E01");
            return;
        }
        step |= at[1] == 's' || at[1] == 'S';
    }
    move(g, step ? timeline_step : timeline_continue);
}

/* ---- breakpoints and watchpoints ---- */

/* The conditions in a Z packet's tail: ";X" LENGTH "," HEX, again and again, from the second on
 * without the semicolon. False: malformed. */
static bool add_conditions(struct gdb *g, uint64_t addr, const char *at)
{
    static uint8_t code[PACKET_MAX / 2];
    while (*at) {
        uint64_t length;
        if (!strncmp(at, ";cmds:", 6)) return true; /* commands: gdb runs them itself */
        at += *at == ';';
        if (*at++ != 'X') return false;
        if (!number(&at, &length) || *at++ != ',' || length > sizeof code) return false;
        if (hex_bytes(at, code, length) != length) return false;
        if (!timeline_condition(g->tl, addr, code, length)) return false;
        at += 2 * length;
    }
    return true;
}

/* Z and z: TYPE "," ADDR "," KIND, and conditions. Types 0 and 1 are breakpoints, 2 to 4
 * watchpoints (of KIND bytes) for writing, reading, both. */
static void change_stopper(struct gdb *g, const char *rest, bool insert)
{
    static const enum stopper_kind kinds[] = {STOP_ON_EXEC, STOP_ON_EXEC, STOP_ON_WRITE,
                                              STOP_ON_READ, STOP_ON_ACCESS};
    uint64_t type, addr, kind;
    bool good = number(&rest, &type) && type < 5 && *rest++ == ',' && number(&rest, &addr) &&
                *rest++ == ',' && number(&rest, &kind);
    if (!good) {
        say(g, "%s", "");
        return;
    }
    if (g->t->stopper) {
        good = g->t->stopper(g->tl, kinds[type], addr, kind < 64 ? (int)kind : 0, insert);
    } else if (insert) {
        uint8_t byte;
        good = type > 1 || g->t->anywhere || g->t->read(machine(g), addr, &byte, 1) == 1;
        good = good && timeline_insert(g->tl, kinds[type], addr, kind < 64 ? (int)kind : 0);
        if (good && *rest && !add_conditions(g, addr, rest)) {
            timeline_remove(g->tl, kinds[type], addr, (int)kind);
            good = false;
        }
    } else {
        timeline_remove(g->tl, kinds[type], addr, (int)kind);
    }
    say(g, good ? "OK" : "E01");
}

static void packet_insert(struct gdb *g, const char *rest) { change_stopper(g, rest, true); }
static void packet_remove(struct gdb *g, const char *rest) { change_stopper(g, rest, false); }

/* ---- registers, memory, threads ---- */

static void say_registers(struct gdb *g, size_t from, size_t size, const uint8_t *bytes,
                          const uint8_t *valid)
{
    for (size_t i = from; i < from + size; i++) {
        if (valid[i]) say_hex(g, bytes + i, 1);
        else say(g, "xx");
    }
}

static void packet_registers(struct gdb *g, const char *rest)
{
    uint8_t bytes[REGISTERS_MAX], valid[REGISTERS_MAX];
    size_t size = g->t->registers(machine(g), selected(g), bytes, valid);
    (void)rest;
    if (size) say_registers(g, 0, size, bytes, valid);
    else say(g, "E01");
}

static void packet_register(struct gdb *g, const char *rest)
{
    uint8_t bytes[REGISTERS_MAX], valid[REGISTERS_MAX];
    uint64_t n;
    size_t offset, size, have = g->t->registers(machine(g), selected(g), bytes, valid);
    if (number(&rest, &n) && n < 10000 && register_place(g->t->rows, n, &offset, &size) &&
        offset + size <= have)
        say_registers(g, offset, size, bytes, valid);
    else say(g, "E01");
}

/* m ADDR "," LENGTH: as much of it as is readable. */
static void packet_memory(struct gdb *g, const char *rest)
{
    static uint8_t bytes[PACKET_MAX / 2];
    uint64_t addr, length;
    if (!number(&rest, &addr) || *rest++ != ',' || !number(&rest, &length) || *rest) {
        say(g, "E01");
        return;
    }
    if (length > sizeof bytes) length = sizeof bytes;
    ssize_t n = length ? g->t->read(machine(g), addr, bytes, length) : 0;
    if (length && n <= 0) say(g, "E14");
    else say_hex(g, bytes, n);
}

/* M ADDR "," LENGTH ":" HEX, and X, which has the bytes as they are. Length 0 asks if it is known
 * here. */
static void write_memory(struct gdb *g, const char *rest, bool binary)
{
    static uint8_t bytes[PACKET_MAX / 2];
    uint64_t addr, length;
    if (!number(&rest, &addr) || *rest++ != ',' || !number(&rest, &length) || *rest++ != ':' ||
        length > sizeof bytes ||
        (binary ? (size_t)(g->in + g->in_size - rest) : strlen(rest) / 2) != length) {
        say(g, "E01");
        return;
    }
    if (binary) memcpy(bytes, rest, length);
    else hex_bytes(rest, bytes, length);
    if (!g->t->divert) say(g, "E.this is a recording: what happened cannot be changed");
    else if (length && !timeline_write(g->tl, addr, bytes, length)) say(g, "E0e");
    else say(g, "OK");
}

static void packet_write(struct gdb *g, const char *rest) { write_memory(g, rest, false); }
static void packet_write_binary(struct gdb *g, const char *rest) { write_memory(g, rest, true); }

/* G HEX: all registers; P NUMBER "=" HEX: one. */
static void write_registers(struct gdb *g, const char *rest, bool one)
{
    uint8_t bytes[REGISTERS_MAX], valid[REGISTERS_MAX];
    uint64_t n;
    size_t offset = 0, have = g->t->registers(machine(g), selected(g), bytes, valid), size = have;
    bool good = !one || (number(&rest, &n) && n < 10000 && *rest++ == '=' &&
                         register_place(g->t->rows, n, &offset, &size));
    if (!g->t->divert) say(g, "E.this is a recording: what happened cannot be changed");
    else if (!good || !have || offset + size > have || hex_bytes(rest, bytes + offset, size) != size
             || !timeline_set_registers(g->tl, selected(g), bytes)) say(g, "E01");
    else say(g, "OK");
}

static void packet_set_registers(struct gdb *g, const char *rest)
{
    write_registers(g, rest, false);
}
static void packet_set_register(struct gdb *g, const char *rest) { write_registers(g, rest, true); }

static bool thread_exists(struct gdb *g, pid_t tid)
{
    pid_t tids[512];
    size_t n = g->t->threads(machine(g), tids, 512);
    for (size_t i = 0; i < n; i++)
        if (tids[i] == tid) return true;
    return false;
}

static void packet_select(struct gdb *g, const char *rest)
{
    pid_t tid = *rest ? thread_id(rest + 1) : 0;
    bool good = tid == 0 || thread_exists(g, tid);
    if (good && *rest == 'g') g->thread = tid;
    say(g, good ? "OK" : "E01");
}

static void packet_alive(struct gdb *g, const char *rest)
{
    say(g, thread_exists(g, thread_id(rest)) ? "OK" : "E01");
}

static void packet_current_thread(struct gdb *g, const char *rest)
{
    (void)rest;
    say(g, "QC%x", g->t->thread(machine(g)));
}

/* ---- coming and going ---- */

static void packet_no_ack(struct gdb *g, const char *rest)
{
    (void)rest;
    g->no_ack = true;
    say(g, "OK");
}

static void packet_bye(struct gdb *g, const char *rest)
{
    (void)rest;
    g->done = true;
    say(g, "OK");
}

static void packet_kill(struct gdb *g, const char *rest)
{
    (void)rest;
    g->done = g->gone = g->killed = true; /* `k` has no answer */
}

static void packet_vkill(struct gdb *g, const char *rest)
{
    g->killed = true;
    packet_bye(g, rest);
}

static void packet_ok(struct gdb *g, const char *rest)
{
    (void)rest;
    say(g, "OK");
}

static void packet_last(struct gdb *g, const char *rest)
{
    (void)rest;
    say(g, "l");
}

static void packet_attached(struct gdb *g, const char *rest)
{
    (void)rest;
    say(g, "0"); /* so that leaving gdb ends us */
}

static void packet_vcont_query(struct gdb *g, const char *rest)
{
    (void)rest;
    say(g, "vCont;c;C;s;S;t");
}

/* A packet is known by how it begins; the first row that fits has it. */
static const struct packet {
    const char *name;
    void (*answer)(struct gdb *g, const char *rest);
} packets[] = {
    { "qSupported", packet_supported }, { "QStartNoAckMode", packet_no_ack }, { "QPassSignals:", packet_pass_signals },
    { "QCatchSyscalls:", packet_catch_syscalls },
    { "QProgramSignals:", packet_ok }, { "QThreadSuffixSupported", packet_ok },
    { "qXfer:", packet_xfer }, { "qAttached", packet_attached }, { "qC", packet_current_thread },
    { "qfThreadInfo", packet_first_threads }, { "qsThreadInfo", packet_last },
    { "qThreadExtraInfo,", packet_thread_info }, { "qSymbol:", packet_symbol },
    { "qGetTLSAddr:", packet_tls_address }, { "qRcmd,", packet_monitor },
    { "vCont?", packet_vcont_query }, { "vCont", packet_vcont }, { "vFile:", packet_file },
    { "vKill", packet_vkill }, { "bc", packet_reverse_continue }, { "bs", packet_reverse_step },
    { "Z", packet_insert }, { "z", packet_remove }, { "g", packet_registers }, { "p", packet_register },
    { "m", packet_memory }, { "G", packet_set_registers }, { "P", packet_set_register },
    { "M", packet_write }, { "X", packet_write_binary },
    { "H", packet_select }, { "T", packet_alive }, { "?", packet_why }, { "c", packet_continue }, { "C", packet_continue },
    { "s", packet_step }, { "S", packet_step }, { "D", packet_bye }, { "k", packet_kill },
};

/* A gdb connected. */
static struct gdb *hello(int sock, const struct target *t, struct timeline *tl)
{
    struct gdb *g = calloc(1, sizeof *g);
    struct sigaction action = { .sa_handler = on_input };
    if (!g) return NULL;
    g->sock = sock;
    g->t = t;
    g->tl = tl;
    g->last.kind = MOVED_STEP;
    memset(g->files, -1, sizeof g->files);
    sigaction(SIGIO, &action, NULL);
    fcntl(sock, F_SETOWN, getpid());
    fcntl(sock, F_SETFL, fcntl(sock, F_GETFL) | O_ASYNC);
    return g;
}

/* Its next packet, and our answer. False: there will be no more. */
static bool turn(struct gdb *g)
{
    size_t i = 0, known = sizeof packets / sizeof *packets;
    if (g->done || !get_packet(g)) return false;
    g->out_size = 0;
    while (i < known && strncmp(g->in, packets[i].name, strlen(packets[i].name))) i++;
    if (i < known) packets[i].answer(g, g->in + strlen(packets[i].name));
    if (!g->gone) send_packet(g);
    return !g->done;
}

/* It left. True: not by killing what it debugs. */
static bool goodbye(struct gdb *g)
{
    bool killed = g->killed;
    fcntl(g->sock, F_SETFL, fcntl(g->sock, F_GETFL) & ~O_ASYNC);
    for (int i = 0; i < GDB_FILES; i++)
        if (g->files[i] >= 0) close(g->files[i]);
    free(g);
    return !killed;
}

bool gdb_serve(int sock, const struct target *t, struct timeline *tl)
{
    struct gdb *g = hello(sock, t, tl);
    while (g && turn(g)) continue;
    return g && goodbye(g);
}

/* As gdb_serve(), and the first gdb to connect to `listener` is served on the same timeline with
 * another view of it. Ends with the first; the second may leave, and another come. */
void gdb_serve_two(int sock, const struct target *t, struct timeline *tl, int listener,
                   const struct target *other)
{
    struct gdb *g = hello(sock, t, tl), *second = NULL;
    while (g) {
        struct pollfd p[2] = { { .fd = sock, .events = POLLIN },
                               { .fd = second ? second->sock : listener, .events = POLLIN } };
        bool first_more = g->got < g->have, second_more = second && second->got < second->have;
        if (poll(p, 2, first_more || second_more ? 0 : -1) < 0) p[0].revents = p[1].revents = 0;
        if (second && (second_more || p[1].revents)) {
            if (turn(second)) continue;
            close(second->sock);
            goodbye(second);
            second = NULL;
        } else if (p[1].revents) {
            int one = 1, connected = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
            setsockopt(connected, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
            second = hello(connected, other, tl);
        }
        if ((first_more || p[0].revents) && !turn(g)) break;
    }
    if (second) close(second->sock), goodbye(second);
    if (g) goodbye(g);
}
