"""gdb-walk.py RR TRACE FIRST LAST COMMANDS SEED [BELOW]

A random walk through the history of a recorded process, over gdb's protocol: steps and runs, both ways,
with random breakpoints and a watchpoint; seeks, checkpoints, restarts. First one replay steps through a
window of history, forwards only, and notes at each instant the registers and a digest of memory
(FIRST to LAST, and the top of the stack). Then another one walks in that window. From the notes it is
known where each command must lead, and what must be seen there. Exits with 1 at the first difference.
"""
import random, sys
from gdbclient import Replay as Client

WINDOW = 3000  # instants


class Replay(Client):
    def state(self):
        return super().state(first, last)


def take_notes(replay, start):
    """The states of the window, and at which of them an event was over."""
    replay.monitor("seek %d" % start)
    notes, boundaries, event = [replay.state()], {start: 0}, start
    while len(notes) < WINDOW and "replaylog" not in replay.ask("s"):
        notes.append(replay.state())
        if replay.event() != event:
            event = replay.event()
            boundaries.setdefault(event, len(notes) - 1)
    return notes, boundaries


class Walk:
    def __init__(self, replay, notes, boundaries):
        self.replay, self.notes, self.boundaries = replay, notes, boundaries
        self.at, self.breaks, self.checkpoints, self.log = 0, {}, {}, []

    def stays(self, i):
        """Is the thread where it was, at the next instant?"""
        return i + 1 < len(self.notes) and self.notes[i][:2] == self.notes[i + 1][:2]

    def waits(self, i):
        """Is its syscall not over yet? Then it has come nowhere: the next event, which ends it, leads there."""
        return self.stays(i) and {i, i + 1} <= set(self.boundaries.values())

    def arrived(self, i):
        """Is there a breakpoint at this instant, come to just now? (Not so half-way through a REP, or before a signal.)"""
        if self.notes[i][0] not in self.breaks or self.waits(i):
            return False
        return not (i and self.stays(i - 1) and not self.waits(i - 1))

    def check(self, command, to):
        self.log.append("%s: %d to %d (%s)" % (command, self.at, to, self.replay.monitor("when").strip()))
        if self.replay.state() != self.notes[to]:
            print("\n".join(self.log[-20:]))
            print("should be", self.notes[to - 2 : to + 3], "is", self.replay.state())
            found = [i for i, n in enumerate(self.notes) if n == self.replay.state()]
            sys.exit("%s is not where it should lead to, but to %s of %d" % (command, found or "a state never seen", len(self.notes)))
        self.at = to

    def step(self, packet, by):
        if 0 <= self.at + by < len(self.notes):
            self.replay.ask(packet)
            self.check(packet, self.at + by)

    def run(self, packet, span):
        to = next((i for i in span if self.arrived(i)), None)
        if to is not None:
            self.replay.ask(packet)
            self.check(packet, to)

    def change_breaks(self):
        if self.breaks and random.random() < 0.5:
            pc = random.choice(list(self.breaks))
            del self.breaks[pc]
            self.replay.ask("z0,%x,1" % pc)
        else:
            pc = random.choice([note[0] for note in self.notes if note[0] < below] or [self.notes[0][0]])
            self.breaks[pc] = True
            assert self.replay.ask("Z0,%x,1" % pc) == "OK"

    def one(self):
        what = random.choice(["s", "bs", "bs", "many", "c", "c", "bc", "bc", "break", "break", "seek", "checkpoint", "restart"])
        if what == "s":
            self.step("s", 1)
        elif what == "bs":
            self.step("bs", -1)
        elif what == "many":
            packet, by = random.choice([("s", 1), ("bs", -1)])
            for _ in range(random.randint(2, 30)):
                self.step(packet, by)
        elif what == "c":
            self.run("c", range(self.at + 1, len(self.notes)))
        elif what == "bc":
            self.run("bc", range(self.at - 1, -1, -1))
        elif what == "break":
            self.change_breaks()
        elif what == "seek":
            event = random.choice(list(self.boundaries))
            self.replay.monitor("seek %d" % event)
            self.check("seek %d" % event, self.boundaries[event])
        elif what == "checkpoint" and len(self.checkpoints) < 8:
            self.checkpoints[int(self.replay.monitor("checkpoint").split()[1])] = self.at
        elif what == "restart" and self.checkpoints:
            number = random.choice(list(self.checkpoints))
            self.replay.monitor("restart %d" % number)
            self.check("restart %d" % number, self.checkpoints[number])


rr, trace, first, last, commands, seed = sys.argv[1], sys.argv[2], *(int(a, 0) for a in sys.argv[3:7])
below = int(sys.argv[7], 0) if sys.argv[7:] else 1 << 64  # where breakpoints may be
random.seed(seed)
replay = Replay(rr, trace)
replay.ask("c")
total = replay.event()
start = random.randint(total // 4, total * 3 // 4)
replay.monitor("restart 0")
notes, boundaries = take_notes(replay, start)
replay.leave()
replay = Replay(rr, trace)
replay.monitor("seek %d" % start)
walk = Walk(replay, notes, boundaries)
for n in range(commands):
    walk.one()
replay.leave()
print("%d commands, %d instants, events %d to %d of %d" % (commands, len(notes), start, max(boundaries), total))
