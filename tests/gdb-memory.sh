#!/usr/bin/env bash
# Checkpoints stay within the memory they may take, by what the kernel says, and going back stays exact.
. "$(dirname "$0")/lib.sh"
build pages
"$RR" record -o rec ./pages > /dev/null
cat > go.py << 'EOF'
import glob, re, sys
sys.path.insert(0, sys.argv[1])
from gdbclient import Replay

def share(server):
    """What the replay's tasks take, in MB."""
    total = 0
    for status in glob.glob("/proc/[0-9]*/status"):
        try:
            if "\nPPid:\t%d\n" % server in open(status).read():
                total += int(re.search(r"\nPss: *(\d+)", open(status.replace("status", "smaps_rollup")).read()).group(1))
        except OSError:
            pass
    return total / 1024

for limit in 80, 150:
    replay = Replay(sys.argv[2], "rec", "--checkpoint-mem", "%dM" % limit)
    assert "replaylog:end" in replay.ask("c")
    for go in "bs", "bs", "restart 0", "seek 60", "seek 90":
        takes, words = share(replay.server.pid), replay.monitor("info memory")
        print(limit, int(takes), words.strip())
        count, says = re.match(r"(\d+) checkpoints take ([\d.]+) MB", words).groups()
        assert float(says) <= limit + 40 and takes <= limit + 80 and int(count) >= 2, words
        replay.ask(go) if go == "bs" else replay.monitor(go)
    replay.leave()
EOF
timeout -s KILL 100 /usr/bin/python3 go.py "$here" "$RR"
for size in 0 -1 1x G 5MB; do status 2 "$RR" replay --checkpoint-mem $size rec; done
status 2 "$RR" arm -gdb tcp::0 -checkpoint-mem none
