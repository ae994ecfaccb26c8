# A replayed emulator, and the guest in it, in two gdbs at the same instant: rr replay --guest-port
. "$top/tests/lib.sh"
need arm-none-eabi-gcc
need python3
guest=$PWD/guest.bin
( cd "$top" && guest/build "$guest" )
elf=$top/build/guest/kernel.elf
address() { arm-none-eabi-nm "$elf" | awk -v name="$1" '$3 == name { print "0x" $1 }'; }

replay=
trap '[ -z "$replay" ] || kill -KILL "$replay" 2> /dev/null || true' EXIT

"$RR" record "$RR" arm -icount -append bench > recorded
"$RR" replay -q -s 0 --guest-port 0 > replayed 2> ports &
replay=$!
until [ "$(grep -c 127.0.0.1 ports)" -ge 2 ]; do :; done
first=$(sed -n 's/.*remote 127.0.0.1:\([0-9]*\).*/\1/p' ports | head -n 1)
second=$(sed -n 's/.*for the guest.*127.0.0.1:\([0-9]*\).*/\1/p' ports)
timeout -s KILL 120 /usr/bin/python3 "$here/both.py" "$first" "$second" "$(address set_timer)" "$(address ticks)" > seen 2>&1 ||
    fail "$(cat seen ports)"
grep -q '^ticks 00000000 00000000 01000000 02000000' seen || fail "$(cat seen)"
grep -q '^the same backwards' seen || fail "$(cat seen)"
grep -q '^step 4' seen || fail "$(cat seen)"
# the code, as the emulated page tables map it, is that of the file
offset=$(($(address set_timer) - 0xc0010000))
want=$(od -An -v -tx1 -j "$offset" -N 16 "$guest" | tr -d ' \n')
grep -q "^code $want" seen || fail "not $want: $(cat seen)"

# What is no emulator has no guest
"$RR" record true
"$RR" replay -q -s 0 --guest-port 0 > replayed 2> ports2 < /dev/null &
other=$!
until grep -q 127.0.0.1 ports2; do :; done
port=$(sed -n 's/.*remote 127.0.0.1:\([0-9]*\).*/\1/p' ports2 | head -n 1)
/usr/bin/python3 -c "import sys; sys.dont_write_bytecode = True; sys.path.insert(0, '$here')
from walk import Stub
Stub($port).ask('D')" || true
wait "$other" || true
grep -q 'not a recording of this build' ports2 || fail "$(cat ports2)"
