# Preemption: signals into loops without syscalls, threads that wait for each other by spinning, races.
# Each replays exactly, and gdb comes to the handler at the very count that was recorded.
# $ROUNDS (1) recordings of each at $LEVELS (0 2), and $REPLAYS (2) replays of each recording.
. "$top/tests/lib.sh"
export REPLAYS=${REPLAYS:-2}
for o in ${LEVELS:-0 2}; do
    for p in loop spin race storm; do
        build $p -O$o
        for r in $(seq "${ROUNDS:-1}"); do
            roundtrip ./$p
            "$RR" dump > dump
            grep -q ' preempt ' dump || fail "$p -O$o: no preemption in the recording"
            "$RR" rm latest-trace
        done
        echo "$p -O$o: ${ROUNDS:-1} recordings, $REPLAYS replays of each"
    done
done

# A race must be there to be recorded: not every recording gives the same sum
build race -O0
for i in 1 2 3 4 5 6 7 8; do "$RR" record ./race >> sums || true; done
[ "$(sort -u sums | wc -l)" -gt 1 ] || fail "eight recordings of a race: always $(head -1 sums)"

# -c: the same program, other turns
roundtrip -c 7 ./race

# In gdb: the tenth time the handler runs, n is what the recording printed; and back again
build loop -O0
status 3 "$RR" record ./loop > out
want=$(sed -n '10s/.* //p' out)
need gdb
cat > g <<G
break handler
ignore 1 9
continue
print n
reverse-continue
print hits
G
timeout -s KILL 60 "$RR" replay -q -- -batch -x g > gdb.out 2>&1 || true
grep -q "= $want\$" gdb.out || { cat gdb.out; fail "the tenth signal is not at n = $want"; }
grep -q '^$2 = 8$' gdb.out || { cat gdb.out; fail "going back does not lead to the ninth"; }
