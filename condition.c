/* condition.c - a breakpoint's condition, evaluated in the stub.
 *
 * Problem: `break f if x == 7` with a thousand false hits. If gdb evaluates the condition, each of
 * them is a stop, a dozen packets, and, going backwards, a search of its own.
 *
 * Guarantee: what gdb's agent bytecode says is computed on the machine's present state, in bounded
 * time and space, whatever bytes arrive; whatever is malformed, unknown or unreadable is
 * AGENT_ERROR, and the stub then stops, so that gdb looks at the condition itself and reports what
 * is wrong.
 *
 * How: a stack machine of 64-bit values, as the gdb manual's appendix "The GDB Agent Expression
 * Mechanism" defines it. agent.c compiles the same bytecode; here it is interpreted, for all
 * machines.
 *
 * Start reading at agent_evaluate().
 */
#include "timeline.h"
#include <stdlib.h>
#include <string.h>

enum { STACK = 64, BUDGET = 10000 }; /* values; bytecodes executed before we call it a loop */

struct agent {
    const struct target *t;
    struct machine *m;
    const uint8_t *code;
    size_t size, at;
    uint64_t stack[STACK];
    int depth;
    bool bad;
};

static uint64_t pop(struct agent *a)
{
    if (a->depth) return a->stack[--a->depth];
    a->bad = true;
    return 0;
}

static void push(struct agent *a, uint64_t value)
{
    if (a->depth < STACK) a->stack[a->depth++] = value;
    else a->bad = true;
}

/* The next n bytes of code, big-endian. */
static uint64_t operand(struct agent *a, size_t n)
{
    uint64_t value = 0;
    if (n > a->size - a->at) a->bad = true;
    while (n-- && !a->bad) value = value << 8 | a->code[a->at++];
    return value;
}

/* A register by gdb's number for it, up to 8 bytes of it. */
static uint64_t agent_register(struct agent *a, unsigned number)
{
    uint8_t bytes[REGISTERS_MAX], valid[REGISTERS_MAX];
    uint64_t value = 0;
    size_t offset, size, have;
    if (a->t->low_register(a->m, number, &value)) return value;
    have = a->t->registers(a->m, a->t->thread(a->m), bytes, valid);
    if (!register_place(a->t->rows, number, &offset, &size) || offset + size > have ||
        !valid[offset])
        a->bad = true;
    else memcpy(&value, bytes + offset, size < 8 ? size : 8);
    return value;
}

static uint64_t reference(struct agent *a, size_t size)
{
    uint64_t value = 0;
    if (a->t->read(a->m, pop(a), &value, size) != (ssize_t)size) a->bad = true;
    return value;
}

/* The lowest `bits` of a value, the rest zeros or copies of the top one. */
static uint64_t widen(uint64_t value, unsigned bits, bool sign)
{
    if (bits == 0 || bits >= 64) return value;
    value &= (UINT64_C(1) << bits) - 1;
    return sign && value >> (bits - 1) ? value | ~UINT64_C(0) << bits : value;
}

/* The bytecodes with two operands, a the deeper one. Division by zero is an error, and so is the
 * one quotient that does not fit. */
static uint64_t binary(struct agent *g, uint8_t op, uint64_t a, uint64_t b)
{
    int64_t sa = a, sb = b;
    bool divides = op >= 0x05 && op <= 0x08;
    if (divides && (b == 0 || (sa == INT64_MIN && sb == -1))) {
        g->bad = true;
        return 0;
    }
    switch (op) {
    case 0x02: return a + b;
    case 0x03: return a - b;
    case 0x04: return a * b;
    case 0x05: return sa / sb;
    case 0x06: return a / b;
    case 0x07: return sa % sb;
    case 0x08: return a % b;
    case 0x09: return b < 64 ? a << b : 0;
    case 0x0a: return sa >> (b < 64 ? b : 63);
    case 0x0b: return b < 64 ? a >> b : 0;
    case 0x0f: return a & b;
    case 0x10: return a | b;
    case 0x11: return a ^ b;
    case 0x13: return a == b;
    case 0x14: return sa < sb;
    default: return a < b; /* 0x15 */
    }
}

static void jump(struct agent *a, uint64_t to)
{
    if (to < a->size) a->at = to;
    else a->bad = true;
}

/* Bytecodes that move values on the stack. */
static void shuffle(struct agent *a, uint8_t op, uint64_t n)
{
    uint64_t x = pop(a), y, z;
    switch (op) {
    case 0x28: push(a, x), push(a, x); break; /* dup */
    case 0x2b: y = pop(a), push(a, x), push(a, y); break; /* swap */
    case 0x32: /* pick: the n'th below the top */
        push(a, x);
        if (n >= (uint64_t)a->depth) a->bad = true;
        else push(a, a->stack[a->depth - 1 - n]);
        break;
    case 0x33: y = pop(a), z = pop(a), push(a, x), push(a, z), push(a, y); break; /* rot */
    default: break; /* 0x29: pop */
    }
}

/* One bytecode. */
static void execute(struct agent *a, uint8_t op)
{
    uint64_t x, y;
    switch (op) {
    case 0x02 ... 0x0b: case 0x0f ... 0x11: case 0x13 ... 0x15:
        y = pop(a), x = pop(a);
        push(a, binary(a, op, x, y));
        break;
    case 0x0e: push(a, !pop(a)); break;
    case 0x12: push(a, ~pop(a)); break;
    case 0x16: x = operand(a, 1), push(a, widen(pop(a), x, true)); break;
    case 0x17: push(a, reference(a, 1)); break;
    case 0x18: push(a, reference(a, 2)); break;
    case 0x19: push(a, reference(a, 4)); break;
    case 0x1a: push(a, reference(a, 8)); break;
    case 0x20: if (x = operand(a, 2), pop(a)) jump(a, x); break;
    case 0x21: jump(a, operand(a, 2)); break;
    case 0x22: push(a, operand(a, 1)); break;
    case 0x23: push(a, operand(a, 2)); break;
    case 0x24: push(a, operand(a, 4)); break;
    case 0x25: push(a, operand(a, 8)); break;
    case 0x26: push(a, agent_register(a, operand(a, 2))); break;
    case 0x28: case 0x29: case 0x2b: case 0x33: shuffle(a, op, 0); break;
    case 0x2a: x = operand(a, 1), push(a, widen(pop(a), x, false)); break;
    case 0x32: shuffle(a, op, operand(a, 1)); break;
    default: a->bad = true;
    }
}

/* The truth of a condition on the machine as it stands. */
enum agent_result agent_evaluate(const struct target *t, struct machine *m, const uint8_t *code,
                                 size_t size)
{
    struct agent a = { .t = t, .m = m, .code = code, .size = size };
    for (int budget = BUDGET; budget && a.at < size && !a.bad; budget--) {
        uint8_t op = code[a.at++];
        if (op == 0x27) { /* end */
            uint64_t value = pop(&a);
            return a.bad ? AGENT_ERROR : value ? AGENT_TRUE : AGENT_FALSE;
        }
        execute(&a, op);
    }
    return AGENT_ERROR;
}

/* ---- several conditions as one ---- */

/* Bytes of operands that follow this bytecode; -1: not one of those above. */
static int operand_size(uint8_t op)
{
    switch (op) {
    case 0x02 ... 0x0b: case 0x0e ... 0x15: case 0x17 ... 0x1a: case 0x27 ... 0x29: case 0x2b: case 0x33: return 0;
    case 0x16: case 0x22: case 0x2a: case 0x32: return 1;
    case 0x20: case 0x21: case 0x23: case 0x26: return 2;
    case 0x24: return 4;
    case 0x25: return 8;
    default: return -1;
    }
}

/* A condition that holds where one of two does (or cannot be evaluated), malloced; NULL: not to be
 * had.
 *
 *      a, without its end   if_goto yes   b, the same, its jumps moved   goto end   yes: const8 1   end:
 * end */
struct agent_code *agent_either(const struct agent_code *a, const struct agent_code *b)
{
    enum { IF_GOTO = 0x20, GOTO, CONST8, END = 0x27 };
    size_t start = a->size + 2, over = start + b->size - 1, yes = over + 3, end = yes + 2;
    if (!a->size || !b->size || a->code[a->size - 1] != END || b->code[b->size - 1] != END ||
        end > UINT16_MAX)
        return NULL;
    struct agent_code *c = malloc(sizeof *c + end + 1);
    if (!c) return NULL;
    c->size = end + 1;
    memcpy(c->code, a->code, a->size - 1);
    memcpy(c->code + a->size - 1, (uint8_t[]){ IF_GOTO, yes >> 8, yes }, 3);
    memcpy(c->code + start, b->code, b->size - 1);
    memcpy(c->code + over, (uint8_t[]){ GOTO, end >> 8, end, CONST8, 1, END }, 6);
    for (size_t at = start; at < over;) {
        uint8_t op = c->code[at], *operand = c->code + at + 1;
        int size = operand_size(op);
        if (size < 0 || at + 1 + size > over) {
            free(c);
            return NULL;
        }
        if (op == IF_GOTO || op == GOTO) {
            size_t to = (operand[0] << 8 | operand[1]) + start;
            operand[0] = to >> 8;
            operand[1] = to;
        }
        at += 1 + size;
    }
    return c;
}
