@ start.S - the guest's first instructions, its exception vectors, and the way into and out of the kernel.
@
@ The kernel is loaded at RAM + 64K and runs at 0xc0010000, as Linux would: everything of its own is mapped
@ above 0xc0000000 by 1 MB sections, processes live below.
@
@ On every exception the user's registers go into `frame`, then C runs in System mode on one kernel
@ stack, with interrupts off, and whatever `frame` holds afterwards is resumed. The scheduler changes
@ processes by changing what is in it. SCTLR is written back on every entry, as Linux did in 2015: it
@ changes nothing, but an emulator that flushes its TLB at each such write hides its bugs.

        .arch   armv5te
        .syntax unified
        .set    VIRT_MINUS_PHYS, 0x20000000     @ 0xc0000000 is mapped to 0xa0000000

        .text
        .global _start
_start: @ r2: the boot loader's list of tags (physical). MMU off, interrupts off.
        mov     r9, r2
        ldr     r4, =l1_boot - VIRT_MINUS_PHYS  @ level 1 table: sections only
        mov     r0, #0
        mov     r1, r4
1:      str     r0, [r1], #4                    @ nothing mapped
        sub     r3, r1, r4
        cmp     r3, #0x4000
        bne     1b
        ldr     r5, =0x412                      @ section, readable and writable by the kernel, domain 0
        orr     r3, r5, #0xa0000000
        add     r1, r4, #0xa00 * 4
        str     r3, [r1]                        @ here, until the jump
        mov     r6, #64
        add     r1, r4, #0xc00 * 4
2:      str     r3, [r1], #4                    @ RAM at 0xc0000000
        add     r3, r3, #0x100000
        subs    r6, r6, #1
        bne     2b
        orr     r3, r5, #0x40000000
        mov     r6, #16
        add     r1, r4, #0xf00 * 4
3:      str     r3, [r1], #4                    @ devices at 0xf0000000
        add     r3, r3, #0x100000
        subs    r6, r6, #1
        bne     3b
        mcr     p15, 0, r4, c2, c0, 0           @ TTBR
        mov     r0, #1
        mcr     p15, 0, r0, c3, c0, 0           @ domain 0: client, permissions are checked
        mcr     p15, 0, r0, c8, c7, 0           @ invalidate the TLB
        mrc     p15, 0, r0, c1, c0, 0
        orr     r0, r0, #0x0001                 @ MMU on
        orr     r0, r0, #0x2000                 @ vectors at 0xffff0000
        ldr     lr, =high
        mcr     p15, 0, r0, c1, c0, 0
        mov     pc, lr
high:   ldr     r0, =frame                      @ the sp of every exception mode
        msr     cpsr_c, #0xd3
        mov     sp, r0
        msr     cpsr_c, #0xd2
        mov     sp, r0
        msr     cpsr_c, #0xd7
        mov     sp, r0
        msr     cpsr_c, #0xdb
        mov     sp, r0
        msr     cpsr_c, #0xdf
        ldr     sp, =kernel_stack_top
        mov     r0, r9
        bl      kernel_main                     @ sets up the first process in `frame`
        b       resume

@ Copied to 0xffff0000.
        .global vectors, vectors_end
vectors:
        b       .
        ldr     pc, 1f
        ldr     pc, 2f
        ldr     pc, 3f
        ldr     pc, 4f
        b       .
        ldr     pc, 5f
        b       .
1:      .word   on_undefined
2:      .word   on_swi
3:      .word   on_prefetch_abort
4:      .word   on_data_abort
5:      .word   on_irq
vectors_end:

@ What kernel.c calls them, and how far lr is ahead of the instruction to go back to.
        .macro  entry name, kind, ahead
\name:  sub     lr, lr, #\ahead
        stmia   sp, {r0-r14}^                   @ the user's
        nop
        mov     r0, #\kind
        b       enter
        .endm
        entry   on_undefined, 0, 4
        entry   on_swi, 1, 0
        entry   on_prefetch_abort, 2, 4
        entry   on_data_abort, 3, 8
        entry   on_irq, 4, 4

enter:  str     lr, [sp, #60]
        mrs     r1, spsr
        str     r1, [sp, #64]
        msr     cpsr_c, #0xdf                   @ System mode: its sp is the user's, which is saved
        mrc     p15, 0, r1, c1, c0, 0
        mcr     p15, 0, r1, c1, c0, 0           @ SCTLR as it was
        ldr     sp, =kernel_stack_top
        bl      trap
resume: msr     cpsr_c, #0xd2                   @ any mode with a bank of its own
        ldr     r0, [sp, #64]
        msr     spsr_cxsf, r0
        ldr     lr, [sp, #60]
        ldmia   sp, {r0-r14}^
        nop
        movs    pc, lr
        .ltorg

        .section .rodata
        .global user_image, user_image_end
        .balign 4
user_image:     .incbin "build/guest/user.bin"
user_image_end:

        .bss
        .balign 16384
        .global l1_boot, frame
l1_boot:        .space 16384
frame:          .space 72                       @ r0-r14, pc, cpsr
        .balign 8
        .space  8192
kernel_stack_top:
