/* devices.c - the PXA270's devices as software sees them: serial port, timers, interrupts, pins.
 *
 * Each check names what Intel's PXA27x manual wants and prints a line if the emulator does
 * otherwise; the last line is "0 wrong" if all is well. It runs with interrupts masked and the MMU
 * off, and looks at what is pending.
 */
#include "board.h"

static volatile u32 *const ic = (u32 *)0x40d00000, *const ost = (u32 *)0x40a00000;
static volatile u32 *const gpio = (u32 *)0x40e00000, *const rtc = (u32 *)0x40900000;
static volatile u32 *const bt = (u32 *)0x40200000; /* a UART with nothing connected */

static u32 wrong;

static void check(const char *what, u32 got, u32 want)
{
    if (got == want)
        return;
    wrong++;
    print(what);
    item(": got", got, 8);
    item("want", want, 8);
    put('\n');
}

/* Is this source's line up? */
static u32 pending(int irq) { return irq < 32 ? ic[4] >> irq & 1 : ic[0xac / 4] >> (irq - 32) & 1; }

static void wait_ticks(u32 n)
{
    for (u32 start = ost[4]; ost[4] - start < n;)
        ;
}

/* ---- serial port: words 0 RBR/THR, 1 IER, 2 IIR/FCR, 3 LCR, 4 MCR, 5 LSR, 6 MSR, 7 SPR ---- */
enum { BT_IRQ = 21, LOOP = 0x10, OUT2 = 8 };

static void uart_registers(void)
{
    bt[1] = 0x40;
    bt[3] = 0x83;
    bt[0] = 8; /* 115200 */
    bt[1] = 0;
    check("divisor", bt[0], 8);
    bt[3] = 3;
    check("LCR", bt[3], 3);
    check("IER behind the divisor", bt[1], 0x40);
    bt[7] = 0x5a;
    check("SPR", bt[7], 0x5a);
    check("IIR at rest", bt[2], 1);
    bt[2] = 7;
    check("IIR with FIFOs", bt[2], 0xc1);
    check("LSR at rest", bt[5], 0x60);
}

static void uart_loopback(void)
{
    bt[4] = LOOP;
    bt[0] = 'x';
    check("LSR with a byte", bt[5], 0x61);
    check("the byte", bt[0], 'x');
    check("LSR without", bt[5], 0x60);
    for (int i = 0; i < 64; i++)
        bt[0] = i;
    check("LSR full", bt[5], 0x61);
    bt[0] = 99;
    check("LSR overrun", bt[5], 0x63);
    check("LSR overrun was said", bt[5], 0x61);
    for (int i = 0; i < 64; i++)
        check("FIFO order", bt[0], i);
    check("FIFO empty", bt[5], 0x60);
    (void)bt[6];
    bt[4] = LOOP | 3; /* DTR and RTS come back as DSR and CTS */
    check("MSR in loopback", bt[6], 0x33);
    check("MSR change was said", bt[6], 0x30);
    bt[4] = LOOP | 4;
    bt[4] = LOOP; /* RI only tells its fall */
    check("MSR after RI", bt[6], 0x07);
}

/* Interrupts need OUT2, which loopback cuts off: so only what can happen without a sender, and IIR. */
static void uart_interrupts(void)
{
    bt[4] = 0;
    (void)bt[6];
    bt[1] = 0x42; /* transmitter interrupt */
    check("no interrupt without OUT2", pending(BT_IRQ), 0);
    bt[4] = OUT2;
    check("THR empty interrupt", pending(BT_IRQ), 1);
    check("IIR THRE", bt[2], 0xc2);
    check("IIR THRE was said", bt[2], 0xc1);
    check("and the interrupt is over", pending(BT_IRQ), 0);
    bt[0] = 'x';
    check("sent, empty again", pending(BT_IRQ), 1);
    bt[1] = 0x40;
    check("switched off", pending(BT_IRQ), 0);

    bt[4] = LOOP;
    bt[1] = 0x51; /* received data, timeout */
    bt[2] = 0x41; /* trigger at 8 */
    for (int i = 0; i < 7; i++)
        bt[0] = i;
    check("IIR below the trigger level", bt[2], 0xc1);
    wait_ticks(3250); /* a millisecond; four characters take 0.35 */
    check("IIR timeout", bt[2], 0xcc);
    bt[0] = 7;
    check("IIR at the trigger level", bt[2], 0xc4);
    (void)bt[0];
    check("IIR after a byte was taken", bt[2], 0xc1);
    bt[2] = 0x43;
    check("FIFO reset", bt[5], 0x60);
    bt[4] = 0;
    bt[1] = 0;
    bt[2] = 0;
}

/* ---- timers: words 0-3 OSMR, 4 OSCR, 5 OSSR, 6 OWER, 7 OIER ---- */

static void timers(void)
{
    u32 start;

    ost[7] = 0;
    ost[0] = ost[4] + 100;
    wait_ticks(200);
    check("no match while disabled", ost[5], 0);
    ost[7] = 3;
    ost[0] = ost[4] + 1000;
    ost[1] = ost[4] + 100000;
    start = ost[4];
    while (!(ost[5] & 1))
        ;
    check("match in time", ost[4] - start >= 900 && ost[4] - start < 100000, 1);
    check("only that one", ost[5], 1);
    check("its interrupt", pending(26), 1);
    check("not the other's", pending(27), 0);
    ost[5] = 1;
    check("status cleared", ost[5], 0);
    check("interrupt gone", pending(26), 0);
    ost[7] = 0;
    ost[4] = 0x12340000;
    check("OSCR takes a value", ost[4] >> 16, 0x1234);
    ost[4] = 0xffffff00;
    ost[2] = 0x40;
    ost[7] = 4;
    while (!(ost[5] & 4))
        ;
    check("match after wrapping", ost[4] >= 0x40 && ost[4] < 0x10000000, 1);
    ost[5] = 4;
    ost[7] = 0;
}

/* Channels 4 to 11: OSCR4 at 0x40, OSMR4 at 0x80, OMCR4 at 0xc0. */
static void timers_more(void)
{
    volatile u32 *oscr = ost + 16, *osmr = ost + 32, *omcr = ost + 48;

    ost[7] = 1 << 4;
    osmr[0] = 50;
    oscr[0] = 0;
    check("stopped", oscr[0], 0);
    omcr[0] = 0x80 | 0x40 | 8 | 4; /* own counter, periodic, reset on match, microseconds */
    while (!(ost[5] & 1 << 4))
        ;
    check("reset on match", oscr[0] < 50, 1);
    check("interrupt 7", pending(7), 1);
    ost[5] = 1 << 4;
    while (!(ost[5] & 1 << 4))
        ;
    omcr[0] = 0;
    ost[5] = 1 << 4;
    check("interrupt 7 gone", pending(7), 0);
    ost[7] = 0;
}

/* ---- interrupt controller ---- */

#define CP6(crn) ({ u32 v_; __asm__ volatile("mrc p6, 0, %0, c" #crn ", c0, 0" : "=r"(v_)); v_; })

static void interrupts(void)
{
    ost[7] = 2;
    ost[1] = ost[4] + 10;
    while (!(ost[5] & 2))
        ;
    ic[1] = 0;
    check("ICPR sees it", ic[4], 1 << 27);
    check("masked", ic[0], 0);
    check("ICHP masked", ic[6], 0);
    ic[1] = 1 << 27;
    check("let through", ic[0], 1 << 27);
    check("over CP6", CP6(0), 1 << 27);
    check("ICMR over CP6", CP6(1), 1 << 27);
    ic[7 + 5] = 0x80000000 | 27; /* IPR5 */
    check("ICHP", ic[6], 0x801b0000);
    check("ICHP over CP6", CP6(5), 0x801b0000);
    ic[2] = 1 << 27;
    check("as FIQ: not an IRQ", ic[0], 0);
    check("as FIQ", ic[3], 1 << 27);
    check("ICHP as FIQ", ic[6], 0x801b);
    ic[2] = 0;
    ic[1] = 0;
    ost[5] = 2;
    ost[7] = 0;
    ic[0xa0 / 4] = 0xff;
    check("ICMR2", ic[0xa0 / 4], 0xff);
    ic[0xa0 / 4] = 0;
}

/* ---- pins: words 0 level, 3 direction, 6 set, 9 clear, 12 rising, 15 falling, 18 edge ---- */

static void pins(void)
{
    gpio[3] = 7;
    gpio[9] = 7;
    gpio[12] = 5;
    gpio[15] = 2;
    gpio[18] = ~0u;
    gpio[6] = 7;
    check("level", gpio[0] & 7, 7);
    check("rising edges", gpio[18], 5);
    check("interrupts 8, 9, 10", pending(8) | pending(9) << 1 | pending(10) << 2, 5);
    gpio[9] = 2;
    check("falling edge", gpio[18], 7);
    gpio[18] = 7;
    check("edges forgotten", gpio[18] | pending(8) | pending(9) | pending(10), 0);
    check("level after clear", gpio[0] & 7, 5);
    gpio[0x10c / 4] = 1;
    gpio[0x118 / 4] = 1;
    check("bank 3", gpio[0x100 / 4] & 1, 1);
    gpio[0x54 / 4] = 0xa5;
    check("GAFR", gpio[0x54 / 4], 0xa5);
}

/* ---- the rest ---- */

static void others(void)
{
    volatile u32 *power = (u32 *)0x40f00000, *nothing = (u32 *)0x20000000;
    volatile unsigned char *sram = (unsigned char *)0x5c000000;

    power[2] = 0x1234;
    check("PSPR", power[2], 0x1234);
    power[12] = 1;
    check("RCSR cleared by 1", power[12], 0);
    rtc[0] = 1000;
    rtc[1] = 1001;
    rtc[2] = 4;
    while (!(rtc[2] & 1))
        ;
    check("alarm", rtc[0], 1001);
    check("its interrupt", pending(31), 1);
    rtc[2] = 1;
    check("alarm over", rtc[2] | pending(31), 0);
    sram[5] = 7;
    check("internal memory", sram[5], 7);
    check("nothing there", *nothing, 0);
    power[2] = wrong ? 1 : 0;
}

void main(void)
{
    uart_on();
    uart_registers();
    uart_loopback();
    uart_interrupts();
    timers();
    timers_more();
    interrupts();
    pins();
    others();
    item("wrong", wrong, 1);
    put('\n');
    gpio[3 + 2] = 1 << 25; /* pin 89 switches off */
    gpio[6 + 2] = 1 << 25;
}
