"""classes.py - the instructions that are tried: one table row for each form, one class for each
kind.

Problem: "random instructions" mostly are nonsense, and nonsense the architecture leaves open
proves nothing. Guarantee: every encoding a row can make has one right outcome by the ARM
Architecture Reference Manual, second edition (ARMv5TE); what it calls UNPREDICTABLE is left out,
and each such exclusion stands here with its reason. How: a row is the encoding as the manual
draws it, a letter for each free bit; letters are filled at random, then the row's conditions
decide. A class is a list of rows, or a function that makes whole sequences where instructions
must go together (a branch and what it skips). Start at CLASSES, at the end.

Wild addresses need no care: see harness.S. Unaligned words do, since QEMU reads them unaligned
where an ARMv5 rotates them: classes that touch memory run with SCTLR.A set, so both must take the
alignment fault; the rotation is checked by manual.c. """

PC = 15


# ---- rows ----

# The fields of the ARM encodings, named by where they are.
def n(w): return w >> 16 & 15       # Rn; Rd of multiplies
def d(w): return w >> 12 & 15       # Rd; Rn of multiplies
def s(w): return w >> 8 & 15        # Rs
def m(w): return w & 15             # Rm
def writes_back(w): return not w >> 24 & 1 or w >> 21 & 1   # post-indexed, or W


class Row:
    """One form: `bits` as drawn in the manual; `no_pc` names the registers that must not be PC
    (ndsm, where they are UNPREDICTABLE, or a jump, which has a class of its own); `ok` is its
    last condition."""

    def __init__(self, bits, no_pc="", ok=None):
        bits = bits.replace(" ", "")
        assert len(bits) in (16, 32), bits
        self.thumb = len(bits) == 16
        self.fixed = int("".join("1" if b == "1" else "0" for b in bits), 2)
        self.free = int("".join("0" if b in "01" else "1" for b in bits), 2)
        self.conditional = bits.startswith("cccc") and not self.thumb
        if self.conditional:
            self.free &= 0x0fffffff
        shifts = [{"n": 16, "d": 12, "s": 8, "m": 0}[r] for r in no_pc]
        self.ok = lambda w: (all(w >> x & 15 != PC for x in shifts) and (not ok or ok(w)))

    def make(self, rng):
        """An instruction of this form."""
        while True:
            w = rng.getrandbits(32) & self.free | self.fixed
            if self.ok(w):
                break
        if self.conditional:    # half of them always, the others under any condition but 1111
            w |= 0xe0000000 if rng.getrandbits(1) else rng.randrange(15) << 28
        return w


# ---- ARM: arithmetic ----

def dp(form, operand, no_pc):
    """The four shapes of a data-processing instruction, with one kind of second operand. Rd = PC
    is a jump, or with S an exception return: classes `branch` and `modes`. Fields that should be
    zero are zero."""
    return [
        # AND EOR SUB RSB ADD ADC SBC RSC; ORR BIC; MOV MVN; TST TEQ CMP CMN
        Row(f"cccc {form} 0ooo S nnnn dddd {operand}", no_pc + "d"),
        Row(f"cccc {form} 11o0 S nnnn dddd {operand}", no_pc + "d"),
        Row(f"cccc {form} 11o1 S 0000 dddd {operand}", "d" + no_pc.replace("n", "")),
        Row(f"cccc {form} 10oo 1 nnnn 0000 {operand}", no_pc),
    ]


DP_IMM = dp("001", "rrrr iiii iiii", "")
DP_SHIFT = dp("000", "iiii itt0 mmmm", "")          # LSR/ASR #32 and RRX are amount 0
DP_SHIFT_REG = dp("000", "ssss 0tt1 mmmm", "nsm")   # any PC is UNPREDICTABLE here

# Before ARMv6 a multiply whose Rd is Rm is UNPREDICTABLE; so are long ones with two of RdHi,
# RdLo, Rm equal.
MULTIPLY = [
    Row("cccc 0000 000S nnnn 0000 ssss 1001 mmmm", "nsm", lambda w: n(w) != m(w)),      # MUL
    Row("cccc 0000 001S nnnn dddd ssss 1001 mmmm", "ndsm", lambda w: n(w) != m(w)),     # MLA
    Row("cccc 0000 1UAS nnnn dddd ssss 1001 mmmm", "ndsm",
        lambda w: len({n(w), d(w), m(w)}) == 3),        # UMULL UMLAL SMULL SMLAL
]
DSP = [
    Row("cccc 0001 0oo0 nnnn dddd 0000 0101 mmmm", "ndm"),      # QADD QSUB QDADD QDSUB
    Row("cccc 0001 0000 nnnn dddd ssss 1yx0 mmmm", "ndsm"),     # SMLAxy
    Row("cccc 0001 0010 nnnn dddd ssss 1y00 mmmm", "ndsm"),     # SMLAWy
    Row("cccc 0001 0010 nnnn 0000 ssss 1y10 mmmm", "nsm"),      # SMULWy
    Row("cccc 0001 0100 nnnn dddd ssss 1yx0 mmmm", "ndsm",
        lambda w: n(w) != d(w)),        # SMLALxy; RdHi = RdLo is UNPREDICTABLE
    Row("cccc 0001 0110 nnnn 0000 ssss 1yx0 mmmm", "nsm"),      # SMULxy
]
CLZ = [Row("cccc 0001 0110 1111 dddd 1111 0001 mmmm", "dm")]

# CP0, the XScale's 40-bit accumulator. Accumulators but 0, and PC as operand, are UNPREDICTABLE.
# See accumulate.
ACCUMULATOR = [
    Row("cccc 1110 0010 0000 dddd 0000 0001 mmmm", "dm"),       # MIA
    Row("cccc 1110 0010 1000 dddd 0000 0001 mmmm", "dm"),       # MIAPH
    Row("cccc 1110 0010 11xy dddd 0000 0001 mmmm", "dm"),       # MIAxy
    Row("cccc 1100 0100 nnnn dddd 0000 0000 0000", "nd"),       # MAR
    Row("cccc 1100 0101 nnnn dddd 0000 0000 0000", "nd", lambda w: n(w) != d(w)),      # MRA
]

# ---- ARM: memory ----

def indexed(w):
    """UNPREDICTABLE: writing back to PC, or to a base that is also loaded or stored."""
    return not writes_back(w) or n(w) not in (PC, d(w))


def indexed_reg(w):
    """As above, and an index that is PC, or, with write-back, the base."""
    return indexed(w) and m(w) != PC and not (writes_back(w) and m(w) == n(w))


# Loads to PC jump (class `branch`). STR of PC stores the instruction's address + 8 on an XScale.
# STRB of PC is UNPREDICTABLE. Most offsets are multiples of four, lest nearly all accesses were
# alignment faults.
def word(w): return indexed(w) and not (d(w) == PC and w >> 20 & 1)
def word_reg(w): return indexed_reg(w) and not (d(w) == PC and w >> 20 & 1)


LOAD_STORE = [
    Row("cccc 0101 U0WL nnnn dddd iiii iiii ii00", ok=word),    # LDR STR, offset and pre-indexed
    Row("cccc 0100 U0WL nnnn dddd iiii iiii ii00", ok=word),    # post-indexed; W: LDRT STRT
    Row("cccc 010P U0WL nnnn dddd iiii iiii iiii", ok=word),
    Row("cccc 010P U1WL nnnn dddd iiii iiii iiii", "d", indexed),       # LDRB STRB
]
LOAD_STORE_REG = [
    Row("cccc 011P U0WL nnnn dddd 0001 0000 mmmm", ok=word_reg),        # as for indexing arrays
    Row("cccc 011P U0WL nnnn dddd 000i itt0 mmmm", ok=word_reg),
    Row("cccc 011P U0WL nnnn dddd iiii itt0 mmmm", ok=word_reg),
    Row("cccc 011P U1WL nnnn dddd iiii itt0 mmmm", "d", indexed_reg),
]


# The extra loads and stores: L, S, H say which. Post-indexed ones with W are UNPREDICTABLE.
def extra(w): return indexed(w) and (w >> 24 & 1 or not w >> 21 & 1)
def extra_reg(w): return indexed_reg(w) and (w >> 24 & 1 or not w >> 21 & 1)


HALFWORD = [
    Row("cccc 000P U1WL nnnn dddd iiii 1011 iii0", "d", extra),     # LDRH STRH
    Row("cccc 000P U0WL nnnn dddd 0000 1011 mmmm", "d", extra_reg),
    Row("cccc 000P U1W1 nnnn dddd iiii 1101 iiii", "d", extra),     # LDRSB
    Row("cccc 000P U0W1 nnnn dddd 0000 1101 mmmm", "d", extra_reg),
    Row("cccc 000P U1W1 nnnn dddd iiii 1111 iii0", "d", extra),     # LDRSH
    Row("cccc 000P U0W1 nnnn dddd 0000 1111 mmmm", "d", extra_reg),
]


def pair(w):
    """LDRD, STRD: an odd register is undefined, r14 UNPREDICTABLE, and so are a base written back
    that is either of the two, and an index that is loaded."""
    return (d(w) & 1 == 0 and d(w) != 14 and n(w) != PC and extra(w)
            and not (writes_back(w) and n(w) == d(w) + 1))


def pair_reg(w): return pair(w) and extra_reg(w) and (w >> 5 & 1 or m(w) not in (d(w), d(w) + 1))


# Their addresses are multiples of eight (the pool `doublewords`), as four more, which must take
# an alignment fault, is good enough for QEMU; manual.c checks that. Hence PC, which is a multiple
# of four, is no base here.
DOUBLEWORD = [
    Row("cccc 000P U1W0 nnnn dddd iiii 11S1 i000", ok=pair),
    Row("cccc 000P U0W0 nnnn dddd 0000 11S1 mmmm", ok=pair_reg),
]
# Swaps whose base is Rd or Rm are UNPREDICTABLE.
SWAP = [Row("cccc 0001 0B00 nnnn dddd 0000 1001 mmmm", "ndm", lambda w: n(w) not in (d(w), m(w)))]


def block(w):
    """LDM, STM: an empty list is UNPREDICTABLE; so is a base in the list with write-back, but for
    a store where it comes first. A base of PC is, too. PC in a load's list is a jump; see
    `branch`."""
    bits, base, load = w & 0xffff, n(w), w >> 20 & 1
    if not bits or base == PC or (load and bits >> 15):
        return False
    if w >> 21 & 1 and bits >> base & 1:
        return not load and bits & ((1 << base) - 1) == 0
    return True


BLOCK = [
    Row("cccc 100P U0WL nnnn rrrr rrrr rrrr rrrr", ok=block),
    Row("cccc 100P U0WL nnnn 0000 rrrr 0000 rrrr", ok=block),
    Row("cccc 1001 0010 1101 rrrr rrrr rrrr rrrr", ok=block),   # PUSH
    Row("cccc 1000 1011 1101 rrrr rrrr rrrr rrrr", ok=block),   # POP
]

# ---- ARM: the rest ----

STATUS = [
    Row("cccc 0001 0000 1111 dddd 0000 0000 0000", "d"),                # MRS
    # MSR. Bits the architecture reserves (24 to 26) must be written as read, hence as zeros here;
    # in User mode all fields but the flags are ignored, which the s and x of the immediate form
    # check.
    Row("cccc 0011 0010 fsx0 1111 0010 iiii 0000"),
    Row("cccc 0011 0010 fsx0 1111 0011 iiii ii00"),
    Row("cccc 0011 0010 1000 1111 0100 i000 1iii"),
]
STATUS_REG = [Row("cccc 0001 0010 f00c 1111 0000 0000 mmmm", "m")]      # MSR; see msr_reg


# Undefined on ARMv5TE: every one must take the exception, and change nothing.
UNDEFINED = [
    Row("cccc 011x xxxx xxxx xxxx xxxx xxx1 xxxx"),     # since ARMv6 the media instructions
    Row("cccc 0011 0x00 xxxx xxxx xxxx xxxx xxxx"),     # TST.. without S; since then MOVW, MOVT
    Row("cccc 1101 xxxx nnnn dddd 0101 xxxx mmmm"),     # absent coprocessors: LDC, STC,
    Row("cccc 1110 xxxx xxxx xxxx 01xx xxx0 xxxx"),     # CDP,
    Row("cccc 1110 xxx0 xxxx xxxx 101x xxx1 xxxx"),     # MCR, MRC (the VFP's numbers)
    Row("cccc 1110 xxx0 xxxx 0xxx 1111 xxx1 xxxx"),     # CP15 in User mode
    Row("1110 0001 0010 xxxx xxxx xxxx 0111 xxxx"),     # BKPT: a prefetch abort
    Row("cccc 1111 xxxx xxxx xxxx xxxx xxxx xxxx"),     # SWI
]

# ---- Thumb ----

T_ALU = [
    Row("000 oo iiiii sss ddd", ok=lambda w: w >> 11 & 3 != 3),     # shifts by immediate
    Row("00011 I o nnn sss ddd"),                           # ADD, SUB: three operands
    Row("001 oo ddd iiiiiiii"),                           # MOV CMP ADD SUB immediate
    Row("010000 oooo sss ddd",
        ok=lambda w: w >> 6 & 15 != 13 or w & 7 != w >> 3 & 7),         # not MUL with Rd = Rm
    Row("1010 S ddd iiiiiiii"),                           # ADD Rd, PC or SP
    Row("10110000 S iiiiiii"),                           # ADD, SUB SP
]


def t_high(w):
    """High registers: with both low it is UNPREDICTABLE (but MOV and ADD so encoded came with
    ARMv6); Rd = PC is a jump, and as CMP's operand UNPREDICTABLE."""
    return w >> 6 & 3 != 0 and (w >> 4 & 8 | w & 7) != PC and w >> 8 & 3 != 3


T_HIGH = [Row("010001 oo HH sss ddd", ok=t_high)]


def t_block(w):
    """An empty list is UNPREDICTABLE, and so is storing a base that is not first. A load whose
    list holds the base does not write back, and is fine."""
    bits, base = w & 0xff, w >> 8 & 7
    return bits and (w >> 11 & 1 or not bits >> base & 1 or bits & ((1 << base) - 1) == 0)


T_MEMORY = [
    Row("01001 ddd iiiiiiii"),                           # LDR PC-relative
    Row("0101 ooo mmm nnn ddd"),                           # register offset, all sizes
    Row("011 BL iiiii nnn ddd"),                           # word, byte
    Row("1000 L iiiii nnn ddd"),                           # halfword
    Row("1001 L ddd iiiiiiii"),                           # SP-relative
    Row("1011 0100 rrrrrrrr", ok=lambda w: w & 0xff),   # PUSH
    Row("1011 0101 rrrrrrrr"),                          # PUSH with LR
    Row("1011 1100 rrrrrrrr", ok=lambda w: w & 0xff),   # POP
    Row("1100 L nnn rrrrrrrr", ok=t_block),
]
T_UNDEFINED = [
    Row("1101 1110 xxxxxxxx"),                          # the undefined instruction
    Row("1101 1111 xxxxxxxx"),                          # SWI
    Row("1011 1110 xxxxxxxx"),                          # BKPT
]

# ---- sequences: instructions that only make sense together ----

NOP, T_NOP = 0xe1a00000, 0x46c0


def filler(rng, but=()):
    """Work that shows whether it was done: any arithmetic, always executed, that leaves the
    registers `but` alone."""
    while True:
        w = rng.choice(DP_IMM).make(rng) & 0x0fffffff | 0xe0000000
        if d(w) not in but:
            return w


def t_filler(rng):
    return rng.choice(T_ALU).make(rng)


def in_thumb(rng):
    """Two words of Thumb, entered at either half of the first, that go on in ARM code after
    them."""
    return [t_filler(rng) | t_filler(rng) << 16, 0x46c04778]    # bx pc; nop


def arm_branch(rng, here):
    """One branch of ARM code at address `here`, with what it skips. The numbers in the comments
    are places in the list. PC reads as two places on."""
    cond = rng.randrange(15) << 28
    link = rng.getrandbits(1)
    k = rng.randrange(1, 4)             # instructions skipped
    skipped = [filler(rng) for _ in range(k)]
    r = rng.randrange(15)
    add = 0xe28f0000 | r << 12          # add r, pc, #
    bx = cond | 0x012fff10 | link << 5 | r
    kind = rng.choice("forward backward bx interwork blx add mov ldr ldm".split())
    if kind == "forward":
        return [cond | 0x0a000000 | link << 24 | k - 1] + skipped
    if kind == "backward":      # 0: b 3;  1: filler;  2: b 5;  3: filler;  4: b 1
        return [0xea000001, filler(rng), 0xea000001, filler(rng), cond | 0x0afffffb | link << 24]
    if kind == "bx":
        return [add | k * 4, bx] + skipped
    if kind == "interwork":     # 0: r = 3, Thumb;  1: bx r;  2: b 5;  3: Thumb
        return [add | 5, bx, 0xea000001] + in_thumb(rng)
    if kind == "blx":           # to either half of the word
        return [0xfa000000 | link << 24 | k - 1] + skipped + in_thumb(rng)
    if kind == "add":
        return [cond | 0x028ff000 | (k - 1) * 4] + skipped
    if kind == "mov":
        return [add | k * 4, cond | 0x01a0f000 | r] + skipped
    thumb = rng.getrandbits(1)
    if kind == "ldr":           # 0: ldr pc, 2;  1: b 5;  2: address of 3 or 5;  3: Thumb
        return [cond | 0x059ff000, 0xea000002, here + (13 if thumb else 20)] + in_thumb(rng)
    # "ldm": 0: align sp;  1: r = 5 or 7;  2: push {low, r};  3: pop {low, pc};  4: b 7;  5: Thumb
    r, low = rng.randrange(8, 13), rng.randrange(8)
    return [0xe3cdd003, 0xe28f0000 | r << 12 | (9 if thumb else 16), 0xe92d0000 | 1 << r | 1 << low,
            cond | 0x08bd8000 | 1 << low, 0xea000001] + in_thumb(rng)


def thumb_branch(rng, here):
    """One branch of Thumb code at `here`, a multiple of four, with what it skips. The halfwords'
    places are in the comments; PC reads as two places on. ARM code in the way leaves by blx to
    the Thumb after it."""
    k = rng.randrange(1, 4)
    skipped = [t_filler(rng) for _ in range(k)]
    cond = rng.randrange(14) << 8
    r = rng.randrange(8)
    link = rng.getrandbits(1)
    arm = filler(rng, but=[14])
    arm = [arm & 0xffff, arm >> 16]
    blx_next = [0xffff, 0xfaff]         # ARM: blx to the next instruction, in Thumb
    two, three = (skipped * 2)[:2], (skipped * 3)[:3]
    make_r = [0xa002 | r << 8, 0x3001 | r << 8]         # r = place 6, in Thumb
    kind = rng.choice("cond b backward bl blx bx_arm bx_thumb mov add pop pop_arm".split())
    code = {
        "cond": [0xd000 | cond | k - 1] + skipped,
        "b": [0xe000 | k - 1] + skipped,
        "backward": [0xe001, t_filler(rng), 0xe001, t_filler(rng), 0xd0fb | cond],
        "bl": [0xf000, 0xf800 | k] + skipped,
        # 0: blx 4;  2: b 8;  4: ARM;  6: bx lr, to 2
        "blx": [0xf000, 0xe802, 0xe004, T_NOP] + arm + [0xff1e, 0xe12f],
        # 0: r = 4;  1: bx r;  4: ARM;  6: blx 8
        "bx_arm": [0xa001 | r << 8, 0x4700 | link << 7 | r << 3, T_NOP, T_NOP] + arm + blx_next,
        "bx_thumb": make_r + [0x4700 | link << 7 | r << 3] + three,
        "mov": [0xa001 | r << 8, 0x4687 | r << 3] + two,
        "add": [0x2000 | r << 8 | (k - 1) * 2, 0x4487 | r << 3] + three,
        # 2: push {r};  3: pop {pc};  6:
        "pop": make_r + [0xb400 | 1 << r, 0xbd00] + two,
        # the same without bit 0:  6: ARM;  8: blx 10
        "pop_arm": [make_r[0], T_NOP, 0xb400 | 1 << r, 0xbd00] + two + arm + blx_next,
    }[kind]
    return code + [T_NOP] * (len(code) % 2)


MODES = {"usr": 0x10, "fiq": 0x11, "irq": 0x12, "svc": 0x13, "abt": 0x17, "und": 0x1b, "sys": 0x1f}


def make_psr(rng, r, mode):
    """Register r = a program status word: that mode, both interrupts masked, any flags."""
    return [0xe3a000c0 | r << 12 | mode, 0xe3800200 | r << 16 | r << 12 | rng.randrange(16)]


def mode_change(rng, mode):
    """(the mode after it, one privileged thing to do in `mode`). In User mode all but the flags
    stay."""
    r = rng.randrange(8)
    target = rng.choice(list(MODES.values()))
    after = mode if mode == MODES["usr"] else target
    has_spsr = mode not in (MODES["usr"], MODES["sys"])
    kind = rng.choice("msr msr_imm mrs fill stm_user ldm_user spsr spsr return ldm_return".split())
    if kind == "msr":
        return after, make_psr(rng, r, target) + [0xe129f000 | r]
    if kind == "msr_imm":
        return after, [0xe321f0c0 | target]
    if kind == "mrs":
        return mode, [0xe10f0000 | r << 12]
    if kind == "fill" or not has_spsr:      # what needs an SPSR, or is UNPREDICTABLE without one
        return mode, [filler(rng), filler(rng)]
    if kind == "stm_user":      # base in r0-r7: a banked one is allowed, but hides what is tested
        return mode, [0xe3a00202 | r << 12, 0xe8c06000 | rng.getrandbits(15) | r << 16]
    if kind == "ldm_user":      # no banked register may be touched by the instruction after it
        return mode, [0xe3a00202 | r << 12, 0xe8d06000 | rng.getrandbits(13) | r << 16, NOP]
    spsr = make_psr(rng, r, target) + [0xe169f000 | r]
    if kind == "spsr":
        return mode, spsr + [0xe14f0000 | rng.randrange(15) << 12]
    k = rng.randrange(1, 4)
    skipped = [filler(rng) for _ in range(k)]
    way = rng.randrange(4)
    if kind == "ldm_return":    # 3: lr = 7 + k;  4: r: stack;  5: stmia r, {lr};  6: ldm r, {pc}^
        return target, spsr + [0xe28fe008 | k * 4, 0xe3a00202 | r << 12, 0xe8804000 | r << 16,
                               0xe8d08000 | r << 16] + skipped
    if way == 0:                # 3: lr = 6 + k;  4: subs pc, lr, #4
        return target, spsr + [0xe28fe004 | k * 4, 0xe25ef004] + skipped
    if way == 1:                # 3: lr = 5;  4: movs pc, lr;  5: Thumb
        spsr[0] |= 0x20
        return target, spsr + [0xe28fe000, 0xe1b0f00e] + in_thumb(rng)
    return target, spsr + [0xe28fe000 | k * 4, 0xe1b0f00e] + skipped    # 4: movs pc, lr


def branches(one, size):
    """A sequence of three branches, by a function from those above; `size` is of its
    instructions."""
    def sequence(rng, here, rows):
        code = []
        for _ in range(3):
            code += one(rng, here + len(code) * size)
        return code
    return sequence


def modes(rng, here, rows):
    """Six steps from mode to mode, begun in System mode."""
    mode, code = MODES["sys"], []
    for _ in range(6):
        mode, step = mode_change(rng, mode)
        code += step
    return code


def msr_reg(rng, here, rows):
    """MSR of a register, without the reserved bits 24 to 26, then what it made of the CPSR."""
    w = rows[0].make(rng)
    return [0xe3c00407 | m(w) << 16 | m(w) << 12, w, 0xe10f0000 | rng.randrange(15) << 12]


def self_modifying(rng, here, rows):
    """Code that replaces one of its own instructions, from the data cache to the instruction
    cache as the manual wants it, and then executes it; having executed the old one before, or
    not."""
    work = [filler(rng, but=[0, 1, 2]) for _ in range(5)]
    start = work[0] if rng.getrandbits(1) else 0xea000001
    return [0xe59f0034,                     # 0: ldr r0, 15, the new instruction
            0xe28f2008, 0xe3a01002,         # 1: r2 = 5, the place of it;  2: r1 = 2, how often
            start, work[1],                 # 3: work, or b 6
            work[2], work[3],               # 5: changes
            0xe5820000,                     # 7: str r0, [r2]
            0xee072f3a, 0xee070f9a,         # 8: clean the data cache's line;  9: drain
            0xee070f15, NOP, 0xe2511001,    # 10: empty the instruction cache;  12: subs r1, r1, #1
            0x1afffff5, 0xea000000,         # 13: bne 4;  14: b 16
            work[4]]


def accumulate(rng, here, rows):
    """QEMU gives its PXA270 iWMMXt, whose register wR0, of 64 bits, stands in for the accumulator
    (and its PXA255, which has the accumulator, aborts on MIA: "tcg fatal error"). The low 40 bits
    agree whatever comes in, so MRA is followed by a shift that drops the others. And its MIA
    loses the upper half of the product: so the operands are made 15 bits long. manual.c checks
    that MRA extends the sign, and MIA of long operands."""
    code = []
    for w in [rng.choice(rows).make(rng) for _ in range(6)] + [0xec510000]:     # mra r0, r1, acc0
        if w & 0x0fff0000 == 0x0e200000:                    # mia: operand = operand, asr #17
            code += [0xe1a008c0 | r << 12 | r for r in (d(w), m(w))]
        code.append(w)
        if w & 0x0ff00000 == 0x0c500000:                    # mra: RdHi = RdHi, lsl #24
            code.append(0xe1a00c00 | n(w) << 12 | n(w))
    return code


def straight(rng, here, rows):
    """The default: four instructions of the class in a row."""
    return [rng.choice(rows).make(rng) for _ in range(4)]


def single(rng, here, rows):
    """One that ends the case."""
    return [rng.choice(rows).make(rng)]


# ---- the classes ----

class Class:
    """rows, sequence: what is run. pool: what the registers begin with; all but `numbers` also
    set SCTLR.A. mode: of the CPSR. banked: look at all modes' registers. copy: run each case as
    a copy, at a place where others ran before it; 64 bytes at most."""

    def __init__(self, rows, sequence=straight, pool="numbers", mode="usr", banked=False,
                 thumb=False, copy=False):
        self.rows, self.sequence, self.pool = rows, sequence, pool
        self.mode, self.banked, self.thumb = MODES[mode], banked, thumb
        self.align, self.copy = pool != "numbers", copy


ARITHMETIC = DP_IMM + DP_SHIFT + DP_SHIFT_REG + MULTIPLY + DSP + CLZ
MEMORY = LOAD_STORE + LOAD_STORE_REG + HALFWORD + SWAP + BLOCK
CLASSES = {
    "dp-imm": Class(DP_IMM),
    "dp-shift": Class(DP_SHIFT),
    "dp-shift-reg": Class(DP_SHIFT_REG),
    "multiply": Class(MULTIPLY),
    "dsp": Class(DSP),
    "clz": Class(CLZ),
    "accumulator": Class(ACCUMULATOR, accumulate),
    "load-store": Class(LOAD_STORE, pool="addresses"),
    "load-store-reg": Class(LOAD_STORE_REG, pool="addresses"),
    "halfword": Class(HALFWORD, pool="addresses"),
    "doubleword": Class(DOUBLEWORD, pool="doublewords"),
    "swap": Class(SWAP, pool="addresses"),
    "block": Class(BLOCK, pool="addresses"),
    "mixed": Class(ARITHMETIC + MEMORY, pool="addresses"),
    "copied": Class(ARITHMETIC + MEMORY, pool="addresses", copy=True),
    "status": Class(STATUS),
    "status-reg": Class(STATUS_REG, msr_reg),
    "branch": Class([], branches(arm_branch, 4), pool="addresses"),
    "modes": Class([], modes, mode="sys", banked=True),
    "undefined": Class(UNDEFINED, single),
    "thumb-alu": Class(T_ALU, thumb=True),
    "thumb-high": Class(T_HIGH, thumb=True),
    "thumb-memory": Class(T_MEMORY, pool="addresses", thumb=True),
    "thumb-mixed": Class(T_ALU + T_HIGH + T_MEMORY, pool="addresses", thumb=True),
    "self-modifying": Class([], self_modifying, mode="sys"),
    "thumb-copied": Class(T_ALU + T_HIGH + T_MEMORY, pool="addresses", thumb=True, copy=True),
    "thumb-branch": Class([], branches(thumb_branch, 2), pool="addresses", thumb=True),
    "thumb-undefined": Class(T_UNDEFINED, single, thumb=True),
}
