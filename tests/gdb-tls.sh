# Thread-local variables by name, in every thread, forwards and backwards: errno, the program's, and a library's,
# which is allocated in each thread when that first touches it. Programs of every kind, static ones, too.
. "$top/tests/lib.sh"
need gdb
gcc -g -O1 -Wall -fPIC -shared -o libtls.so "$here/prog/tls-library.c"
cat > session.gdb << 'EOF'
set pagination off
set confirm off
print mine
break stop
continue
printf "1: %ld %d\n", mine, *(int *)&errno
printf "1: theirs %ld, many %ld\n", theirs, many[99]
continue
printf "2: %ld %d\n", mine, *(int *)&errno
thread apply 1 printf "2 from 1: %ld\n", mine
thread apply 1 printf "2 from 1: theirs %ld\n", theirs
printf "2: theirs %ld\n", theirs
continue
printf "3: %ld theirs %ld\n", mine, theirs
continue
printf "4: %ld\n", mine
reverse-continue
printf "3 again: %ld theirs %ld\n", mine, theirs
watch mine
reverse-continue
reverse-continue
printf "watch: %ld\n", mine
delete
break stop
reverse-continue
printf "1 again: %ld theirs %ld\n", mine, theirs
quit
EOF

# session NAME THEIRS: the session on the last recording; THEIRS is what the library's is in the new thread at 2
session() {
    local line commands=()
    while read -r line; do commands+=(-ex "$line"); done < session.gdb # an error ends only its own command
    timeout -s KILL 100 "$RR" replay -q -- "${commands[@]}" < /dev/null > "$1.out" 2>&1 || { cat "$1.out"; fail "$1"; }
    printf '%s\n' '1: 11 9' '1: theirs 200, many 100' '2: 20 2' '2 from 1: 11' '2 from 1: theirs 200' ${2:+"${2//_/ }"} \
        '3: 20 theirs 300' '4: 21' '3 again: 20 theirs 300' 'watch: 10' '1 again: 11 theirs 200' > want
    grep -E '^[0-9]( from 1| again)?: |^watch: ' "$1.out" > got || true
    cmp -s got want || { cat "$1.out"; same want got; }
}
for kind in "pie -fPIE -pie" "fixed -no-pie"; do
    set -- $kind
    build tls "${@:2}"
    "$RR" record ./tls > /dev/null
    session "$1" ""
    grep -q 'Cannot find thread-local' "$1.out" || fail "$1: no error for what is not allocated"
done
cp "$here/prog/tls-library.c" .
for kind in "linked -L. -ltls -Wl,-rpath,." "static -static tls-library.c" "static-pie -static-pie tls-library.c"; do
    set -- $kind
    gcc -g -O1 -Wall -DLINKED -o tls "$here/prog/tls.c" "${@:2}"
    "$RR" record ./tls > /dev/null
    session "$1" "2:_theirs_100"
done
