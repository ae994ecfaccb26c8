#!/usr/bin/env bash
# Ctrl-C in the tightest of loops, where nothing has a name: the instant gets one, and all leads to it and away from it.
. "$(dirname "$0")/lib.sh"
need gdb
try() { # OPTION HOW
    build hot $1 -no-pie
    "$RR" record -o rec ./hot $2
    local start condition=
    start=$("$RR" dump rec | awk '$4 == "getppid" { print $1; exit }')
    [ $2 != alarm ] || condition=1 # that loop counts n
    timeout -s KILL 500 /usr/bin/python3 "$here/gdb-anywhere.py" "$RR" rec "0x$(nm hot | sed -n 's/ B n$//p')" "$start" $condition
    rm -rf rec
    echo "$*"
}
# (string, of rep movs, takes minutes on a busy machine, where a timer does not get near: HOW=string)
for how in ${HOW:-memory register shared alarm threads}; do try -O2 $how; done
for how in memory alarm; do try -O0 $how; done
