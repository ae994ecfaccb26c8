# The post's bug and its three cures: random segfaults with it, none with any cure, and the assertion fires
. "$top/tests/lib.sh"

# faults OPTION: prints the fault lines of 20 boots
faults() {
    local i
    for i in $(seq 20); do "$RR" arm $1 || true; done | grep -E 'Segmentation fault|wrong data|kernel' || true
}
faults "-x xscale-page" > bug
grep -q 'Segmentation fault at pc' bug || fail "20 boots with the bug, and no segfault"
[ "$(sed 's/, address.*//' bug | sort -u | wc -l)" -gt 3 ] || fail "always at the same place: $(cat bug)"
for cure in "" "-x xscale-page,flush-on-sctlr" "-x xscale-page,flush-page-all"; do
    faults "$cure" > cured
    [ ! -s cured ] || fail "rr arm $cure: $(cat cured)"
done
hit=0
for i in $(seq 10); do
    "$RR" arm -x xscale-page,assert-flush > out 2>&1 || { [ $? -eq 134 ] && hit=$((hit + 1)); }
done
[ $hit -gt 5 ] || fail "the assertion fired in $hit of 10 boots only"
status 0 "$RR" arm -x assert-flush > out # without the bug no single entry is ever deleted
