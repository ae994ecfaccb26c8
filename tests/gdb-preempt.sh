# An instant at which one thread is stopped and another goes on is one place, whether it is run to or
# stepped on to, and one step back from it and one forth is no way at all.
. "$top/tests/lib.sh"
need /usr/bin/python3
build race
"$RR" record -o rec ./race > out || true # its status varies, too
"$RR" dump rec | awk '$3 == "preempt" { print $1 + 1 }' | tail -n 25 > events
[ -s events ] || fail "no thread was preempted"
/usr/bin/python3 - "$here" "$RR" rec $(cat events) <<'E2'
import sys
sys.path.insert(0, sys.argv[1])
from gdbclient import Replay
replay = Replay(sys.argv[2], sys.argv[3])
for event in map(int, sys.argv[4:]):
    replay.monitor("seek %d" % event)
    here = replay.state()
    assert "T05" in replay.ask("bs") and replay.state() != here, event
    assert "T05" in replay.ask("s") and replay.state() == here, event
    assert "event %d\n" % event in replay.monitor("when"), event
replay.leave()
E2
