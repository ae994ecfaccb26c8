"""gdb-anywhere.py RR TRACE N START [CONDITION]

Ctrl-C in a loop without syscalls, again and again, also in parts of it already passed. Each stop must be an instant
to which all commands lead back. With STOPS in the environment, so many, at random (SEED). N is the address of a variable; with CONDITION the loop counts it. START is the event
after which the loop begins.
"""
import os, random, struct, sys
from gdbclient import Replay

replay = Replay(*sys.argv[1:3])
replay.sock.settimeout(240)  # a busy machine: timers find instants less well
n_at, start = int(sys.argv[3], 0), sys.argv[4]
random.seed(int(os.environ.get("SEED", "1")))
stops = int(os.environ.get("STOPS", "0"))


def n():
    return struct.unpack("<q", bytes.fromhex(replay.ask("m%x,8" % n_at)))[0]


def state():
    return replay.state(n_at & ~15, (n_at & ~15) + 32)


def stop(delay):
    """Runs into the loop and stops there after about so many seconds."""
    while True:
        replay.monitor("seek " + start)
        if replay.interrupt("c", delay).startswith("T02"):
            return
        replay.ask("bs")  # this one may get the Ctrl-C, if it came too late
        delay /= 4


def to(packet):
    answer = replay.ask(packet)
    assert answer.startswith("T05"), (packet, answer)
    return state()


def check():
    """Steps lead away from here and back again. Addresses they led to, of instructions of five bytes or more."""
    when, here = replay.monitor("when"), state()
    before = [to("bs") for _ in range(3)]
    assert [to("s") for _ in range(3)] == [before[1], before[0], here], when
    after = [to("s") for _ in range(3)]
    assert [to("bs") for _ in range(3)] == [after[1], after[0], here], when
    assert len({here, *before, *after}) == 7, when
    assert replay.monitor("when") == when, (when, replay.monitor("when"))
    pcs = [s[0] for s in before[::-1] + [here] + after]
    return [pc for pc, then in zip(pcs, pcs[1:]) if 5 <= then - pc < 16]


def named_at():
    """The address of the instant by which this one is named."""
    steps = 0
    while "back" in replay.monitor("when"):
        to("s")
        steps += 1
    address = state()[0]
    for _ in range(steps):
        to("bs")
    return address


def check_condition(pc):
    """Back to where the loop had another count: n == value, as gdb has it."""
    here, value = replay.monitor("when"), n() * 3 // 4
    code = b"\x25" + struct.pack(">Q", n_at) + b"\x1a\x25" + struct.pack(">Q", value) + b"\x13\x27"
    assert replay.ask("Z0,%x,1;X%x,%s" % (pc, len(code), code.hex())) == "OK"
    assert to("bc")[0] == pc and n() == value, (here, value, n())
    conditions.append(pc)
    replay.ask("z0,%x,1" % pc)


places, conditions = {}, []
for delay in [random.random() * 0.2 for _ in range(stops)] or [0.05, 0.02, 0.08]:
    stop(delay)
    addresses = check()
    number = int(replay.monitor("checkpoint").split()[1])
    places[number] = (replay.monitor("when"), state())
    if stops and len(places) > 6:
        gone = random.choice(sorted(places))
        replay.monitor("delete checkpoint %d" % gone)
        del places[gone]
    for number in random.sample(sorted(places), min(stops, 2, len(places))):
        replay.monitor("restart %d" % number)
        assert state() == places[number][1], places[number]
    if sys.argv[5:] and (stops or not conditions):  # probes need five bytes for themselves, else each arrival is a stop
        named = named_at()
        for pc in [pc for pc in addresses if abs(pc - named) > 4][:1]:
            check_condition(pc)
for number in random.sample(sorted(places) * 2, 5):
    replay.monitor("restart %d" % number)
    assert state() == places[number][1], places[number]
    check()
assert conditions or not sys.argv[5:]
assert "replaylog:end" in replay.ask("c")
replay.leave()
