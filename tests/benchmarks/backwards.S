@ backwards.S - 480 million instructions to go back over: a long loop, `mark`, 20 million more, `done`.
@
@ It uses no device and runs wherever it is put, so it is the same for rr arm and for QEMU's versatilepb.
@ mark and done have pages of their own, `never` is on the page of the loops and never reached.
        .syntax unified
        .text
        .global _start, begin, mark, never, done
_start: mov     r0, #0
        mov     r2, #0
        ldr     r1, =115000000
begin:  nop                             @ (before it, registers are the machine's)
1:      add     r0, r0, #1
        eor     r2, r2, r0
        subs    r1, r1, #1
        bne     1b
        b       mark
never:  nop
again:  ldr     r1, =5000000
2:      add     r0, r0, #1
        eor     r2, r2, r0
        subs    r1, r1, #1
        bne     2b
        b       done
        .ltorg
        .balign 4096
mark:   b       again
        .balign 4096
done:   mcr     p15, 0, r0, c7, c0, 4   @ (versatilepb waits)
        b       done
