# `make boot` on a terminal: a prompt, a command, Ctrl-C reaches the guest, Ctrl-A x ends the emulator.
. "$top/tests/lib.sh"
. "$top/tests/linux/lib.sh"
need python3
timeout 120 python3 - "$top" << 'END' || fail "see above"
import os, pty, sys

pid, terminal = pty.fork()
if pid == 0:
    os.execvp("make", ["make", "-s", "-C", sys.argv[1], "boot"])
seen = b""

def want(what):
    global seen
    while what not in seen:
        try:
            seen += os.read(terminal, 4096)
        except OSError:
            sys.exit(f"ended before {what}: {seen[-300:]}")
    seen = seen[seen.index(what) + len(what):]

want(b"# ")
os.write(terminal, b"echo $((6 * 7))\r")
want(b"\n42\r")
want(b"# ")
os.write(terminal, b"sh -c 'echo started; sleep 1000'\r")
want(b"\nstarted\r")
os.write(terminal, b"\x03")
want(b"# ")
os.write(terminal, b"echo still $((40 + 3))\r")
want(b"still 43")
want(b"# ")
os.write(terminal, b"\x01x")
try:
    while os.read(terminal, 4096):
        pass
except OSError:
    pass  # how a terminal says that nobody is left at its other end
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
END
