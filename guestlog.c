/* guestlog.c - what comes into the emulated machine from outside, written down as it comes.
 *
 * Problem: under -gdb the guest runs again from a snapshot to where it was, as often as the
 * debugger goes back. It must see the same again: the same keys, at the same instants, and the same
 * clock.
 *
 * Guarantee: the board (spitz.c, uart.c) asks the outside for two things, the time and new input,
 * and nothing else comes in. Its questions come in an order that is a function of the answers so
 * far. So a machine that asks question number n gets the answer that was given to number n; the
 * real world is asked only by a machine that has come further than any before.
 *
 *      question   1      2       3      4       5      6
 *                clock  input   clock  input   clock  input
 *      answer    1000     -      2010   "ls\n"  2990    -
 *                        (a question for input that found none has no entry in the log)
 *
 * How: `answered` counts the questions answered so far; `asked` those of the machine that runs now,
 * and is part of its state (snapshot.c). While a debugger holds the guest, its clock stands still:
 * what is logged is the host's clock less that time.
 *
 * Start reading at log_clock().
 */
#include "board.h"
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct answer {
    uint64_t question; /* its number */
    uint64_t value;    /* the clock; or where in `bytes` the input begins */
    uint32_t size;     /* of the input; 0: it ended */
};

static bool logging;
static struct answer *answers;
static size_t answer_count, answer_room;
static uint8_t *bytes; /* all input so far */
static size_t byte_count;
static uint64_t answered;

/* The machine that runs: questions asked, and how many of them have an answer in the log. */
static struct { uint64_t asked; size_t at; } reader;

/* The host's clock, and when it was put aside: see log_pause(). */
static uint64_t paused_ns, stopped_at;
static bool live;

static uint64_t host_clock(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000ull + t.tv_nsec;
}

/* From now on all is logged. The guest's time stands still until the first question. */
void log_start(void)
{
    logging = true;
    stopped_at = host_clock();
}

/* The guest stops running: the time until it goes on is none of its business. */
void log_pause(void)
{
    if (live)
        stopped_at = host_clock();
    live = false;
}

/* Is the next question one for the real world? */
bool log_live(void) { return !logging || reader.asked == answered; }

/* The answer in the log to the question being asked, NULL if there is none. */
static const struct answer *logged_answer(void)
{
    reader.asked++;
    if (reader.at < answer_count && answers[reader.at].question == reader.asked)
        return &answers[reader.at++];
    return NULL;
}

/* Writes down the answer to the question now being asked for the first time. */
static void add_answer(uint64_t value, uint32_t size)
{
    if (answer_count == answer_room) {
        answer_room = answer_room * 2 + 1024;
        answers = realloc(answers, answer_room * sizeof *answers);
        if (!answers)
            board_fail("no memory for the log of inputs");
    }
    answers[answer_count++] = (struct answer){ reader.asked, value, size };
    reader.at = answer_count;
}

/* What time is it on the host? In nanoseconds. */
uint64_t log_clock(void)
{
    uint64_t now;

    if (!log_live())
        return logged_answer()->value;
    now = host_clock();
    if (!logging)
        return now;
    if (!live)
        paused_ns += now - stopped_at;
    live = true;
    answered = ++reader.asked;
    add_answer(now - paused_ns, 0);
    return now - paused_ns;
}

/* Is there new input? `read` asks the real world: it returns how many bytes it put into buf, 0 for
 * none and -1 for the end of all input. So does this. */
int log_input(int (*read)(void *buf, int size), void *buf, int size)
{
    const struct answer *a;
    int n;

    if (!log_live()) {
        a = logged_answer();
        if (a)
            memcpy(buf, bytes + a->value, a->size);
        return !a ? 0 : a->size ? (int)a->size : -1;
    }
    n = read(buf, size);
    if (!logging)
        return n;
    answered = ++reader.asked;
    if (n > 0) {
        bytes = realloc(bytes, byte_count + n);
        if (!bytes)
            board_fail("no memory for the log of inputs");
        memcpy(bytes + byte_count, buf, n);
        byte_count += n;
    }
    if (n)
        add_answer(n > 0 ? byte_count - n : 0, n > 0 ? n : 0);
    return n;
}

void log_state(state_visitor *visit) { visit(&reader, sizeof reader); }
