/* echo.c - sends every byte back in angle brackets, until a 'q' switches the machine off. */
#include "board.h"

void main(void)
{
    volatile u32 *gpio = (u32 *)0x40e00000;
    char c;

    uart_on();
    uart[2] = 1;
    print("echo\n");
    do {
        while (!(uart[5] & 1))
            ;
        c = uart[0];
        put('<');
        put(c);
        put('>');
    } while (c != 'q');
    gpio[3 + 2] = 1 << 25;
    gpio[6 + 2] = 1 << 25;
}
