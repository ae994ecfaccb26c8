#!/usr/bin/env bash
# A random walk through three recordings, checked at each place against a replay that only went forward.
# SEED and COMMANDS (for each of the three) may be set.
. "$(dirname "$0")/lib.sh"
: "${SEED:=$RANDOM}" "${COMMANDS:=100}"
for name in turns signals divert; do
    build $name -no-pie
    "$RR" record -o rec-$name ./$name > out-$name || true
    data=$(nm $name | sed -n 's/ [DW] __data_start$//p')
    end=$(nm $name | sed -n 's/ B _end$//p')
    echo "$name: SEED=$SEED COMMANDS=$COMMANDS"
    timeout -s KILL 200 /usr/bin/python3 "$here/gdb-walk.py" "$RR" rec-$name "0x$data" "0x$end" "$COMMANDS" "$SEED"
done
