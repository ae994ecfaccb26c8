#!/usr/bin/env bash
# A random walk through some recordings, checked at each place against a replay that only went forward.
# SEED and COMMANDS (for each) may be set.
. "$(dirname "$0")/lib.sh"
: "${SEED:=$RANDOM}" "${COMMANDS:=100}"
for name in turns signals divert jit; do
    build $name -no-pie
    "$RR" record -o rec-$name ./$name > out-$name || true
    below= # a breakpoint in code that is overwritten is overwritten, too
    [ "$name" != jit ] || below=0x500000
    data=$(nm $name | sed -n 's/ [DW] __data_start$//p')
    end=$(nm $name | sed -n 's/ B _end$//p')
    echo "$name: SEED=$SEED COMMANDS=$COMMANDS"
    timeout -s KILL 200 /usr/bin/python3 "$here/gdb-walk.py" "$RR" rec-$name "0x$data" "0x$end" "$COMMANDS" "$SEED" $below
done
