@ start.S - what mmu.c and manual.c stand on: the way in, the traps, and single instructions to try.
@
@ The image may be loaded anywhere; it moves itself to where it was linked (0xa1000000) and calls
@ main with the MMU off. `attempt` runs one instruction in a given mode, and comes back however
@ that went: the instruction after it is a SWI, and all exceptions end in `trap`, which writes
@ down what they brought.

        .arch   armv5te
        .syntax unified
        .cpu    xscale

        .text
        .global _start
_start: adr     r0, _start
        ldr     r1, =_start
        ldr     r2, =_end
        sub     r2, r2, r1
        add     r2, r2, #3
        bic     r2, r2, #3
        add     r0, r0, r2
        add     r1, r1, r2
1:      ldr     r3, [r0, #-4]!
        str     r3, [r1, #-4]!
        subs    r2, r2, #4
        bne     1b
        ldr     sp, =0xa2000000
        ldr     pc, =main

@ void attempt(void *instruction, unsigned cpsr, unsigned address): r1 is the address, r0 and r2
@ to r11 hold known values, r12 is the instruction's own address.
        .global attempt
attempt:
        push    {r4-r11, lr}
        ldr     r3, =saved_sp
        str     sp, [r3]
        mov     r12, r0
        ldr     r0, =0x11223344
        msr     cpsr_c, r1
        mov     r1, r2
        mov     r2, #0x22
        mov     r3, #0x33
        mov     r4, #4
        mov     r5, #0x55
        mov     r6, #0x66
        mov     r7, #0x77
        mov     r8, #0x88
        mov     r9, #0x99
        mov     r10, #0xaa
        mov     r11, #0xbb
        mov     pc, r12

@ The instructions. Each is named to C by try(name).
        .macro  try name, instruction:vararg
        .global try_\name
try_\name:
        \instruction
        swi     0
        .endm
        try     ldr, ldr r0, [r1]
        try     str, str r0, [r1]
        try     ldrb, ldrb r0, [r1]
        try     strb, strb r0, [r1]
        try     ldrh, ldrh r0, [r1]
        try     strh, strh r0, [r1]
        try     ldrsb, ldrsb r0, [r1]
        try     ldrsh, ldrsh r0, [r1]
        try     ldrd, ldrd r2, r3, [r1]
        try     strd, strd r2, r3, [r1]
        try     swp, swp r0, r2, [r1]
        try     swpb, swpb r0, r2, [r1]
        try     ldrt, ldrt r0, [r1], #0
        try     strt, strt r0, [r1], #0
        try     ldrbt, ldrbt r0, [r1], #0
        try     strbt, strbt r0, [r1], #0
        try     fetch, mov pc, r1               @ the memory there holds a SWI
        try     pld, pld [r1]
        try     ldr_pre, ldr r0, [r1, #4]!
        try     ldr_post, ldr r0, [r1], r4
        try     str_pre, str r0, [r1, #-8]!
        try     str_post, str r0, [r1], #4
        try     ldrd_post, ldrd r2, r3, [r1], #8
        try     ldmia, ldmia r1!, {r0, r2, r3}
        try     ldmib, ldmib r1, {r0, r2}
        try     ldmdb, ldmdb r1!, {r2, r3}
        try     stmia, stmia r1!, {r0, r2, r3, r5}
        try     stmdb, stmdb r1!, {r0, r2, r3, r5}
        try     push_user, stmia r1, {r0, r2, r3}^
        try     undefined, .word 0xe7f000f0
        try     swi, swi 0x123
        try     bkpt, bkpt 0x5678
        try     cp15, mrc p15, 0, r0, c0, c0, 0

@ r0 to r12, lr, spsr, vector number, FSR, FAR, in this order, of the last exception: struct trap
@ in board.h. Vectors count from 0, high ones from 8. The banked r13 of each mode is free to use.
        .macro  handler n
trap\n: ldr     sp, =trap
        stmia   sp, {r0-r12}
        mov     r0, #\n
        b       common
        .endm
        .irp    n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
        handler \n
        .endr
common: str     lr, [sp, #52]
        mrs     r1, spsr
        str     r1, [sp, #56]
        str     r0, [sp, #60]
        mrc     p15, 0, r1, c5, c0, 0
        str     r1, [sp, #64]
        mrc     p15, 0, r1, c6, c0, 0
        str     r1, [sp, #68]
        msr     cpsr_c, #0xd3
        ldr     sp, =saved_sp
        ldr     sp, [sp]
        pop     {r4-r11, pc}
        .ltorg

@ The vectors, low and high, to be copied to where they belong: eight jumps, eight addresses.
        .global vectors
vectors:
        .rept   8
        ldr     pc, [pc, #24]
        .endr
        .irp    n, 0, 1, 2, 3, 4, 5, 6, 7
        .word   trap\n
        .endr
        .rept   8
        ldr     pc, [pc, #24]
        .endr
        .irp    n, 8, 9, 10, 11, 12, 13, 14, 15
        .word   trap\n
        .endr

        .bss
        .global trap
        .balign 8
trap:   .space  72
saved_sp:
        .space  4
