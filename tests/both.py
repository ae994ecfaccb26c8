#!/usr/bin/env python3
"""both.py PORT GUEST_PORT SET_TIMER TICKS: two gdbs on one replay, the emulator's and its guest's.

Says, for six stops at the guest's set_timer, what the guest's gdb sees of `ticks`; then the same going
back, from where the emulator's gdb must find itself at the same positions."""
import sys

sys.dont_write_bytecode = True
from walk import Stub

port, guest_port, set_timer, ticks = [int(a, 0) for a in sys.argv[1:]]
emulator, guest = Stub(port), Stub(guest_port)


def registers():
    """r0 to pc."""
    g = guest.ask("g")
    return [int.from_bytes(bytes.fromhex(g[8 * n : 8 * n + 8]), "little") for n in range(16)]


def go(how):
    """As gdb does: inserts, runs, removes."""
    assert guest.ask("Z0,%x,4" % set_timer) == "OK"
    stop = guest.ask(how)
    guest.ask("z0,%x,4" % set_timer)
    assert stop.startswith("T05"), stop
    assert "replaylog" in stop or registers()[15] == set_timer, hex(registers()[15])
    return emulator.monitor("when").strip(), guest.ask("m%x,4" % ticks), registers()


forwards = [go("c") for _ in range(6)]
print("ticks", *[seen[1] for seen in forwards])
for expected in reversed(forwards[:-1]):
    seen = go("bc")
    assert seen == expected, (seen, expected)
print("the same backwards")
guest.ask("s")
print("step", registers()[15] - set_timer)
code = guest.ask("m%x,10" % set_timer)
print("code", code)
