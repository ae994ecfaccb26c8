/* pxa.c - the PXA270's devices but for the UARTs: interrupts, timers, pins, clocks, power.
 *
 * Problem: Linux touches some thirty devices of this chip while it starts, and needs five to work.
 * Guarantees: interrupt controller, OS timers, real-time clock, general-purpose pins and power
 * manager behave as Intel's PXA27x Developer's Manual says, as far as software can tell with
 * nothing at the pins; everything else remembers what is written to it, and says that it is idle.
 * What no block covers reads as zero.
 *
 * How: `blocks` is the memory map, a row for each device with its two functions. Devices that only
 * remember share one pair of functions, and a row of words each. Counters are not counted: their
 * value is computed from board_now() when it is read, and a match is a deadline.
 *
 * Where to start: the table of blocks, near the end.
 */
#include "board.h"
#include <stdlib.h>
#include <string.h>

/* ---- the interrupt controller ----
 *
 * 40 sources in two banks, 0-31 and 32-39. Bank 1 has the same registers, further up: */
enum {
    ICIP = 0x00, ICMR = 0x04, ICLR = 0x08, ICFP = 0x0c, ICPR = 0x10, ICCR = 0x14, ICHP = 0x18,
    IPR0 = 0x1c, IPR31 = 0x98, ICIP2 = 0x9c, ICPR2 = 0xac, IPR32 = 0xb0, IPR39 = 0xcc,
};
enum { INTERRUPTS = 40, IPR_VALID_SHIFT = 31 };
enum { IRQ_OST_4_11 = 7, IRQ_GPIO0 = 8, IRQ_GPIO1 = 9, IRQ_GPIO_X = 10, IRQ_OST0 = 26,
       IRQ_RTC_HZ = 30, IRQ_RTC_ALARM = 31 };

static struct {
    uint64_t pending;             /* the devices' lines */
    uint64_t mask;                /* ICMR: those that are let through, */
    uint64_t fiq;                 /* ICLR: as FIQ instead of IRQ */
    uint32_t iccr;                /* bit 0: only interrupts let through end the idle mode */
    uint32_t priority[INTERRUPTS]; /* IPRn: the source with rank n, and whether there is one */
} ic;

/* Sets the CPU's two lines after anything changed. */
static void ic_update(void)
{
    uint64_t in = ic.pending & ic.mask;
    int lines = (in & ~ic.fiq ? CPU_INTERRUPT_HARD : 0) | (in & ic.fiq ? CPU_INTERRUPT_FIQ : 0);

    if (lines & ~cpu.interrupt_request)
        cpu_interrupt(&cpu, lines & ~cpu.interrupt_request);
    if (cpu.interrupt_request & ~lines)
        cpu_reset_interrupt(&cpu, cpu.interrupt_request & ~lines);
    if (ic.pending && !(ic.iccr & 1))
        cpu.halted = false;
}

/* Lines are levels: a device holds its own up until it has been served. */
void pxa_irq(int irq, bool level)
{
    uint64_t bit = 1ull << irq;

    if (!(ic.pending & bit) != level)
        return;
    ic.pending ^= bit;
    ic_update();
}

/* ICHP: the pending source of the highest rank, for IRQ in the upper half and for FIQ in the lower;
 * the top bit of each says that there is one. */
static uint32_t ic_highest(void)
{
    uint32_t ichp = 0;

    for (int n = INTERRUPTS - 1; n >= 0; n--) {
        uint32_t source = ic.priority[n] & 0x3f;

        if (!(ic.priority[n] >> IPR_VALID_SHIFT) || source >= INTERRUPTS ||
            !(ic.pending & ic.mask & 1ull << source))
            continue;
        if (ic.fiq & 1ull << source)
            ichp = (ichp & 0xffff0000) | 1u << 15 | source;
        else
            ichp = (ichp & 0xffff) | 1u << 31 | source << 16;
    }
    return ichp;
}

/* The register of bank 0 that one of bank 1 corresponds to, and how far its bits are shifted. */
static hwaddr ic_bank(hwaddr reg, int *shift)
{
    *shift = reg >= ICIP2 && reg <= ICPR2 ? 32 : 0;
    return *shift ? reg - ICIP2 : reg;
}

/* Reading has no side effects. */
static uint32_t ic_read(const struct block *b, hwaddr reg)
{
    int shift;

    switch (ic_bank(reg, &shift)) {
    case ICIP: return (ic.pending & ic.mask & ~ic.fiq) >> shift;
    case ICMR: return ic.mask >> shift;
    case ICLR: return ic.fiq >> shift;
    case ICFP: return (ic.pending & ic.mask & ic.fiq) >> shift;
    case ICPR: return ic.pending >> shift;
    case ICCR: return ic.iccr;
    case ICHP: return ic_highest();
    }
    if (reg >= IPR0 && reg <= IPR31)
        return ic.priority[(reg - IPR0) / 4];
    if (reg >= IPR32 && reg <= IPR39)
        return ic.priority[(reg - IPR32) / 4 + 32];
    board_unimplemented("read of", b->base + reg);
    return 0;
}

/* Puts 32 bits into a pair of banks. */
static void set_bank(uint64_t *pair, int shift, uint32_t value)
{
    *pair = (*pair & ~(0xffffffffull << shift)) | (uint64_t)value << shift;
    *pair &= (1ull << INTERRUPTS) - 1;
}

/* Whatever was written, the CPU's lines may have changed. */
static void ic_write(const struct block *b, hwaddr reg, uint32_t value)
{
    int shift;

    switch (ic_bank(reg, &shift)) {
    case ICMR: set_bank(&ic.mask, shift, value); break;
    case ICLR: set_bank(&ic.fiq, shift, value); break;
    case ICCR: ic.iccr = value & 1; break;
    case ICIP: case ICFP: case ICPR: case ICHP: return; /* read only */
    default:
        if (reg >= IPR0 && reg <= IPR31)
            ic.priority[(reg - IPR0) / 4] = value & 0x8000003f;
        else if (reg >= IPR32 && reg <= IPR39)
            ic.priority[(reg - IPR32) / 4 + 32] = value & 0x8000003f;
        else
            board_unimplemented("write to", b->base + reg);
    }
    ic_update();
}

/* ---- devices that only remember ---- */

/* The whole behaviour of a device nothing depends on. */
static uint32_t stored_read(const struct block *b, hwaddr reg) { return b->words[reg / 4]; }

static void stored_write(const struct block *b, hwaddr reg, uint32_t value)
{
    b->words[reg / 4] = value;
}

/* ---- clocks and power ---- */
enum { CCCR = 0x00, OSCC = 0x08, CCSR = 0x0c };
enum { OSCC_OOK = 1, OSCC_OON = 2 };

/* Clocks change at once, so the status registers can be made from the control registers. */
static uint32_t clocks_read(const struct block *b, hwaddr reg)
{
    if (reg == OSCC) /* the slow oscillator is stable as soon as it is on */
        return b->words[reg / 4] | (b->words[reg / 4] & OSCC_OON ? OSCC_OOK : 0);
    if (reg == CCSR) /* the clocks run as CCCR says, and the PLLs are locked */
        return (b->words[CCCR / 4] & 0x03ff) | 3u << 28;
    return b->words[reg / 4];
}

enum { PSSR = 0x04, PSPR = 0x08, PEDR = 0x18, RCSR = 0x30, PKSR = 0x54 };

/* The power manager: mostly what is written stays; in four registers a 1 clears. */
static void power_write(const struct block *b, hwaddr reg, uint32_t value)
{
    if (reg == PSSR || reg == PEDR || reg == RCSR || reg == PKSR)
        b->words[reg / 4] &= ~value;
    else
        b->words[reg / 4] = value;
}

/* The board switches itself off or is reset, which is the same here: it ends the emulator. PSPR is
 * the register that survives a reset, so a guest's status comes out through it. Linux's restart of
 * this board leaves 0 in it, but sets MSC0 for the boot ROM as nothing else does: status 1. */
enum { MSC0 = 0x08, MSC0_RESTART = 0x7ee0 };
static void power_off(void)
{
    uint32_t status = pxa_block(0x40f00000)->words[PSPR / 4] & 0xff;

    if (!status && pxa_block(0x48000000)->words[MSC0 / 4] >> 16 == MSC0_RESTART)
        status = 1;
    board_power_off(status);
}

/* ---- counters ----
 *
 * A counter of 32 bits that runs by itself: its value is the ticks since power-on plus `offset`. */
struct counter {
    uint32_t hz; /* 0: stopped, and `offset` is its value */
    uint32_t offset;
};

enum { NS = 1000000000 };

/* now * hz / 10^9, in steps that do not overflow. */
static uint64_t ticks(const struct counter *c, uint64_t now)
{
    return now / NS * c->hz + now % NS * c->hz / NS;
}

/* What the guest reads. */
static uint32_t counter_value(const struct counter *c)
{
    return ticks(c, board_now()) + c->offset;
}

/* What the guest writes. */
static void set_counter(struct counter *c, uint32_t value)
{
    c->offset = value - (uint32_t)ticks(c, board_now());
}

/* The first nanosecond at which so many ticks have passed. */
static uint64_t tick_time(const struct counter *c, uint64_t tick)
{
    return tick / c->hz * NS + (tick % c->hz * NS + c->hz - 1) / c->hz;
}

/* The tick at which the counter will be, or now is, `match`. */
static uint64_t match_tick(const struct counter *c, uint32_t match)
{
    uint64_t t = ticks(c, board_now());

    return t + (uint32_t)(match - (uint32_t)(t + c->offset));
}

/* ---- OS timers ----
 *
 * Twelve match registers: 0 to 3 with the one counter OSCR0 at 3.25 MHz, 4 to 11 with a counter of
 * their own each and a control register OMCR:
 *
 *      7 6 5 4 3 2   0
 *     |C|P| S |R|CRES |   C: own counter, else that of channel 4 or 8; P: goes on after a match;
 *                         R: the counter is set to 0 at a match; CRES: ticks, see resolutions[]
 */
enum {
    OSMR0 = 0x00, OSCR0 = 0x10, OSSR = 0x14, OWER = 0x18, OIER = 0x1c, OSNR = 0x20,
    OSCR4 = 0x40, OSMR4 = 0x80, OMCR4 = 0xc0, OST_END = 0xe0,
};
enum { CHANNELS = 12, WATCHDOG = 3 };
enum { OMCR_C = 0x80, OMCR_P = 0x40, OMCR_R = 0x08 };
static const uint32_t resolutions[8] = { 0, 32768, 1000, 1, 1000000 }; /* 5 to 7: external clocks */

static struct {
    struct counter counter[CHANNELS]; /* of channels 1 to 3: not used */
    uint32_t match[CHANNELS];
    uint64_t due[CHANNELS];    /* the tick of its counter at which it matches next; NEVER */
    uint32_t control[CHANNELS];
    uint32_t status, enabled;  /* OSSR: those that matched; OIER: those that may */
    uint32_t ower;             /* bit 0: a match of channel 3 is a reset, and no way back */
} ost;

/* The counter a channel compares with. */
static struct counter *counter_of(int channel)
{
    if (channel < 4)
        return &ost.counter[0];
    if (ost.control[channel] & OMCR_C)
        return &ost.counter[channel];
    return &ost.counter[channel < 8 ? 4 : 8];
}

/* Finds out anew when a channel will match, after its registers or its counter were changed. */
static void ost_plan(int channel)
{
    struct counter *c = counter_of(channel);

    ost.due[channel] = NEVER;
    if (c->hz && (ost.enabled >> channel & 1 || (channel == WATCHDOG && ost.ower)))
        ost.due[channel] = match_tick(c, ost.match[channel]);
    board_new_deadline();
}

/* The same for all, after a counter changed that several compare with. */
static void ost_plan_all(void)
{
    for (int i = 0; i < CHANNELS; i++)
        ost_plan(i);
}

/* Channels 0 to 3 have a source each, the others share one. */
static void ost_interrupts(void)
{
    for (int i = 0; i < 4; i++)
        pxa_irq(IRQ_OST0 + i, ost.status >> i & 1);
    pxa_irq(IRQ_OST_4_11, ost.status >> 4);
}

/* When the first channel matches. */
static uint64_t ost_deadline(void)
{
    uint64_t first = NEVER;

    for (int i = 0; i < CHANNELS; i++)
        if (ost.due[i] != NEVER) {
            uint64_t t = tick_time(counter_of(i), ost.due[i]);
            first = t < first ? t : first;
        }
    return first;
}

/* A channel matched. */
static void ost_match(int i)
{
    struct counter *c = counter_of(i);

    if (i == WATCHDOG && ost.ower)
        power_off();
    ost.status |= 1u << i;
    ost.due[i] += 1ull << 32; /* when the counter has gone round */
    if (i < 4)
        return;
    if (ost.control[i] & OMCR_R) {
        set_counter(c, 0);
        ost.due[i] = match_tick(c, ost.match[i]) + !ost.match[i]; /* later than now in any case */
    }
    if (!(ost.control[i] & OMCR_P))
        ost.due[i] = NEVER;
}

/* Carries out the matches that are due. */
static void ost_run(uint64_t now)
{
    bool any = false;

    for (int i = 0; i < CHANNELS; i++)
        if (ost.due[i] != NEVER && ticks(counter_of(i), now) >= ost.due[i]) {
            ost_match(i);
            any = true;
        }
    if (any)
        ost_interrupts();
}

/* OSMR, OSCR and OMCR are rows of registers, the others single. */
static uint32_t ost_read(const struct block *b, hwaddr reg)
{
    if (reg < OSCR0)
        return ost.match[(reg - OSMR0) / 4];
    if (reg >= OSCR4 && reg < OSCR4 + 32)
        return counter_value(&ost.counter[(reg - OSCR4) / 4 + 4]);
    if (reg >= OSMR4 && reg < OSMR4 + 32)
        return ost.match[(reg - OSMR4) / 4 + 4];
    if (reg >= OMCR4 && reg < OST_END)
        return ost.control[(reg - OMCR4) / 4 + 4];
    switch (reg) {
    case OSCR0: return counter_value(&ost.counter[0]);
    case OSSR:  return ost.status;
    case OWER:  return ost.ower;
    case OIER:  return ost.enabled;
    case OSNR:  return 0;
    }
    board_unimplemented("read of", b->base + reg);
    return 0;
}

/* OMCRn: the counter keeps its value when its speed changes. */
static void write_omcr(int channel, uint32_t value)
{
    struct counter *c = &ost.counter[channel];
    uint32_t count = counter_value(c);

    ost.control[channel] = value & 0x1ff;
    c->hz = resolutions[value & 7];
    set_counter(c, count);
    ost_plan_all(); /* others may compare with this counter */
}

/* The same rows; most writes move a deadline. OSSR: a 1 clears. OWER: no way back. */
static void ost_write(const struct block *b, hwaddr reg, uint32_t value)
{
    int channel = reg < OSCR0 ? reg / 4 : (reg & 0x1f) / 4 + 4;

    if (reg < OSCR0 || (reg >= OSMR4 && reg < OSMR4 + 32)) {
        ost.match[channel] = value;
        ost_plan(channel);
    } else if (reg == OSCR0 || (reg >= OSCR4 && reg < OSCR4 + 32)) {
        set_counter(&ost.counter[reg == OSCR0 ? 0 : channel], value);
        ost_plan_all();
    } else if (reg >= OMCR4 && reg < OST_END) {
        write_omcr(channel, value);
    } else if (reg == OSSR) {
        ost.status &= ~value;
        ost_interrupts();
    } else if (reg == OIER) {
        uint32_t changed = ost.enabled ^ value;

        ost.enabled = value & 0xfff;
        for (int i = 0; i < CHANNELS; i++)
            if (changed >> i & 1)
                ost_plan(i);
    } else if (reg == OWER) {
        ost.ower |= value & 1;
        ost_plan(WATCHDOG);
    } else {
        board_unimplemented("write to", b->base + reg);
    }
}

/* ---- the real-time clock: seconds, an alarm, a tick each second ---- */
enum { RCNR = 0x00, RTAR = 0x04, RTSR = 0x08, RTTR = 0x0c };
enum { RTSR_AL = 1, RTSR_HZ = 2, RTSR_ALE = 4, RTSR_HZE = 8 };

static struct {
    struct counter counter;
    uint32_t alarm, status, trim;
    uint64_t alarm_due, hz_due; /* ticks of the counter, or NEVER */
} rtc;

/* Finds out anew when alarm and tick are due. */
static void rtc_plan(void)
{
    rtc.alarm_due = rtc.status & RTSR_ALE ? match_tick(&rtc.counter, rtc.alarm) : NEVER;
    rtc.hz_due = rtc.status & RTSR_HZE ? ticks(&rtc.counter, board_now()) + 1 : NEVER;
    board_new_deadline();
}

/* Both sources follow the status bits. */
static void rtc_interrupts(void)
{
    pxa_irq(IRQ_RTC_HZ, rtc.status & RTSR_HZ);
    pxa_irq(IRQ_RTC_ALARM, rtc.status & RTSR_AL);
}

/* When the first of the two is due. */
static uint64_t rtc_deadline(void)
{
    uint64_t first = rtc.alarm_due < rtc.hz_due ? rtc.alarm_due : rtc.hz_due;

    return first == NEVER ? NEVER : tick_time(&rtc.counter, first);
}

/* Sets the status bits that are due. */
static void rtc_run(uint64_t now)
{
    uint64_t t = ticks(&rtc.counter, now);

    if (t >= rtc.alarm_due) {
        rtc.status |= RTSR_AL;
        rtc.alarm_due += 1ull << 32;
    }
    if (t >= rtc.hz_due) {
        rtc.status |= RTSR_HZ;
        rtc.hz_due = t + 1;
    }
    rtc_interrupts();
}

/* PXA27x Developer's Manual, 21: the counter runs; what stands still is stored. */
static uint32_t rtc_read(const struct block *b, hwaddr reg)
{
    switch (reg) {
    case RCNR: return counter_value(&rtc.counter);
    case RTAR: return rtc.alarm;
    case RTSR: return rtc.status;
    case RTTR: return rtc.trim;
    default:   return stored_read(b, reg); /* calendar, stopwatch: they stand still */
    }
}

/* RTSR: in the two status bits a 1 clears, the enables are as written. */
static void rtc_write(const struct block *b, hwaddr reg, uint32_t value)
{
    switch (reg) {
    case RCNR: set_counter(&rtc.counter, value); break;
    case RTAR: rtc.alarm = value; break;
    case RTSR: rtc.status = (rtc.status & ~value & 3) | (value & 0xfffc); break;
    case RTTR: rtc.trim = value; break;
    default:   stored_write(b, reg, value); return;
    }
    rtc_plan();
    rtc_interrupts();
}

/* ---- general-purpose pins ----
 *
 * 121 pins in four banks of 32. Each register has three neighbours for banks 0 to 2, and one 0x100
 * further up for bank 3: level, direction (1: output), set, clear, rising edge, falling edge, edge
 * seen. Of the alternate functions nothing is modelled. */
enum {
    GPLR = 0x00, GPDR = 0x0c, GPSR = 0x18, GPCR = 0x24, GRER = 0x30, GFER = 0x3c, GEDR = 0x48,
    GAFR = 0x54, GPIO_KINDS_END = GAFR, GPIO_BANK3 = 0x100,
};
enum { GPIO_BANKS = 4, SPITZ_GPIO_ON_RESET = 89 };

static struct {
    uint32_t out[GPIO_BANKS];       /* what the output latches hold, */
    uint32_t direction[GPIO_BANKS]; /* and which of them drive their pins; */
    uint32_t in[GPIO_BANKS];        /* what the board drives the others to */
    uint32_t level[GPIO_BANKS];     /* the pins */
    uint32_t rising[GPIO_BANKS], falling[GPIO_BANKS], edge[GPIO_BANKS];
} gpio;

/* Levels, edges and interrupts, after anything changed; and pin 89, which resets the board. */
static void gpio_update(void)
{
    uint32_t others = 0;

    for (int i = 0; i < GPIO_BANKS; i++) {
        uint32_t level = (gpio.out[i] & gpio.direction[i]) | (gpio.in[i] & ~gpio.direction[i]);
        uint32_t changed = level ^ gpio.level[i];

        gpio.edge[i] |= (changed & level & gpio.rising[i]) | (changed & ~level & gpio.falling[i]);
        gpio.level[i] = level;
        others |= i ? gpio.edge[i] : gpio.edge[i] & ~3u;
    }
    pxa_irq(IRQ_GPIO0, gpio.edge[0] & 1);
    pxa_irq(IRQ_GPIO1, gpio.edge[0] & 2);
    pxa_irq(IRQ_GPIO_X, others);
    if (gpio.level[SPITZ_GPIO_ON_RESET / 32] & gpio.direction[SPITZ_GPIO_ON_RESET / 32] &
        1u << SPITZ_GPIO_ON_RESET % 32)
        power_off();
}

/* Splits a register's offset into its kind (the offset for bank 0) and bank; false: neither. */
static bool gpio_register(hwaddr reg, hwaddr *kind, int *bank)
{
    *bank = reg >= GPIO_BANK3 ? 3 : reg / 4 % 3;
    *kind = reg >= GPIO_BANK3 ? reg - GPIO_BANK3 : reg - *bank * 4;
    return *kind < GPIO_KINDS_END && *kind % 12 == 0;
}

/* Reading has no side effects. */
static uint32_t gpio_read(const struct block *b, hwaddr reg)
{
    hwaddr kind;
    int i;

    if (!gpio_register(reg, &kind, &i))
        return stored_read(b, reg); /* GAFR */
    switch (kind) {
    case GPLR: return gpio.level[i];
    case GPDR: return gpio.direction[i];
    case GRER: return gpio.rising[i];
    case GFER: return gpio.falling[i];
    case GEDR: return gpio.edge[i];
    default:   return 0; /* GPSR, GPCR are for writing */
    }
}

/* A pin may change its level, and the board may be switched off by it. */
static void gpio_write(const struct block *b, hwaddr reg, uint32_t value)
{
    hwaddr kind;
    int i;

    if (!gpio_register(reg, &kind, &i)) {
        stored_write(b, reg, value);
        return;
    }
    switch (kind) {
    case GPDR: gpio.direction[i] = value; break;
    case GPSR: gpio.out[i] |= value; break;
    case GPCR: gpio.out[i] &= ~value; break;
    case GRER: gpio.rising[i] = value; break;
    case GFER: gpio.falling[i] = value; break;
    case GEDR: gpio.edge[i] &= ~value; break;
    }
    gpio_update();
}

/* ---- serial buses with nobody on them ---- */

/* I2C: a byte sent is not acknowledged, which is how a driver learns that no chip is there. */
enum { ICR = 0x10, ISR_I2C = 0x18 };
enum { ICR_TB = 8, ISR_ACKNAK = 2, ISR_ITE = 0x40, ISR_BED = 0x400 };

static void i2c_write(const struct block *b, hwaddr reg, uint32_t value)
{
    if (reg == ISR_I2C) {
        b->words[reg / 4] &= ~value;
        return;
    }
    b->words[reg / 4] = value;
    if (reg == ICR && value & ICR_TB) {
        b->words[ICR / 4] &= ~(uint32_t)ICR_TB;
        b->words[ISR_I2C / 4] |= ISR_ITE | ISR_BED | ISR_ACKNAK;
    }
}

/* SSP: what is sent comes back as zeros. SSSR says how many are to be read, less one, in its top
 * four bits; the word at SSP_COUNT, where there is no register, keeps that number. */
enum { SSSR = 0x08, SSDR = 0x10, SSP_COUNT = 0x3c };
enum { SSSR_TNF = 4, SSSR_RNE = 8, SSP_FIFO = 16 };

/* Only status and data are not plain memory. */
static uint32_t ssp_read(const struct block *b, hwaddr reg)
{
    uint32_t *count = &b->words[SSP_COUNT / 4];

    if (reg == SSSR)
        return SSSR_TNF | (*count ? SSSR_RNE : 0) | ((*count - 1) & 15) << 12;
    if (reg == SSDR) {
        *count -= *count > 0;
        return 0;
    }
    return stored_read(b, reg);
}

/* A byte sent is a byte received. */
static void ssp_write(const struct block *b, hwaddr reg, uint32_t value)
{
    uint32_t *count = &b->words[SSP_COUNT / 4];

    if (reg == SSDR)
        *count += *count < SSP_FIFO;
    else if (reg != SSSR)
        stored_write(b, reg, value);
}

/* DMA: a channel never gets to run, and says so. */
enum { DMA_CHANNELS_END = 0x80, DCSR_STOPSTATE = 8 };

static uint32_t dma_read(const struct block *b, hwaddr reg)
{
    return stored_read(b, reg) | (reg < DMA_CHANNELS_END ? DCSR_STOPSTATE : 0);
}

/* ---- the memory map ---- */

static struct block blocks[] = {
    { 0x40000000, 0x1200, "DMA", 0, dma_read, stored_write, NULL },
    { 0x40100000, 0x40, "FFUART", 0, uart_read, uart_write, NULL },
    { 0x40200000, 0x40, "BTUART", 1, uart_read, uart_write, NULL },
    { 0x40301680, 0x40, "I2C", 0, stored_read, i2c_write, NULL },
    { 0x40400000, 0x100, "I2S", 0, stored_read, stored_write, NULL },
    { 0x40500000, 0x600, "AC97", 0, stored_read, stored_write, NULL },
    { 0x40600000, 0x600, "USB client", 0, stored_read, stored_write, NULL },
    { 0x40700000, 0x40, "STUART", 2, uart_read, uart_write, NULL },
    { 0x40800000, 0x40, "infrared", 0, stored_read, stored_write, NULL },
    { 0x40900000, 0x40, "RTC", 0, rtc_read, rtc_write, NULL },
    { 0x40a00000, OST_END, "OS timer", 0, ost_read, ost_write, NULL },
    { 0x40b00000, 0x20, "PWM 0", 0, stored_read, stored_write, NULL },
    { 0x40c00000, 0x20, "PWM 1", 0, stored_read, stored_write, NULL },
    { 0x40d00000, 0xd0, "interrupts", 0, ic_read, ic_write, NULL },
    { 0x40e00000, 0x150, "GPIO", 0, gpio_read, gpio_write, NULL },
    { 0x40f00000, 0x180, "power", 0, stored_read, power_write, NULL },
    { 0x40f00180, 0x40, "power I2C", 0, stored_read, i2c_write, NULL },
    { 0x41000000, 0x40, "SSP 1", 0, ssp_read, ssp_write, NULL },
    { 0x41100000, 0x80, "MMC", 0, stored_read, stored_write, NULL },
    { 0x41300000, 0x10, "clocks", 0, clocks_read, stored_write, NULL },
    { 0x41500000, 0x50, "keypad", 0, stored_read, stored_write, NULL },
    { 0x41700000, 0x40, "SSP 2", 0, ssp_read, ssp_write, NULL },
    { 0x41900000, 0x40, "SSP 3", 0, ssp_read, ssp_write, NULL },
    { 0x44000000, 0x400, "LCD", 0, stored_read, stored_write, NULL },
    { 0x48000000, 0x80, "memory controller", 0, stored_read, stored_write, NULL },
    { 0x4c000000, 0x100, "USB host", 0, stored_read, stored_write, NULL },
    { 0x50000000, 0x80, "camera", 0, stored_read, stored_write, NULL },
    { 0x58000000, 0x10, "internal memory control", 0, stored_read, stored_write, NULL },
    /* not the chip's: the board's two port expanders, and the NAND flash, which has no chip */
    { 0x08800040, 0x40, "SCOOP 2", 0, stored_read, stored_write, NULL },
    { 0x0c000000, 0x40, "NAND", 0, stored_read, stored_write, NULL },
    { 0x10800000, 0x40, "SCOOP 1", 0, stored_read, stored_write, NULL },
};
enum { BLOCKS = sizeof blocks / sizeof blocks[0] };

/* Registers that are not 0 at reset. */
static const struct { hwaddr addr; uint32_t value; } at_reset[] = {
    { 0x40f0001c, 0x00000020 }, /* PCFR: nRESET_OUT low in sleep */
    { 0x40f00030, 0x00000001 }, /* RCSR: it was a hardware reset */
    { 0x41300000, 0x02000210 }, /* CCCR: 208 MHz run, 416 MHz turbo */
    { 0x41300004, 0x00017def }, /* CKEN: most clocks on */
    { 0x48000000, 0x0a000ac9 }, /* MDCNFG: one bank of SDRAM, as the boot ROM leaves it */
    { 0x48000004, 0x03ca4018 }, /* MDREFR */
    { 0x48000008, 0x7ff07ff0 }, /* MSC0 to MSC2: static memory, slowest */
    { 0x4800000c, 0x7ff07ff0 },
    { 0x48000010, 0x7ff07ff0 },
};

/* Linear search: what is asked most often is the device that was asked for last. */
const struct block *pxa_block(hwaddr addr)
{
    static const struct block *last = blocks; /* drivers come back to the same device */

    if (addr - last->base < last->size)
        return last;
    for (int i = 0; i < BLOCKS; i++)
        if (addr - blocks[i].base < blocks[i].size)
            return last = &blocks[i];
    return NULL;
}

/* Power-on. The words all devices remember with are allocated here. */
void pxa_reset(uint32_t seconds)
{
    for (int i = 0; i < BLOCKS; i++) {
        free(blocks[i].words);
        blocks[i].words = calloc(blocks[i].size / 4, 4);
        if (!blocks[i].words)
            board_fail("no memory for the devices");
    }
    for (size_t i = 0; i < sizeof at_reset / sizeof at_reset[0]; i++) {
        const struct block *b = pxa_block(at_reset[i].addr);

        b->words[(at_reset[i].addr - b->base) / 4] = at_reset[i].value;
    }
    memset(&ic, 0, sizeof ic);
    memset(&gpio, 0, sizeof gpio);
    memset(&ost, 0, sizeof ost);
    memset(&rtc, 0, sizeof rtc);
    ost.counter[0].hz = 3250000;
    rtc.counter = (struct counter){ 1, seconds };
    rtc.trim = 0x7fff;
    rtc.alarm_due = rtc.hz_due = NEVER;
    for (int i = 0; i < CHANNELS; i++)
        ost.due[i] = NEVER;
    uart_reset();
}

/* The run loop asks before every stretch, so this is only a few comparisons. */
uint64_t pxa_deadline(void)
{
    uint64_t ost = ost_deadline(), rtc = rtc_deadline(), uart = uart_deadline();

    ost = ost < rtc ? ost : rtc;
    return ost < uart ? ost : uart;
}

void pxa_run(uint64_t now)
{
    ost_run(now);
    rtc_run(now);
    uart_run(now);
}

/* ---- coprocessors of the chip ----
 *
 * CP6 is the interrupt controller once more: CRn is the register. */
static const uint8_t cp6_registers[] = {
    ICIP, ICMR, ICLR, ICFP, ICPR, ICHP, ICIP2, ICIP2 + ICMR, ICIP2 + ICLR, ICIP2 + ICFP, ICPR2,
};

/* CP14: registers by CRn and CRm. Those without a meaning here keep what is written. */
enum { CP14_PMNC = 0x01, CP14_CCNT = 0x11, CP14_CCLKCFG = 0x60, CP14_PWRMODE = 0x70 };
enum { PWRMODE_IDLE = 1, PWRMODE_STANDBY = 2, PWRMODE_SLEEP = 3 };
static const uint8_t cp14_registers[] = {
    CP14_PMNC, CP14_CCNT, 0x41, 0x51, 0x81,            /* performance monitor: control, cycles, */
    0x02, 0x12, 0x22, 0x32,                            /* and four counters, which count nothing */
    CP14_CCLKCFG, CP14_PWRMODE,
    0x80, 0x90, 0xa0, 0xb0, 0xc0, 0xd0, 0xe0,          /* debug: no debugger is there */
};
static uint32_t cp14[256]; /* CCNT: what to add to the instruction count */

/* One byte names a register: CRn, CRm. */
static bool cp14_exists(int crn, int crm)
{
    return memchr(cp14_registers, crn << 4 | crm, sizeof cp14_registers);
}

/* MRC from CP6 or CP14; false: there is no such register. */
bool spitz_cp_read(CPUARMState *env, int cp, int opc1, int crn, int crm, int opc2, uint32_t *value)
{
    if (opc1 || opc2)
        return false;
    if (cp == 6 && crm == 0 && crn < (int)sizeof cp6_registers) {
        *value = ic_read(pxa_block(0x40d00000), cp6_registers[crn]);
        return true;
    }
    if (cp != 14 || !cp14_exists(crn, crm))
        return false;
    *value = cp14[crn << 4 | crm];
    if ((crn << 4 | crm) == CP14_CCNT)
        *value += cpu_icount(env);
    return true;
}

/* PWRMODE: idle and standby end with an interrupt; sleep would end with a reset, so it ends all. */
static void write_pwrmode(CPUARMState *env, uint32_t value)
{
    if ((value & 7) == PWRMODE_IDLE || (value & 7) == PWRMODE_STANDBY) {
        if (!ic.pending || ic.iccr & 1)
            cpu_halt(env);
    } else if ((value & 3) == PWRMODE_SLEEP) {
        power_off();
    }
}

/* MCR to CP6 or CP14; false: there is no such register. */
bool spitz_cp_write(CPUARMState *env, int cp, int opc1, int crn, int crm, int opc2, uint32_t value)
{
    if (opc1 || opc2)
        return false;
    if (cp == 6 && crm == 0 && crn < (int)sizeof cp6_registers) {
        ic_write(pxa_block(0x40d00000), cp6_registers[crn], value);
        return true;
    }
    if (cp != 14 || !cp14_exists(crn, crm))
        return false;
    cp14[crn << 4 | crm] = value;
    if ((crn << 4 | crm) == CP14_CCNT)
        cp14[CP14_CCNT] -= cpu_icount(env);
    if ((crn << 4 | crm) == CP14_PWRMODE)
        write_pwrmode(env, value);
    return true;
}

/* The coprocessors' registers are here, too. */
void pxa_state(state_visitor *visit)
{
    visit(&ic, sizeof ic);
    visit(&ost, sizeof ost);
    visit(&rtc, sizeof rtc);
    visit(&gpio, sizeof gpio);
    visit(cp14, sizeof cp14);
    for (int i = 0; i < BLOCKS; i++)
        visit(blocks[i].words, blocks[i].size / 4 * 4);
}
