#!/usr/bin/env bash
# Positions: when, checkpoint, restart, delete checkpoint, info checkpoints, seek, and replay -g, -e.
. "$(dirname "$0")/lib.sh"
need gdb
build divert -O0
"$RR" record -o rec ./divert > /dev/null
last=$("$RR" dump rec | grep -cE '^[0-9]') # events: the exec is behind at the start, the exit is the end
last=$((last - 1))

# session REPLAYOPTIONS -- GDBCOMMAND...: out has what gdb says
session() {
    local options=() commands=() c
    while [ "$1" != -- ]; do options+=("$1"); shift; done
    for c in "${@:2}"; do commands+=(-ex "$c"); done
    timeout -s KILL 60 "$RR" replay -q "${options[@]}" rec -- -batch "${commands[@]}" > out 2>&1 || true
}
# said LINE...: these lines, in this order, and others between
said() {
    local line rest=1
    for line; do
        n=$(tail -n +$rest out | grep -nF -m 1 -- "$line" | cut -d: -f1)
        [ -n "$n" ] || { cat out; fail "gdb did not say (there): $line"; }
        rest=$((rest + n))
    done
}

session -- 'when' 'tbreak twice' 'continue' 'checkpoint' 'tbreak half' 'continue' 'print calls' 'checkpoint' 'info checkpoints' \
    'restart 1' 'print n' 'when' 'restart 2' 'print v' 'delete checkpoint 1' 'info checkpoints' 'restart 1' \
    'print v' 'delete checkpoint 1' 'delete checkpoint' 'restart 0' 'when' 'restart 2' 'checkpoint' 'reverse-finish' \
    'restart 3' 'print v' 'restart' 'when'
said 'event 0' 'Checkpoint 1 at event ' 'Checkpoint 2 at event ' '1'$'\t''event' '2'$'\t''event' \
    'twice (n=4)' '= 4' 'event ' 'half (v=1)' '= 1' 'Deleted checkpoint 1.' '2'$'\t''event' 'There is no checkpoint 1.' \
    '= 1' 'There is no checkpoint 1.' 'Forget checkpoint N' 'event 0' 'half (v=1)' 'Checkpoint 3 at' 'half (v=1)' '= 1' \
    'event 0'
[ "$(grep -c $'^1\t' out)" = 1 ] || fail "checkpoint 1 is listed after it was deleted"

# Events: forwards, backwards, to the end, and none that is not there.
session -- 'seek 5' 'when' 'seek 20' 'when' 'monitor seek 3' 'monitor when' 'seek 999999' 'when' "seek $last" 'when' \
    'reverse-stepi' 'seek 0' 'when' 'seek 7' 'stepi' 'reverse-stepi' 'when'
said 'event 5' 'event 20' 'event 3' 'The recording has no event 999999.' 'event 3' "event $last" 'event 0' 'event 7'

session -g 12 -- 'when' 'reverse-continue' 'when'
said 'event 12' 'No more reverse-execution history' 'event 0'
session -g 999999 -- 'when'
said 'no event 999999' 'event 0'
session -g "$last" -- 'when' 'print calls'
said "event $last" '= 1'
session -e -- 'when' 'print calls' 'reverse-stepi' 'print calls'
said "event $last" '= 1' '= 1'
status 2 "$RR" replay -g x rec

# run and start go to the beginning, and on from there
session -- 'break twice' 'continue' 'reverse-stepi' 'run' 'print n' 'start' 'info symbol $pc' 'continue'
said 'Breakpoint 1, twice' 'event 0' 'Breakpoint 1, twice' '$1 = ' 'event 0' 'Temporary breakpoint' 'main ' 'Breakpoint 1, twice'

# Files that are mapped have the names they had
session -- 'tbreak twice' 'continue' 'info proc mappings'
said 'Start Addr' '[rr]' "r-xp  $PWD/divert" 'libc.so.6' 'rw-p'
