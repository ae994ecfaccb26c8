/* gdbstub.h - between the files of the stub: gdbstub.c (wire, registers, memory, stopping, moving),
 * gdbquery.c (what gdb asks besides: features, objects, files, monitor commands) and gdbtls.c
 * (thread-local variables). */
#ifndef GDBSTUB_H
#define GDBSTUB_H

#include "timeline.h"
#include <stdarg.h>

enum { PACKET_MAX = 65536, GDB_FILES = 8, TLS_SYMBOLS = 13 };

/* One gdb. */
struct gdb {
    int sock;
    const struct target *t;
    struct timeline *tl;
    bool gone, done;        /* it broke off; it said good-bye */
    bool killed;            /* and that we are to end */
    bool no_ack;
    bool swbreak;           /* it understands why a stop is one at a breakpoint */
    /* seconds(): a Ctrl-C came between two packets, while gdb was, say, stepping */
    double interrupted;
    pid_t thread;           /* Hg; 0: the current one */
    struct moved last;      /* the answer to `?` */
    uint8_t pending[4096];  /* received, not yet read: from `got` to `have` */
    size_t got, have;
    char in[PACKET_MAX + 1], out[PACKET_MAX + 64];
    size_t in_size, out_size;
    int files[GDB_FILES];   /* vFile: host descriptors, -1 if free */
    uint64_t tls_symbols[TLS_SYMBOLS]; /* addresses (gdbtls.c); 0: gdb does not know it */
};

/* Composing the answer (gdbstub.c) */
void say(struct gdb *g, const char *format, ...) __attribute__((format(printf, 2, 3)));
void print(struct gdb *g, const char *text);
void say_hex(struct gdb *g, const void *bytes, size_t size);
void say_binary(struct gdb *g, const void *bytes, size_t size);
void say_part(struct gdb *g, const void *object, size_t size, const char *range);

/* Reading the question (gdbstub.c) */
bool number(const char **at, uint64_t *value);
size_t hex_bytes(const char *hex, void *buf, size_t size);
int signal_from_gdb(unsigned number);

/* Packets (gdbquery.c); `rest` is what follows the packet's name */
void packet_supported(struct gdb *g, const char *rest);
void packet_xfer(struct gdb *g, const char *rest);
void packet_file(struct gdb *g, const char *rest);
void packet_monitor(struct gdb *g, const char *rest);
void packet_first_threads(struct gdb *g, const char *rest);
void packet_thread_info(struct gdb *g, const char *rest);

/* Packets (gdbtls.c) */
void packet_symbol(struct gdb *g, const char *rest);
void packet_tls_address(struct gdb *g, const char *rest);

#endif
