"""gdb-catch.py RR TRACE

Catches all syscalls of the last part of a recording: forwards each must stop twice, as the list of events has it; then
backwards, and hither and thither, the same stops with the same registers. One breakpoint stands where a
syscall is made, and gets a stop of its own.
"""
import random, subprocess, sys
from gdbclient import Replay

rr, trace = sys.argv[1:3]
random.seed(1)


def listed(command):
    text = subprocess.run([rr, command, trace], capture_output=True, text=True, check=True).stdout
    return [line.split() for line in text.splitlines() if not line.startswith(" ")]


def calls():
    """What stops there must be, from the list of events: E where a syscall is made, R where it is over."""
    kinds = {"syscall": "ER", "enter": "E", "leave": "R", "exec": "R"}
    others = [row[0] for row in listed("ps")[2:]]  # children
    return "".join(kinds.get(row[2], "") for row in listed("dump")[1:] if row[1] not in others)


def stop(replay, packet):
    """The stop this leads to, and its registers."""
    return replay.ask(packet), replay.ask("g")


replay = Replay(rr, trace)
replay.ask("c")
start = max(replay.event() - 100, 0)
replay.monitor("seek %d" % start)
assert replay.ask("QCatchSyscalls:1") == "OK"
stops = [stop(replay, "c")]
while "replaylog" not in stops[-1][0]:
    stops.append(stop(replay, "c"))
kinds = "".join("E" if "entry" in s else "R" for s, _ in stops[:-1])
assert kinds and calls().endswith(kinds), (kinds, calls())

at = len(stops) - 1
for n in range(400):
    forward = n >= at - 1 and random.random() < 0.5
    if not 0 <= at + (1 if forward else -1) < len(stops) - 1:
        continue
    at += 1 if forward else -1
    got = stop(replay, "c" if forward else "bc")
    assert got == stops[at], (n, forward, at, got, stops[at - 1 : at + 2])

replay.monitor("seek %d" % start)
assert replay.ask("QCatchSyscalls:1;1;e7") == "OK"  # write and exit_group
some = [s for s in stops[:-1] if any("_%s:%s;" % k in s[0] for k in (("entry", "1"), ("return", "1"), ("entry", "e7")))]
assert [stop(replay, "c") for _ in some] == some
assert [stop(replay, "bc") for _ in some[1:]] == some[-2::-1]

entry = some[0]
site = int.from_bytes(bytes.fromhex(entry[1][256:272]), "little")
assert replay.ask("Z0,%x,1" % site) == "OK"
replay.monitor("seek %d" % start)
assert stop(replay, "c")[1] == stop(replay, "c")[1] == entry[1], "a breakpoint and a syscall at one instant"
assert stop(replay, "c") == some[1]
assert replay.ask("z0,%x,1" % site) == replay.ask("QCatchSyscalls:0") == "OK"
assert "replaylog:end" in replay.ask("c")
replay.leave()
print(len(stops), "stops")
