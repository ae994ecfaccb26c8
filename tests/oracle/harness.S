@ harness.S - runs test cases on the bare machine, and prints what became of them.
@
@ Problem: to compare two emulators instruction by instruction, from the same registers, the same
@ flags and the same memory, with nothing between the instruction and the printout that a bug
@ could lean on. Guarantee: each case starts from exactly the registers, CPSR and banked registers
@ its record names, and however it ends (SWI, undefined instruction, either abort) the whole state
@ it ended in goes into the checksum of its batch, or, for cases in the header's verbose range, is
@ printed word by word. How: one image (a raw kernel, loaded anywhere in RAM) holds this code, a
@ header, records and the cases' instructions, put behind it by oracle.py. Wild addresses are
@ welcome: every page of the 4G of virtual addresses is mapped to the same 4K of scratch memory,
@ but for the few megabytes that hold this program, which User mode may read and not write. Start
@ reading at `next`.

        .arch   armv5te
        .syntax unified

@ Physical memory. The image copies itself to BASE; all but the scratch page is mapped one to one.
        .set    BASE,     0xa1000000    @ image, 16 MB at most
        .set    TABLES,   0xa3f00000    @ level 1 table, 16K
        .set    COARSE,   TABLES + 0x4000       @ level 2: 256 times the scratch page
        .set    COARSE0,  TABLES + 0x4400       @ of the lowest megabyte: vectors and STATE first
        .set    SCRATCH,  TABLES + 0x5000
        .set    VECTORS,  TABLES + 0x6000       @ at virtual address 0
        .set    RESULTS,  TABLES + 0x7000       @ at virtual address STATE
        .set    COPIES,   0xa1ffe000    @ where cases run that h_copy moves
        .set    UART,     0x40100000

@ STATE, the page after the vectors, so that handlers reach it pc-relative with no register to
@ spare:
@   +0    r0-r14 of the user bank     +68  the exception's vector
@   +60   lr of the exception         +72  FSR
@   +64   its spsr                    +76  FAR
@   +80   banked: r8-r14 and spsr of fiq; r13, r14, spsr of irq, abt, und, svc
        .set    STATE,    0x1000
        .set    S_LR,     60
        .set    S_SPSR,   64
        .set    S_VECTOR, 68
        .set    S_FSR,    72
        .set    S_FAR,    76
        .set    S_BANKED, 80
        .set    S_END,    160
@ and the loop's own variables, as no register survives a case:
        .set    L_NEXT,   0x200         @ the next record
        .set    L_INDEX,  0x204         @ the number of the case running
        .set    L_HASH,   0x208         @ checksum of the batch so far
        .set    L_SAVE13, 0x20c

        .text
        .global _start
_start: b       relocate
        .org    0x20
@ Header, filled in by oracle.py.
h_size:    .word 0              @ bytes of the image
h_cases:   .word 0
h_records: .word 0              @ address of the first record: cpsr, entry, r0 to r14
h_batch:   .word 64             @ cases a checksum
h_from:    .word 0              @ cases printed in full: from, up to and without
h_to:      .word 0
h_sctlr:   .word 0              @ added to SCTLR: bit 1 checks alignment
h_banked:  .word 0              @ 1: set, and look at, the registers of all modes
h_pool:    .word 0              @ 4K that fill the scratch page before each batch
h_copy:    .word 0              @ 1: each case runs as a copy, where others ran before it

@ Copies the image up to BASE, from its end down, since the two may overlap.
relocate:
        adr     r0, _start
        ldr     r1, =BASE
        ldr     r2, h_size
        add     r0, r0, r2
        add     r1, r1, r2
1:      ldr     r3, [r0, #-4]!
        str     r3, [r1, #-4]!
        subs    r2, r2, #4
        bne     1b
        ldr     pc, =set_up

@ Page tables, vectors, MMU on.
set_up: ldr     r0, =TABLES
        ldr     r1, =COARSE + 1         @ coarse table, domain 0
        mov     r2, #4096
1:      str     r1, [r0], #4
        subs    r2, r2, #1
        bne     1b
        ldr     r0, =COARSE
        ldr     r1, =SCRATCH + 0xff2    @ small page, all four quarters: anyone may read and write
        mov     r2, #512                @ COARSE0 follows
1:      str     r1, [r0], #4
        subs    r2, r2, #1
        bne     1b
        ldr     r0, =COARSE0
        ldr     r1, =VECTORS + 0x552    @ privileged only
        str     r1, [r0]
        ldr     r1, =RESULTS + 0x552
        str     r1, [r0, #4]
        ldr     r0, =TABLES
        ldr     r1, =COARSE0 + 1
        str     r1, [r0]
        ldr     r1, =UART + 0x402       @ section, privileged only
        ldr     r2, =TABLES + (UART >> 18)
        str     r1, [r2]
        ldr     r1, =0xa3f00402         @ section, privileged only
        ldr     r2, =TABLES + (0xa3f00000 >> 18)
        str     r1, [r2]
        ldr     r1, =BASE + 0x802       @ sections, User mode may read
        ldr     r2, =TABLES + (BASE >> 18)
        mov     r3, #16
1:      str     r1, [r2], #4
        add     r1, r1, #0x100000
        subs    r3, r3, #1
        bne     1b
        ldr     r0, =VECTORS
        ldr     r1, =vectors
        ldr     r2, =vectors_end
1:      ldr     r3, [r1], #4
        str     r3, [r0], #4
        cmp     r1, r2
        blo     1b
        ldr     r0, =0x2003             @ coprocessors 0, 1 and 13 are there
        mcr     p15, 0, r0, c15, c1, 0
        ldr     r0, =TABLES
        mcr     p15, 0, r0, c2, c0, 0
        mov     r0, #1
        mcr     p15, 0, r0, c3, c0, 0   @ domain 0: permissions are checked
        mov     r0, #0
        mcr     p15, 0, r0, c7, c7, 0   @ caches and TLB empty
        mcr     p15, 0, r0, c8, c7, 0
        ldr     r1, h_sctlr
        orr     r1, r1, #0x79           @ MMU on, 32-bit
        mcr     p15, 0, r1, c1, c0, 0
        mrc     p15, 0, r1, c1, c0, 0
        mov     r1, r1
        mov     r4, #STATE
        str     r0, [r4, #L_INDEX]
        ldr     r1, h_records
        str     r1, [r4, #L_NEXT]
        ldr     r5, =UART
        mov     r1, #0x40               @ the PXA's UARTs have an enable bit in IER
        str     r1, [r5, #4]
        mov     r1, #3
        str     r1, [r5, #12]
        b       batch

@ A batch begins: fresh scratch memory, fresh checksum.
batch:  ldr     r0, h_pool
        ldr     r1, =SCRATCH
        add     r2, r1, #4096
1:      ldmia   r0!, {r4-r11}
        stmia   r1!, {r4-r11}
        cmp     r1, r2
        blo     1b
        mov     r4, #STATE
        ldr     r0, =0x811c9dc5
        str     r0, [r4, #L_HASH]

@ The next case: registers of the user bank, then into its mode and to its entry. r4 is STATE.
next:   mov     r4, #STATE
        ldr     r0, h_banked
        cmp     r0, #0
        blne    banked_set
        mov     r0, #0
        mcrr    p0, 0, r0, r0, c0       @ the accumulator
        ldr     r13, [r4, #L_NEXT]
        ldr     r0, [r13], #4
        msr     spsr_fsxc, r0
        ldr     r14, [r13], #4
        add     r0, r13, #60
        str     r0, [r4, #L_NEXT]
        ldr     r0, h_copy
        cmp     r0, #0
        beq     1f
        ldr     r1, =COPIES             @ 64 bytes a case, in 32 places
        ldr     r2, [r4, #L_INDEX]
        and     r2, r2, #31
        add     r1, r1, r2, lsl #6
        ldmia   r14!, {r5-r12}
        stmia   r1!, {r5-r12}
        ldmia   r14!, {r5-r12}
        stmia   r1!, {r5-r12}
        sub     r14, r1, #64
        mcr     p15, 0, r0, c7, c5, 0   @ (the data cache is off)
1:      ldmia   r13, {r0-r14}^
        nop
        movs    pc, r14

@ After a case, from the handlers in the vector page: svc mode, r4 is STATE, which is filled in.
        .global after
after:  ldr     r0, h_banked
        cmp     r0, #0
        mov     r6, #S_BANKED
        blne    banked_get
        movne   r6, #S_END
        ldr     r7, [r4, #L_INDEX]
        ldr     r8, [r4, #L_HASH]
        ldr     r9, =0x01000193         @ the FNV prime
        mov     r0, #0
1:      ldr     r1, [r4, r0]            @ checksum over the words of STATE
        eor     r8, r8, r1
        mul     r8, r9, r8
        add     r0, r0, #4
        cmp     r0, r6
        blo     1b
        str     r8, [r4, #L_HASH]
        ldr     r0, h_from              @ verbose?
        cmp     r7, r0
        ldrhs   r0, h_to
        cmphs   r0, r7
        bls     2f
        bl      verbose
2:      add     r7, r7, #1
        str     r7, [r4, #L_INDEX]
        ldr     r0, h_cases
        cmp     r7, r0
        beq     3f
        ldr     r0, h_batch             @ a power of two
        sub     r0, r0, #1
        tst     r7, r0
        bne     next
3:      bl      memory_hash
        ldr     r10, [r4, #L_HASH]
        mov     r0, #'B'
        bl      putc
        mov     r0, r7
        bl      put_hex
        mov     r0, r10
        bl      put_hex
        mov     r0, r8
        bl      put_hex
        bl      newline
        ldr     r0, h_cases
        cmp     r7, r0
        bne     batch
        mov     r0, #'E'                @ the end
        bl      putc
        bl      newline
4:      b       4b

@ Prints the case's number, STATE up to r6, and the checksum of the scratch memory.
verbose:
        mov     r11, r14
        mov     r0, #'C'
        bl      putc
        mov     r0, r7
        bl      put_hex
        mov     r10, #0
1:      ldr     r0, [r4, r10]
        bl      put_hex
        add     r10, r10, #4
        cmp     r10, r6
        blo     1b
        bl      memory_hash
        mov     r0, r8
        bl      put_hex
        bl      newline
        mov     pc, r11

@ r8 = checksum of the scratch memory.
memory_hash:
        ldr     r0, =SCRATCH
        add     r1, r0, #4096
        ldr     r8, =0x811c9dc5
        ldr     r9, =0x01000193
1:      ldr     r2, [r0], #4
        eor     r8, r8, r2
        mul     r8, r9, r8
        cmp     r0, r1
        blo     1b
        bx      lr

@ A space and eight hex digits of r0.
put_hex:
        mov     r12, r14
        mov     r2, r0
        mov     r3, #8
        mov     r0, #' '
        bl      putc
1:      mov     r0, r2, lsr #28
        cmp     r0, #10
        addlo   r0, r0, #'0'
        addhs   r0, r0, #'a' - 10
        mov     r2, r2, lsl #4
        bl      putc
        subs    r3, r3, #1
        bne     1b
        mov     pc, r12
newline:
        mov     r0, #10
putc:   ldr     r5, =UART
1:      ldr     r1, [r5, #0x14]
        tst     r1, #0x20               @ transmitter empty
        beq     1b
        str     r0, [r5]
        bx      lr

@ Known values into the banked registers of all modes; back in svc mode.
banked_set:
        ldr     r0, =0xf1f1f1f0
        msr     cpsr_c, #0xd1           @ fiq
        add     r8, r0, #8
        add     r9, r0, #9
        add     r10, r0, #10
        add     r11, r0, #11
        add     r12, r0, #12
        add     r13, r0, #13
        add     r14, r0, #14
        ldr     r1, =0x100000d0
        msr     spsr_fsxc, r1
        .irp    mode, 0xd2, 0xd7, 0xdb, 0xd3    @ irq, abt, und, svc
        msr     cpsr_c, #\mode
        .if     \mode != 0xd3           @ lr of svc is where to return
        ldr     r13, =0x13000000 + \mode
        ldr     r14, =0x14000000 + \mode
        .endif
        ldr     r1, =0x300000d0
        msr     spsr_fsxc, r1
        .endr
        bx      lr

@ The banked registers of all modes to STATE. Those of svc mode were saved on entry.
banked_get:
        mov     r0, #STATE
        add     r0, r0, #S_BANKED
        mrs     r1, cpsr
        msr     cpsr_c, #0xd1
        stmia   r0!, {r8-r14}
        mrs     r2, spsr
        str     r2, [r0], #4
        .irp    mode, 0xd2, 0xd7, 0xdb
        msr     cpsr_c, #\mode
        stmia   r0!, {r13, r14}
        mrs     r2, spsr
        str     r2, [r0], #4
        .endr
        msr     cpsr_c, #0xd3
        add     r2, r0, #12             @ svc: see save_svc in the vector page
        mov     r5, #STATE
        add     r5, r5, #0x300
        ldmia   r5, {r8-r10}
        stmia   r0, {r8-r10}
        msr     cpsr_f, r1
        bx      lr
        .ltorg

@ The vector page. A handler owns no register: it stores r13 pc-relative into STATE, one page on.
vectors:
        .irp    n, 0, 1, 2, 3, 4, 5, 6, 7
        b       handler\n
        .endr
        .org    vectors + 0xc00
        .irp    n, 0, 1, 2, 3, 4, 5, 6, 7
handler\n:
        str     r13, vectors + STATE + L_SAVE13
        mov     r13, #STATE
        stmia   r13, {r0-r14}^
        nop
        str     r14, [r13, #S_LR]
        mrs     r0, spsr
        str     r0, [r13, #S_SPSR]
        mov     r0, #\n
        b       handler
        .endr
handler:
        str     r0, [r13, #S_VECTOR]
        mrc     p15, 0, r0, c5, c0, 0
        str     r0, [r13, #S_FSR]
        mrc     p15, 0, r0, c6, c0, 0
        str     r0, [r13, #S_FAR]
        ldr     r0, [r13, #L_SAVE13]    @ this mode's r13 was not the case's to lose
        mov     r4, r13
        mov     r13, r0
        msr     cpsr_c, #0xd3
        mov     r0, #STATE
        add     r0, r0, #0x300
        stmia   r0, {r13, r14}          @ save_svc
        mrs     r1, spsr
        str     r1, [r0, #8]
        ldr     pc, =after
        .ltorg
vectors_end:
