"""gdb-repeat.py RR TRACE ADDRESS - a breakpoint at the REP instruction at ADDRESS, run to and from by single packets of
gdb's protocol. (gdb itself leaves a breakpoint by a step, which is one round.) Prints rcx at each stop."""
import sys
from gdbclient import Replay

rr, trace, address = sys.argv[1:]
replay = Replay(rr, trace)
at = "Z0,%x,1" % int(address, 16)


def go(packet, times=1):
    for _ in range(times):
        answer = replay.ask(packet)
        rcx = int.from_bytes(bytes.fromhex(replay.ask("g")[2 * 16 : 3 * 16]), "little")
        print(packet, rcx if "replaylog" not in answer else "no more")


replay.ask(at)
go("c", 4)      # each of its three turns, and the end
go("bc", 4)
go("c")
go("s", 4)      # in the midst of the first...
go("c", 2)      # ... which is not come to again
go("bc")
go("s", 5)
go("bc", 2)     # where it was come to; and the turn before
replay.leave()
