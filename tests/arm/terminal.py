"""terminal.py RR IMAGE - `rr arm` on a terminal: raw while it runs, as it was when it ends, however it
ends; Ctrl-A x leaves, Ctrl-A Ctrl-A is one Ctrl-A, and Ctrl-C belongs to the guest. IMAGE is echo.c."""
import os
import pty
import signal
import sys
import termios


class Run:
    """An emulator on a new pseudo-terminal, started when it says so."""

    def __init__(self):
        self.master, slave = pty.openpty()
        self.slave = slave
        self.before = termios.tcgetattr(slave)
        self.seen = b""
        self.pid = os.fork()
        if self.pid == 0:
            os.setsid()
            for fd in 0, 1, 2:
                os.dup2(slave, fd)
            os.execv(sys.argv[1], [sys.argv[1], "arm", "-kernel", sys.argv[2]])
        self.until(b"echo")

    def until(self, text):
        """Reads what the guest prints, up to `text`."""
        while text not in self.seen:
            self.seen += os.read(self.master, 1000)
        self.seen = self.seen.split(text, 1)[1]

    def type(self, keys):
        os.write(self.master, keys)

    def ends(self, name, status):
        """Waits for the end: with this wait status, and the terminal as it was."""
        got = os.waitpid(self.pid, 0)[1]
        assert got == status, f"{name}: wait status {got:#x}, not {status:#x}"
        assert termios.tcgetattr(self.slave) == self.before, f"{name}: the terminal is not restored"
        os.close(self.slave)
        os.close(self.master)


signal.alarm(60)
r = Run()
assert not termios.tcgetattr(r.slave)[3] & (termios.ICANON | termios.ECHO | termios.ISIG), "not raw"
r.type(b"a\r\x03\x01\x01\x01z")     # Ctrl-C, one Ctrl-A, and a command there is not
r.until(b"<a><\r><\x03><\x01>")
r.type(b"q")
r.until(b"<q>")
r.ends("switched off", 0)

r = Run()
r.type(b"b\x01")
r.until(b"<b>")
r.type(b"x")
r.ends("Ctrl-A x", 0)

for signo in signal.SIGTERM, signal.SIGINT, signal.SIGHUP:
    r = Run()
    os.kill(r.pid, signo)
    r.ends(signo.name, signo)
