# A breakpoint and a watchpoint in a loop of a hundred million rounds: back to the last of them, wherever that
# is in a stretch without events, and on to those before it, takes no stop at each.
. "$top/tests/lib.sh"
need gdb
build often -O0
line() { grep -n "$1" "$here/prog/often.c" | head -n 1 | cut -d: -f1; }
# (HOW=later is the one that a timer has to find: not for a busy machine)
for how in "${HOW:-at once}" "${HOW:-event}"; do
    "$RR" record ./often "$how"
    cat > session.gdb << END
set pagination off
set confirm off
set width 0
tbreak $(line 'return 0')
continue
break $(line 'n++')
reverse-continue
printf "A %ld\n", n
reverse-continue
printf "B %ld\n", n
reverse-stepi
reverse-continue
printf "C %ld\n", n
continue
printf "D %ld\n", n
delete
tbreak $(line 'return 0')
continue
break $(line 'n++') if n > 10
reverse-continue
printf "E %ld\n", n
delete
tbreak $(line 'return 0')
continue
watch n
reverse-continue
printf "F %ld\n", n
reverse-continue
printf "G %ld\n", n
continue
printf "H %ld\n", n
END
    timeout -s KILL 200 "$RR" replay -q -x session.gdb < /dev/null > session.out 2>&1 ||
        { cat session.out; fail "the session: $how"; }
    printf '%s\n' 'A 99999999' 'B 99999998' 'C 99999997' 'D 99999998' 'E 99999999' 'F 99999999' 'G 99999998' \
        'H 99999999' > want
    grep '^[A-H] ' session.out | diff want - || { cat session.out; fail "other instants: $how"; }
done
