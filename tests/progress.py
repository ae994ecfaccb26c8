"""progress.py COMMAND... - runs it on a new pseudo-terminal and prints all that came out there,
its control characters shown as \\r and \\e."""
import os
import pty
import sys

master, slave = pty.openpty()
pid = os.fork()
if pid == 0:
    os.setsid()
    for fd in 0, 1, 2:
        os.dup2(slave, fd)
    os.close(master)
    os.execvp(sys.argv[1], sys.argv[1:])
os.close(slave)
seen = b""
try:
    while chunk := os.read(master, 4096):
        seen += chunk
except OSError:     # the last of its writers is gone
    pass
print(seen.decode().replace("\r\n", "\n").replace("\r", "\\r").replace("\x1b", "\\e"))
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
