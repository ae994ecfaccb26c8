# rr rm: when the latest recording goes, latest-trace is the newest of those left, and then no more
. "$top/tests/lib.sh"
export RR_TRACE_DIR=$PWD/traces
for word in one two three; do "$RR" record echo $word > /dev/null; done
latest() { "$RR" replay -a; }
[ "$(latest)" = three ] || fail "the latest is $(latest)"
"$RR" rm echo-0
[ "$(latest)" = three ] || fail "after the oldest has gone, the latest is $(latest)"
"$RR" rm latest-trace
[ "$(latest)" = two ] || fail "after the latest has gone, it is $(latest)"
"$RR" rm echo-1
[ -z "$(ls -A traces)" ] || fail "left are $(ls traces)"
mkdir elsewhere # no directory of recordings: no link is made there
"$RR" record -o elsewhere/t echo four > /dev/null
"$RR" record -o elsewhere/u echo five > /dev/null
"$RR" rm elsewhere/t
[ "$(ls -A elsewhere)" = u ] || fail "elsewhere has $(ls -A elsewhere)"
