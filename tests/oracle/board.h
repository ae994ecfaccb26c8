/* board.h - for the programs that run on the bare board, mmu.c and manual.c: what start.S brings
 * from an exception, printing on the UART, and CP15 in short. */
#ifndef BOARD_H
#define BOARD_H

typedef unsigned u32;
typedef unsigned long long u64;

enum { USR = 0xd0, SVC = 0xd3, SYS = 0xdf }; /* modes, with both interrupts masked */
enum { V_UNDEFINED = 1, V_SWI, V_PREFETCH, V_DATA, V_HIGH = 8 };

extern volatile struct trap {
    u32 r[13], lr, spsr, vector, fsr, far;
} trap;
void attempt(const u32 *instruction, u32 cpsr, u32 address);

#define DECLARE_TRY(name) extern const u32 try_##name[];

#define MRC(crn, crm, op2) ({ u32 v_; \
    __asm__ volatile("mrc p15, 0, %0, c" #crn ", c" #crm ", " #op2 : "=r"(v_)); v_; })
#define MCR(crn, crm, op2, v) \
    __asm__ volatile("mcr p15, 0, %0, c" #crn ", c" #crm ", " #op2 \
                     "\n mrc p15, 0, r12, c2, c0, 0\n mov r12, r12" :: "r"(v) : "r12", "memory")

/* ---- the UART ---- */
static volatile u32 *uart = (u32 *)0x40100000;

static inline void put(char c)
{
    while (!(uart[5] & 0x20))
        ;
    uart[0] = c;
}

static inline void print(const char *s)
{
    while (*s)
        put(*s++);
}

static inline void hex(u32 v, int digits)
{
    while (digits--)
        put("0123456789abcdef"[v >> digits * 4 & 15]);
}

/* "name=value ", and the value in `digits` hex digits */
static inline void item(const char *name, u32 v, int digits)
{
    print(name);
    put('=');
    hex(v, digits);
    put(' ');
}

static inline void uart_on(void)
{
    uart[1] = 0x40; /* the PXA's UARTs have an enable bit in IER */
    uart[3] = 3;
}

#endif
