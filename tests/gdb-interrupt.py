"""gdb-interrupt.py RR TRACE N LOOP OUT VISIT

Ctrl-C during everything that takes long, in a program that counts the variable at N without a syscall: LOOP is an
instruction of that loop, OUT the first one after it, VISIT what it calls every 2^16 times. Wherever it stops, commands must go on exactly.
"""
import struct, sys
from gdbclient import Replay

rr, trace = sys.argv[1:3]
n_at, loop, out, visit = (int(a, 0) for a in sys.argv[3:7])
replay = Replay(rr, trace)
replay.sock.settimeout(60)


def n():
    return struct.unpack("<q", bytes.fromhex(replay.ask("m%x,8" % n_at)))[0]


def state():
    return replay.state(n_at, n_at + 16)


def must_interrupt(packet, delay):
    """The same from where the loop begins, and it is before the end (to which it may get while we are kept waiting)."""
    for divisor in 1, 4, 16, 64:
        replay.monitor("restart %d" % start)
        answer = replay.interrupt(packet, delay / divisor)
        if "replaylog:end" not in answer:
            break
        replay.ask("bs"), replay.ask("bs")  # one of these gets the Ctrl-C, if it came too late
    assert answer.startswith("T02"), answer


def remember():
    return int(replay.monitor("checkpoint").split()[1])


def check(what):
    """All leads away from here and back again."""
    here, count = state(), n()
    replay.ask("s")
    after = state()
    assert "T05" in replay.ask("bs") and state() == here, what
    replay.ask("bs")
    assert state() != here, what
    replay.ask("s")
    assert state() == here and "T05" in replay.ask("s") and state() == after, what
    replay.ask("bs")
    number = remember()
    assert replay.ask("Z0,%x,1" % visit) == "OK"
    assert "T05" in replay.ask("bc") and replay.state()[0] == visit, what
    was = n()
    assert was == count & ~0xffff, what
    if here[0] != out:
        assert "T05" in replay.ask("c") and n() == was + 0x10000, what
    assert replay.ask("z0,%x,1" % visit) == "OK"
    replay.monitor("restart %d" % start)
    replay.monitor("restart %d" % number)
    assert state() == here, what
    replay.monitor("delete checkpoint %d" % number)
    print(what, "at", count)


def condition():
    """As gdb has it: "n == 0 - 5", which is never so."""
    code = b"\x25" + struct.pack(">Q", n_at) + b"\x1a\x22\x00\x22\x05\x03\x13\x27"
    return ";X%x,%s" % (len(code), code.hex())


replay.ask("Z0,%x,1" % loop)
replay.ask("c")
replay.ask("z0,%x,1" % loop)
start = remember()

must_interrupt("vCont;c", 0.02)
middle = n()
assert middle > 0
check("continue")

replay.monitor("restart %d" % start)
assert replay.ask("Z0,%x,1%s" % (loop, condition())) == "OK"
must_interrupt("vCont;c", 0.02)
replay.ask("z0,%x,1" % loop)
check("continue to a condition")

# While gdb steps a range it sends a packet for each instruction, and the Ctrl-C may come between two.
assert "T05" in replay.ask("vCont;s")
here = state()
replay.sock.sendall(b"\x03")
assert "T02" in replay.ask("vCont;s") and state() == here
assert "T05" in replay.ask("vCont;s") and state() != here
replay.sock.sendall(b"\x03")
here = state()
assert "T02" in replay.ask("bs") and state() == here
check("a range of steps")

# finish: to where it returns to
replay.monitor("restart %d" % start)
assert replay.ask("Z0,%x,1" % out) == "OK"
must_interrupt("vCont;c", 0.02)
check("finish")
assert replay.ask("c").startswith("T05")
replay.ask("z0,%x,1" % out)
end = state()

for delay in 0, 0.1, 0.3:
    assert replay.interrupt("bs", delay)[:3] in ("T02", "T05")
    if state() != end:
        assert replay.ask("s")[:3] in ("T02", "T05")  # that Ctrl-C may have come too late for the command before
    if state() != end:
        replay.ask("s")
    assert state() == end
for z in "", "Z0,%x,1%s" % (loop, condition()):
    for delay in 0, 0.01, 0.1:
        if z:
            assert replay.ask(z) == "OK"
        if replay.interrupt("bc", delay).startswith("T02"):
            assert state() == end
        replay.ask("z0,%x,1" % loop)
        replay.ask("Z0,%x,1" % out)
        while state() != end:
            assert replay.ask("c")[:3] in ("T02", "T05")
        replay.ask("z0,%x,1" % out)
check("reverse-continue and reverse-step")
replay.leave()
