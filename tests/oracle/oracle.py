#!/usr/bin/env python3
"""oracle.py - the CPU against one that others wrote.

    oracle.py [--seed N] [--amount N] [--rr FILE] [--options "-x NAME"] [--list] [CLASS...]

Beside the classes of instructions there are three programs in C: `mmu` prints what all kinds of
pages and faults do, and is compared as text, as is `pages`, where pages move at random; `manual`
is for what QEMU has wrong, and checks itself.

Makes random cases of each class of instructions (classes.py), runs them on `rr arm` and on
`qemu-system-arm` (harness.S), compares the checksums batch by batch, and on a difference runs the
batch again verbosely, finds the first case that differs, and prints all about it: seed,
disassembly, what the registers held before, and where the two disagree. Exit status: 0 none
differs, 1 one does.

The same seed makes the same cases, on any machine. Start reading at main."""

import argparse
import os
import random
import selectors
import subprocess
import sys
import tempfile
import time
from array import array

sys.dont_write_bytecode = True      # nothing is left in the source tree
import classes

BASE = 0xa1000000       # where the image runs, as in harness.S
CODE = 0x2000           # the cases' code, from there
HEADER = 0x20           # harness.S's header, from the start of the image
BATCH = 64              # cases a checksum
PATIENCE = 20           # seconds without a line before an emulator counts as hung
HERE = os.path.dirname(os.path.abspath(__file__))

REGISTERS = [f"r{i}" for i in range(13)] + ["sp", "lr"]
STATE = REGISTERS + ["exception's lr", "spsr", "vector", "FSR", "FAR"]
BANKED = ([f"r{i}_fiq" for i in range(8, 15)] + ["spsr_fiq"] +
          [f"{r}_{mode}" for mode in ("irq", "abt", "und", "svc") for r in ("r13", "r14", "spsr")])
VECTORS = ["reset", "undefined", "SWI", "prefetch abort", "data abort", "", "IRQ", "FIQ"]


# ---- making an image ----

# Registers begin with numbers at the edges of everything as often as with random ones; where they
# are addresses, mostly with multiples of eight, of which LDRD must have one.
EDGES = [0, 1, 2, 3, 4, 7, 8, 15, 16, 24, 31, 32, 33, 34, 63, 64, 127, 128, 255, 256, 257, 0x1ff,
         0x7fff, 0x8000, 0x8001, 0xffff, 0x10000, 0x3fffffff, 0x40000000, 0x7fffffff, 0x80000000,
         0x80000001, 0xc0000000, 0xfffffffe, 0xffffffff, 0xffff8000, 0xffff7fff, 0x80008000,
         0x7fff7fff, 0x7fff8000, 0x80007fff, 0xaaaaaaaa, 0x55555555]


def number(rng):
    x = rng.random()
    if x < 0.4:
        return rng.choice(EDGES)
    if x < 0.5:
        return (1 << rng.randrange(32)) - rng.getrandbits(1) & 0xffffffff
    if x < 0.6:
        return rng.getrandbits(32) >> rng.randrange(32)
    return rng.getrandbits(32)


def address(rng):
    x = rng.random()
    if x < 0.05:
        return rng.getrandbits(32)
    if x < 0.10:
        return rng.choice([4, 8, 12, 16, 64, 256, 0xfffffff8, 0xfffffffc])
    if x < 0.15:
        return rng.getrandbits(32) & ~3
    return rng.getrandbits(32) & ~7


def doubleword(rng):
    """Away from this program's own 16M: not all that could be loaded there is a multiple of
    eight."""
    x = rng.getrandbits(32) & ~7
    return x ^ 0x80000000 if x >> 24 == BASE >> 24 else x


def meets_image(body, registers):
    """Whether a doubleword's address, a register plus or less another, is in those 16M."""
    for word in body:
        base, offset = word >> 16 & 15, word & 15
        if not word & 1 << 22 and base < 15 and offset < 15:
            for x in (registers[base] + registers[offset], registers[base] - registers[offset]):
                if x >> 24 & 0xff == BASE >> 24:
                    return True
    return False


POOLS = {"numbers": number, "addresses": address, "doublewords": doubleword}


class Image:
    """A class's cases as a raw kernel. `cases` is a list of (address, instruction bytes,
    registers, cpsr)."""

    def __init__(self, name, seed, amount, harness):
        cls = classes.CLASSES[name]
        rng = random.Random(f"{name} {seed}")
        self.cls, self.cases, self.instructions = cls, [], 0
        self.pool = [POOLS[cls.pool](rng) for _ in range(4096)]
        code = bytearray()
        while self.instructions < amount:
            here = BASE + CODE + len(code)
            body = cls.sequence(rng, here, cls.rows)
            self.instructions += len(body)
            if cls.thumb:       # SWI ends the case, at a multiple of four
                text = array("H", body + [0xdf00] * (2 - len(body) % 2)).tobytes()
            else:
                text = array("I", body + [0xef000000]).tobytes()
            cpsr = rng.getrandbits(5) << 27 | 0xc0 | cls.mode | (0x20 if cls.thumb else 0)
            registers = rng.choices(self.pool, k=15)
            while cls.pool == "doublewords" and meets_image(body, registers):
                registers = rng.choices(self.pool, k=15)
            self.cases.append((here, text, registers, cpsr))
            code += text
        records = array("I")
        for here, _, registers, cpsr in self.cases:
            records.extend([cpsr, here, *registers])
        self.harness = harness
        self.body = bytes(code) + records.tobytes() + array("I", self.pool[:1024]).tobytes()
        self.records = BASE + CODE + len(code)
        self.memory = self.records + len(records) * 4

    def write(self, path, first=0, end=0):
        """The image, with the cases from `first` up to `end` verbose."""
        header = array("I", [CODE + len(self.body), len(self.cases), self.records, BATCH, first,
                             end, 2 if self.cls.align else 0, int(self.cls.banked), self.memory,
                             int(self.cls.copy)])
        image = bytearray(self.harness.ljust(CODE, b"\0") + self.body)
        image[HEADER:HEADER + len(header) * 4] = header.tobytes()
        with open(path, "wb") as f:
            f.write(image)


def compile_image(work, *sources):
    """A raw image of these sources (and options), linked to where it will run; its path."""
    out = f"{work}/{sources[-1]}"
    subprocess.run(["arm-none-eabi-gcc", "-mcpu=xscale", "-O1", "-Wall", "-Wextra",
                    "-ffreestanding", "-nostdlib", f"-Wl,-Ttext={BASE:#x}", "-o", f"{out}.elf",
                    *(s if s[0] == "-" else os.path.join(HERE, s) for s in sources), "-lgcc"],
                   check=True)
    subprocess.run(["arm-none-eabi-objcopy", "-O", "binary", f"{out}.elf", f"{out}.bin"],
                   check=True)
    return f"{out}.bin"


# ---- running both ----

def run_both(commands):
    """Starts the emulators side by side, returns the lines each printed before its 'E' (the end),
    its exit, or PATIENCE without a line. Both are gone when this returns."""
    lines, rest, running = [[] for _ in commands], [b""] * len(commands), {}
    selector = selectors.DefaultSelector()
    for i, command in enumerate(commands):
        p = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE)
        selector.register(p.stdout, selectors.EVENT_READ, i)
        running[i] = (p, time.monotonic())
    while running:
        for key, _ in selector.select(timeout=1):
            i = key.data
            data = os.read(key.fd, 65536)
            *done, rest[i] = (rest[i] + data).split(b"\n")
            lines[i] += [line.strip().decode("ascii", "replace") for line in done]
            if done:
                running[i] = (running[i][0], time.monotonic())
            if not data or lines[i][-1:] == ["E"]:
                selector.unregister(key.fileobj)
                stop(running.pop(i)[0])
        for i, (p, last) in list(running.items()):
            if time.monotonic() - last > PATIENCE:
                selector.unregister(p.stdout)
                stop(running.pop(i)[0])
    return lines


def stop(p):
    """Ends an emulator; what it said on stderr matters only if it ended by itself, badly."""
    if p.poll() is None:
        try:
            p.wait(timeout=0.05)
        except subprocess.TimeoutExpired:
            p.kill()
            p.wait()
    if p.returncode not in (0, -9):
        said = p.stderr.read().decode(errors="replace").strip()
        print(f"{p.args[0]}: status {p.returncode}: {said}")
    p.stdout.close()
    p.stderr.close()


def commands(args, image):
    return [[args.rr, "arm", *args.options.split(), "-kernel", image],
            ["qemu-system-arm", "-M", "spitz", "-kernel", image, "-display", "none",
             "-monitor", "none", "-serial", "stdio"]]


def first_difference(ours, theirs):
    """Index of the first line that differs, or is missing on one side; None if there is none."""
    for i in range(max(len(ours), len(theirs))):
        if i >= len(ours) or i >= len(theirs) or ours[i] != theirs[i]:
            return i
    return None


# ---- telling ----

def disassemble(case, thumb, work):
    here, text, _, _ = case
    with open(f"{work}/case.bin", "wb") as f:
        f.write(text)
    out = subprocess.run(["arm-none-eabi-objdump", "-D", "-b", "binary", "-marm",
                          "-Mforce-thumb" if thumb else "-Mno-force-thumb",
                          f"--adjust-vma={here:#x}", f"{work}/case.bin"],
                         capture_output=True, text=True).stdout
    return [line for line in out.splitlines() if line.startswith(("a1", "    a1"))][:40]


def report(image, number, ours, theirs, work):
    """The case that differs, in full. `ours` and `theirs` are its lines, or None where none
    came."""
    here, _, registers, cpsr = image.cases[number]
    print(f"case {number}, at {here:#x}, begun with cpsr {cpsr:08x} and")
    for i in range(0, 15, 4):
        print("    " + "  ".join(f"{REGISTERS[j]:3} {registers[j]:08x}"
                                 for j in range(i, min(i + 4, 15))))
    print("\n".join(disassemble(image.cases[number], image.cls.thumb, work)))
    if ours is None or theirs is None:
        print(f"{'rr' if ours is None else 'qemu'} never came back from it")
        return
    names = STATE + (BANKED if image.cls.banked else []) + ["memory"]
    print(f"{'':16}  {'rr':8}  qemu")
    for name, a, b in zip(names, ours.split()[2:], theirs.split()[2:]):
        if a != b:
            print(f"{name:16}  {a}  {b}",
                  *(VECTORS[int(v, 16) & 7] for v in (a, b) if name == "vector"))


def check_mmu(args, work):
    """Runs mmu.c on both; True if they print the same."""
    ours, theirs = run_both(commands(args, compile_image(work, "start.S", "mmu.c")))
    return same_text("mmu", args, ours, theirs)


def check_pages(args, work):
    """The same with pages.c, of which the first batch that differs is run again, step by step."""
    ours, theirs = run_both(commands(args, compile_image(work, "start.S", "pages.c")))
    at = first_difference(ours, theirs)
    if at is None:
        return same_text("pages", args, ours, theirs)
    return same_text("pages", args, *run_both(commands(
        args, compile_image(work, f"-DVERBOSE={at}", "start.S", "pages.c"))))


def same_text(name, args, ours, theirs):
    """Tells whether two outputs are the same, and if not, the first lines that differ."""
    differing = [i for i in range(max(len(ours), len(theirs))) if ours[i:i + 1] != theirs[i:i + 1]]
    if not differing and theirs[-1:] == ["E"]:
        print(f"{name:16} {len(ours):7} lines, none differs", flush=True)
        return True
    print(f"{name}: DIFFERS: {len(differing)} lines of {len(theirs)}, {len(ours)} came; first:")
    for i in differing[:args.show]:
        print("   rr: " + "".join(ours[i:i + 1]) + "\n qemu: " + "".join(theirs[i:i + 1]))
    return False


def check_manual(args, work):
    """Runs manual.c on rr; True if it finds nothing wrong."""
    (lines,) = run_both(commands(args, compile_image(work, "start.S", "manual.c"))[:1])
    right = lines == ["0000 wrong", "E"]
    print("manual           nothing wrong" if right else "\n    ".join(["manual: DIFFERS"] + lines),
          flush=True)
    return right


def check(name, args, harness, work):
    """Runs one class; True if nothing differs."""
    started = time.monotonic()
    image = Image(name, args.seed, args.amount, harness)
    made = time.monotonic()
    path = f"{work}/image"
    image.write(path)
    both = commands(args, path)
    ours, theirs = run_both(both)
    now = time.monotonic()
    at = first_difference(ours, theirs)
    if at is None and theirs[-1:] == ["E"]:
        print(f"{name:16} {image.instructions:7} instructions, {len(image.cases):6} cases, "
              f"none differs ({made - started:.1f} + {now - made:.1f} s)", flush=True)
        return True
    print(f"{name}: DIFFERS (seed {args.seed}, amount {args.amount})")
    first = (at or 0) * BATCH
    image.write(path, first, first + BATCH)
    ours, theirs = ([line for line in lines if line.startswith("C")] for lines in run_both(both))
    at = first_difference(ours, theirs)
    if at is None or first + at >= len(image.cases):
        print(f"but not again: the batch from case {first}")
    else:
        ours, theirs = (lines[at] if at < len(lines) else None for lines in (ours, theirs))
        report(image, first + at, ours, theirs, work)
    return False


def main():
    p = argparse.ArgumentParser(description="Compares the CPU with QEMU's.")
    p.add_argument("--seed", default="1")
    p.add_argument("--amount", type=int, default=100000, help="instructions of each class")
    p.add_argument("--rr", default=os.path.join(HERE, "..", "..", "rr"))
    p.add_argument("--options", default="", help="more of them for rr arm, in one string")
    p.add_argument("--show", type=int, default=10, help="lines of mmu's that differ")
    p.add_argument("--list", action="store_true", help="names the classes")
    p.add_argument("classes", nargs="*", metavar="CLASS")
    args = p.parse_args()
    names = args.classes or ["manual", "mmu", "pages", *classes.CLASSES]
    if args.list:
        print("\n".join(names))
        return 0
    programs = {"mmu": check_mmu, "pages": check_pages, "manual": check_manual}
    with tempfile.TemporaryDirectory() as work:
        with open(compile_image(work, "harness.S"), "rb") as f:
            harness = f.read()
        results = [programs[name](args, work) if name in programs
                   else check(name, args, harness, work) for name in names]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
