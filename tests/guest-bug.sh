# The post's bug and its three cures: random segfaults with it, none with any cure, and the assertion
# fires. BOOTS=200 tests/run guest-bug is the same with that many boots of each cure and half as many
# with the bug; the log says how many went wrong, and at how many places.
. "$top/tests/lib.sh"
boots=${BOOTS:-20}

# faults N OPTION...: N boots; the fault lines of each that has any, in bad.1 bad.2 ...; $bad is how many
faults() {
    local i n=$1; shift
    bad=0
    rm -f bad.*
    for i in $(seq "$n"); do
        timeout -s KILL 60 "$RR" arm "$@" > out < /dev/null || true
        grep -q '^guest: ' out || fail "no boot: rr arm $*"
        grep -E 'Segmentation fault|wrong data|kernel' out > "bad.$i" && bad=$((bad + 1)) || rm "bad.$i"
    done
}
n=$((boots > 20 ? boots / 2 : 20))
faults "$n" -x xscale-page
died=$( (grep -l 'Segmentation fault at pc' bad.* || true) | wc -l)
sed -n 's/^\(.*: Segmentation fault at pc [^,]*\),.*/\1/p' bad.* | sort | uniq -c | sort -rn > places
echo "-x xscale-page: segfaults in $died of $n boots, $bad went wrong, $(wc -l < places) places:"
cat places
[ "$died" -gt 0 ] || fail "$n boots with the bug, and no segfault"
[ "$(wc -l < places)" -gt $((n > 50 ? 9 : 3)) ] || fail "always at the same places"
[ "$n" -lt 50 ] || { [ $((died * 20)) -ge "$n" ] && [ $((died * 20)) -le $((n * 19)) ]; } \
    || fail "segfaults in $died of $n boots are not a bug that comes and goes"

for cure in "" "-x xscale-page,flush-on-sctlr" "-x xscale-page,flush-page-all"; do
    # shellcheck disable=SC2086
    faults "$boots" $cure
    echo "${cure:-no -x}: $bad of $boots boots went wrong"
    [ "$bad" -eq 0 ] || fail "rr arm $cure: $(cat bad.*)"
done
hit=0
for i in $(seq 10); do
    "$RR" arm -x xscale-page,assert-flush > out 2>&1 || { [ $? -eq 134 ] && hit=$((hit + 1)); }
done
[ $hit -gt 5 ] || fail "the assertion fired in $hit of 10 boots only"
status 0 "$RR" arm -x assert-flush > out # without the bug no single entry is ever deleted
