# Programs with much memory, or a little, and instants that differ only in a word far away in it: each
# is found again, and no other is taken for it. $ROUNDS (1) recordings of each kind, $REPLAYS (2)
# replays of each recording.
. "$top/tests/lib.sh"
export REPLAYS=${REPLAYS:-2}
for o in 0 2; do
    build large -O$o
    build kinds -O$o
    for r in $(seq "${ROUNDS:-1}"); do
        for how in "1" "64" "64 2" "300" "300 2"; do
            roundtrip ./large $how
            "$RR" dump > dump
            grep -q ' preempt ' dump || fail "large $how, -O$o: no preemption in the recording"
            [ "$(sed -n 's/^[0-9]* //p' rec.out | sort -u | wc -l)" -gt 3 ] ||
                fail "large $how, -O$o: all signals came in the same rounds"
            "$RR" rm latest-trace
        done
        roundtrip -c "$r" ./large 64 2
        "$RR" rm latest-trace
        roundtrip ./kinds
        "$RR" rm latest-trace
    done
    echo "-O$o: ${ROUNDS:-1} recordings of each kind, $REPLAYS replays of each"
done
