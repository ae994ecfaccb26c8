/* progress.c - a line on the terminal while something takes long.
 *
 * Problem: a replay of a long recording, or a search through it for gdb, may take many seconds,
 * and somebody who sees nothing cannot tell it from a hang.
 *
 * Guarantee: what takes less than two seconds shows nothing, nor does anything where stderr is no
 * terminal. The line is gone when the work is done, and never mixes with what the replayed program
 * prints: it gives way to output, and is not shown behind a line that is not finished.
 *
 * How: whoever does the work says where it has come to by storing a number, which costs nothing
 * however often it is done. A timer's signal, twice a second, draws the line from it; so it moves
 * even in a stretch of the recording in which nothing happens. All that is interrupted by it is a
 * waitpid of ours, and tracee.c goes on with that.
 *
 *     progress_begin("replaying") ... progress_at(event, events) ... progress_end()
 *
 * Start reading at draw().
 */
#define _GNU_SOURCE
#include "rr.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { TICKS_A_SECOND = 2, QUIET_TICKS = 2 * TICKS_A_SECOND };

static struct {
    timer_t timer;
    bool made;               /* the timer is there */
    bool on;                 /* between begin and end */
    const char *what;
    volatile uint64_t done, of;
    volatile sig_atomic_t ticks; /* since the beginning */
    volatile sig_atomic_t shown; /* the line is on the screen */
    volatile sig_atomic_t held;  /* no place to show it: see progress_give_way() */
} now;

/* Appends a number to the text at p; the end of it. (printf's family may not be called in a
 * signal's handler.) */
static char *put_number(char *p, uint64_t n)
{
    char digits[20];
    int i = 0;
    do
        digits[i++] = '0' + n % 10;
    while (n /= 10);
    while (i)
        *p++ = digits[--i];
    return p;
}

static char *put_text(char *p, const char *text)
{
    size_t n = strlen(text);
    memcpy(p, text, n);
    return p + n;
}

/* The timer has ticked: draw the line anew. */
static void draw(int signo)
{
    int saved = errno;
    char line[160], *p = line;
    (void)signo;
    if (++now.ticks <= QUIET_TICKS || now.held || !now.on)
        return;
    p = put_text(p, "\rrr: ");
    p = put_text(p, now.what);
    p = put_text(p, ", event ");
    p = put_number(p, now.done);
    p = put_text(p, " of ");
    p = put_number(p, now.of);
    p = put_text(p, ", ");
    p = put_number(p, now.ticks / TICKS_A_SECOND);
    p = put_text(p, " s\033[K");
    now.shown = write(STDERR_FILENO, line, p - line) > 0;
    errno = saved;
}

static void hide(void)
{
    if (now.shown && write(STDERR_FILENO, "\r\033[K", 4) > 0)
        now.shown = 0;
}

/* So many nanoseconds apart; 0 stops it. Where there is no timer there is no progress to see. */
static void set_timer(long nanoseconds)
{
    struct itimerspec every = {{0, nanoseconds}, {0, nanoseconds}};
    if (!now.made) {
        struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN + 2};
        sigaction(SIGRTMIN + 2, &(struct sigaction){.sa_handler = draw, .sa_flags = SA_RESTART},
                  NULL);
        now.made = timer_create(CLOCK_MONOTONIC, &event, &now.timer) == 0;
    }
    if (now.made)
        timer_settime(now.timer, 0, &every, NULL);
}

/* Something begins that may take long; `what` is a participle, and must stay. It may be begun
 * within something else that has: then that goes on. */
void progress_begin(const char *what)
{
    if (now.on || !isatty(STDERR_FILENO))
        return;
    now.what = what;
    now.ticks = 0;
    now.on = true;
    set_timer(1000000000 / TICKS_A_SECOND);
}

/* It has come to event `done` of so many. */
void progress_at(uint64_t done, uint64_t of)
{
    now.done = done;
    now.of = of;
}

/* It is over; the line is gone. */
void progress_end(void)
{
    if (!now.on)
        return;
    now.on = false;
    set_timer(0);
    hide();
}

/* Others are about to write to the terminal, before: `last` 0; or have, and `last` is the last
 * character of it. Behind a line that is not finished there is no place for ours. */
void progress_give_way(char last)
{
    now.held = last != '\n';
    if (now.held && !last)
        hide();
}
