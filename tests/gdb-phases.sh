# Steps back into a long computation that follows syscalls: the search for the instant before must not be
# misled by what the program did a little earlier, wherever a timer interrupts it.
. "$top/tests/lib.sh"
need gdb
build phases -no-pie
"$RR" record ./phases > /dev/null
line=$(grep -n 'calls++' "$here/prog/phases.c" | cut -d: -f1)
{
    printf '%s\n' 'set pagination off' 'set confirm off' "break $line if calls == 59" 'continue'
    for calls in $(seq 58 -2 30); do
        printf '%s\n' delete "break $line if calls == $calls" 'reverse-continue' 'reverse-stepi 20' \
            'printf "phase %d, in compute: %d\n", calls, $pc > (long)compute && $pc < (long)phase'
    done
} > session.gdb
timeout -s KILL 100 "$RR" replay -q -x session.gdb < /dev/null > session.out 2>&1 || { cat session.out; fail "the session"; }
for calls in $(seq 58 -2 30); do
    grep -qx "phase $calls, in compute: 1" session.out || { cat session.out; fail "phase $calls"; }
done
