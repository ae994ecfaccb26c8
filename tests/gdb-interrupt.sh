#!/usr/bin/env bash
# Ctrl-C during everything that takes long: it stops at an instant from which all commands lead on exactly.
. "$(dirname "$0")/lib.sh"
need gdb
build long -no-pie
"$RR" record -o rec ./long > /dev/null
listing=$(gdb -batch -ex 'disassemble main' ./long)
# The loop begins where n is first read, behind the first call; after it comes the second call.
loop=$(echo "$listing" | grep -A1 -m1 'call' | tail -n 1 | awk '{ print $1 }')
out=$(echo "$listing" | grep -m2 'getppid' | tail -n 1 | awk '{ print $1 }')
timeout -s KILL 120 /usr/bin/python3 "$here/gdb-interrupt.py" "$RR" rec "0x$(nm long | sed -n 's/ B n$//p')" "$loop" "$out" \
    "0x$(nm long | sed -n 's/ T visit$//p')"
