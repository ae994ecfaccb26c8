"""gdbclient.py - a replay served on a socket, talked to as gdb would."""
import hashlib, re, socket, subprocess, time


class Replay:
    def __init__(self, rr, trace, *options):
        self.server = subprocess.Popen([rr, "replay", "-q", "-s", "0", *options, trace], stderr=subprocess.PIPE, text=True)
        port = int(re.search(r"127.0.0.1:(\d+)", self.server.stderr.readline()).group(1))
        self.sock = socket.create_connection(("127.0.0.1", port))
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.received = b""
        self.ask("QStartNoAckMode")
        self.ask("QPassSignals:" + ";".join("%x" % n for n in range(1, 150)))

    def ask(self, packet):
        data = packet.encode()
        self.sock.sendall(b"$%s#%02x" % (data, sum(data) & 255))
        return self.answer(packet)

    def interrupt(self, packet, delay):
        """Sends a packet, and a Ctrl-C so many seconds later; the answer."""
        data = packet.encode()
        self.sock.sendall(b"$%s#%02x" % (data, sum(data) & 255))
        time.sleep(delay)
        self.sock.sendall(b"\x03")
        return self.answer(packet)

    def answer(self, packet):
        while self.received[-3:-2] != b"#":
            more = self.sock.recv(65536)
            assert more, "the stub broke off at " + packet
            self.received += more
        answer = self.received[self.received.index(b"$") + 1 : -3]
        self.received = b""
        return answer.decode("latin1")

    def monitor(self, command):
        return bytes.fromhex(self.ask("qRcmd," + command.encode().hex())).decode()

    def event(self):
        text = self.monitor("when")
        return int(re.search(r"event (\d+)", text).group(1)) - text.startswith("before")

    def state(self, first=0, last=0):
        """pc, the thread, and digests of registers, stack and data (first to last)."""
        regs, thread = self.ask("g"), self.ask("qC")
        pc, sp = (int.from_bytes(bytes.fromhex(regs[n * 16 : n * 16 + 16]), "little") for n in (16, 7))
        parts = regs, self.ask("m%x,800" % sp), self.ask("m%x,%x" % (first, last - first))
        return (pc, thread) + tuple(hashlib.md5(part.encode()).hexdigest() for part in parts)

    def leave(self):
        self.ask("D")
        self.server.wait()
