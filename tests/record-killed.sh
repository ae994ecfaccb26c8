# The recorder ended from outside, at any moment: no process stays behind, and what was recorded replays to
# its last event and says so. A full disk, a closed terminal and a closed output change nothing for the program.
. "$top/tests/lib.sh"
need python3; need perl
cat > lines.sh <<'S'
(i=0; while :; do i=$((i + 1)); echo "child $i"; done) &
perl -e '$| = 1; for (;;) { print "perl ", ++$i, "\n"; -e "/none$i"; }'
S

# kill_after LINES: records lines.sh into t$LINES, kills the recorder as soon as so many lines have come out, reads
# on until every process that has the output open is gone, and replays
kill_after() {
    mkfifo "fifo$1"
    "$RR" record -o "t$1" bash lines.sh > "fifo$1" 2> err &
    local pid=$! got=0
    exec 3< "fifo$1"
    : > "out$1"
    while [ "$got" -lt "$1" ] && read -r line <&3; do echo "$line" >> "out$1"; got=$((got + 1)); done
    kill -KILL "$pid"
    timeout 20 cat <&3 >> "out$1" || fail "a process is left after the recorder was killed"
    exec 3<&-
    wait "$pid" 2> /dev/null || true
    status 70 timeout 20 "$RR" replay -a "t$1" > rep.out 2> rep.err
    grep -q 'was cut off: it replays up to event' rep.err || fail "it says: $(cat rep.err)"
    # what was written but not yet noted is at most one line a process, and replay may not invent any
    local have=$(wc -l < "out$1") replayed=$(wc -l < rep.out)
    head -n "$replayed" "out$1" > some
    same some rep.out
    [ "$((have - replayed))" -le 2 ] || fail "$have lines came out, $replayed are replayed"
}
for n in 1 2 50 300; do kill_after "$n"; done

# SIGTERM, SIGHUP and Ctrl-C end the program, by a signal or by what it makes of it, and the recording is whole
cat > traps.pl <<'S'
$| = 1;
$SIG{$_} = sub { print "got a signal\n"; exit 9 } for qw(TERM HUP INT);
print "ready\n";
sleep 1 while 1;
S
for signal in TERM HUP INT; do
    cat > send.py <<P
import os, signal, subprocess, sys
p = subprocess.Popen(["$RR", "record", "-o", "t$signal", "perl", "traps.pl"], stdout=subprocess.PIPE,
                     stdin=subprocess.DEVNULL, start_new_session=True)
out = p.stdout.readline()
if "$signal" == "INT": os.killpg(p.pid, signal.SIG$signal)  # as the terminal does
else: p.send_signal(signal.SIG$signal)
out += p.stdout.read()
sys.stdout.buffer.write(out)
sys.exit(p.wait())
P
    status 9 timeout 60 /usr/bin/python3 send.py > sig.out
    status 9 timeout 20 "$RR" replay -a "t$signal" > rep.out
    same sig.out rep.out
    grep -q 'got a signal' rep.out || fail "$signal: $(cat rep.out)"
done

# the terminal goes away: the program gets SIGHUP from the kernel and from the recorder, and dies of it
cat > hangup.py <<P
import os, pty, sys
pid, master = pty.fork()
if pid == 0: os.execvp("$RR", ["rr", "record", "-o", "tpty", "perl", "-e", '\$| = 1; print "ready \$\$\n"; sleep 100 while 1'])
out = b""
while b"\n" not in out: out += os.read(master, 100)
os.close(master)
os.waitpid(pid, 0)
child = int(out.split()[1])
try: os.kill(child, 0)
except ProcessLookupError: sys.exit(0)
sys.exit(1)
P
status 0 timeout 60 /usr/bin/python3 hangup.py
status 129 timeout 20 "$RR" replay -a tpty > rep.out
grep -q ready rep.out || fail "after the hangup: $(cat rep.out)"

# output that cannot be written: as without the recorder
status 141 sh -c '"$1" record -o tpipe sh -c "while :; do echo line; done" | head -n 3 > /dev/null; exit 141' sh "$RR"
status 141 timeout 20 "$RR" replay -a -q tpipe
closed='import os
try: os.write(1, b"x")
except OSError as e: os._exit(e.errno)'
status 9 "$RR" record -o tclosed /usr/bin/python3 -c "$closed" >&-
status 9 timeout 20 "$RR" replay -a tclosed > /dev/null
status 0 "$RR" record -o tsilent perl -e 'syscall(600) for 1 .. 3' 2>&- # the warning must not go into the trace
status 0 timeout 20 "$RR" replay -a tsilent

# the disk is full: the recording ends, the program does not
mkdir small
mount -t tmpfs -o size=40m tmpfs small 2> /dev/null || skip "all but the full disk: cannot mount a small one"
trap 'umount "$PWD/small"' EXIT
status 5 "$RR" record -o small/t perl -e '$| = 1; for (1 .. 60) { open(my $f, "<", "/dev/urandom"); read($f, $x, 1 << 20); print "line $_\n" } exit 5' > full.out 2> full.err
for i in $(seq 60); do echo "line $i"; done > want
same want full.out
grep -q 'the recording ends here, the program goes on' full.err || fail "it says: $(cat full.err)"
status 70 timeout 20 "$RR" replay -a small/t > rep.out 2> rep.err
grep -q 'was cut off: it replays up to event' rep.err || fail "it says: $(cat rep.err)"
head -n "$(wc -l < rep.out)" want > some
same some rep.out
[ -s rep.out ] || fail "nothing of it replays"
