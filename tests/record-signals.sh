# Signals of all kinds are delivered and replayed exactly, down to the one that kills
. "$top/tests/lib.sh"
build signals
roundtrip ./signals
grep -q 'child died of 15, 1 SIGCHLD' rec.out || fail "$(cat rec.out)"
grep -q 'signal 12 code -1 value 42 on altstack 1' rec.out || fail "$(cat rec.out)"
./signals > native || true
same native rec.out
status 139 "$RR" replay -a -q
status 143 "$RR" record sh -c 'kill -TERM $$'
status 143 "$RR" replay -a
