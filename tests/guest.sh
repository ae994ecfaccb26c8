# The built-in guest boots, all its processes are well, and QEMU's Zaurus agrees on every result
. "$top/tests/lib.sh"
need qemu-system-arm
status 0 "$RR" arm > ours
grep -q 'all 5 processes are well' ours || fail "$(cat ours)"
timeout 60 qemu-system-arm -M spitz -kernel "$top/guest/guest.bin" -display none -serial stdio -no-reboot > theirs 2> err
sort ours > ours.sorted # the processes end in an order that the clock decides
tr -d '\r' < theirs | sort > theirs.sorted
same theirs.sorted ours.sorted
"$RR" arm -icount > once
"$RR" arm -icount > twice
same once twice
