#!/usr/bin/env python3
"""walk.py PORT COMMANDS SEED FIRST LAST ADDRESS...

A random walk through the history of a guest, over gdb's protocol: steps, runs and seeks, both ways,
with random breakpoints and a watchpoint. Wherever it comes, it takes a digest of registers and memory
(virtual FIRST to LAST, as far as it is mapped). Then it goes through the same instants once more, from the
start and forwards only, and compares. ADDRESS: where breakpoints may be; the first one is watched
(four bytes of data), the others are code. Prints each instant and its digest, for comparison with
another run; exits with 1 if there was a difference."""
import hashlib, random, re, socket, sys


FAR = 3000000  # instructions


class Stub:
    def __init__(self, port):
        self.sock = socket.create_connection(("127.0.0.1", port))
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.received = b""
        self.ask("QStartNoAckMode")

    def ask(self, packet):
        data = packet.encode()
        self.sock.sendall(b"$%s#%02x" % (data, sum(data) & 255))
        while self.received[-3:-2] != b"#":
            more = self.sock.recv(65536)
            assert more, "the stub broke off"
            self.received += more
        answer = self.received[self.received.index(b"$") + 1 : -3]
        self.received = b""
        return answer.decode("latin1")

    def monitor(self, command):
        return bytes.fromhex(self.ask("qRcmd," + command.encode().hex())).decode()

    def when(self):
        return int(re.search(r"instruction (\d+)", self.monitor("when")).group(1))

    def seek(self, n):
        self.monitor("seek %d" % n)
        assert self.when() == n, (n, self.when())

    def digest(self, first, last):
        h = hashlib.md5(self.ask("g").encode())
        for at in range(first, last, 0x4000):
            h.update(self.ask("m%x,%x" % (at, min(0x4000, last - at))).encode())
        return h.hexdigest()


def walk(stub, commands, first, last, watched, code):
    """Yields the instants it comes to, and their digests."""
    inserted, furthest, stop = [], 0, ""
    for _ in range(commands):
        what = random.choice(["s", "s", "bs", "bs", "bs", "c", "bc", "bc", "seek", "break", "far"])
        if "begin" in stop or ("end" in stop and what in "sc"):
            what = "seek"       # not to stay there; and past the end gdb's session is over
        if what == "break":
            if inserted:
                stub.ask("z" + inserted.pop())
            kind = "2,%x,4" % watched if random.random() < 0.3 else "0,%x,4" % random.choice(code)
            if stub.ask("Z" + kind) == "OK":
                inserted.append(kind)
            continue
        if what == "seek":
            stop = ""
            stub.seek(random.randint(0, furthest))
        elif what == "far":
            stub.monitor("seek %d" % (furthest + random.randint(1, FAR))) # maybe beyond the end
        else:
            stop = stub.ask(what)
        at = stub.when()
        furthest = max(furthest, at)
        yield at, stub.digest(first, last)


def main():
    port, commands, seed, first, last, watched, *code = [int(a, 0) for a in sys.argv[1:]]
    random.seed(seed)
    stub, seen, bad = Stub(port), {}, 0
    for at, digest in walk(stub, commands, first, last, watched, code):
        if seen.setdefault(at, digest) != digest:
            print("instant %d: two digests in one walk" % at)
            bad += 1
    stub.monitor("restart 0")
    for at in sorted(seen):
        stub.seek(at)
        if stub.digest(first, last) != seen[at]:
            print("instant %d: not what it is when run forward" % at)
            bad += 1
        else:
            print(at, seen[at])
    stub.ask("D")
    sys.exit(bad != 0)


if __name__ == "__main__":
    main()
