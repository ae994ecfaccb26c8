/* clock.c - what time looks like from inside. Commands come from stdin, a byte each:
 *   m   reads the clock over and over for a fifth of a second: it must never go back
 *   i   waits in idle mode for the alarm of the real-time clock in an hour (for -icount)
 *   t   prints the time
 *   q   switches off */
#include "board.h"

static volatile u32 *const ic = (u32 *)0x40d00000, *const ost = (u32 *)0x40a00000;
static volatile u32 *const gpio = (u32 *)0x40e00000, *const rtc = (u32 *)0x40900000;

static void monotonic(void)
{
    u32 start = ost[4], last = start, now, backwards = 0, stood = 0, most = 0;

    do {
        now = ost[4];
        backwards += now - last > 0x80000000;
        stood = now == last ? stood + 1 : 0;
        most = stood > most ? stood : most;
        last = now;
    } while (now - start < 650000);
    item("backwards", backwards, 8);
    item("stuck", most > 100000, 1); /* some hundred reads a tick are all right */
}

static void idle_an_hour(void)
{
    u32 start = rtc[0];

    rtc[1] = start + 3600;
    rtc[2] = 4;
    ic[5] = 1;
    ic[1] = 1u << 31;
    while (!(rtc[2] & 1))
        __asm__ volatile("mcr p14, 0, %0, c7, c0, 0" :: "r"(1));
    item("seconds", rtc[0] - start, 4);
    rtc[2] = 1;
}

void main(void)
{
    uart_on();
    uart[2] = 1;
    for (;;) {
        while (!(uart[5] & 1))
            ;
        switch (uart[0]) {
        case 'm': monotonic(); break;
        case 'i': idle_an_hour(); break;
        case 't': item("time", ost[4], 8); break;
        case 'q':
            put('\n');
            gpio[3 + 2] = 1 << 25;
            gpio[6 + 2] = 1 << 25;
        }
    }
}
