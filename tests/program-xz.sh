# xz with two threads, there and back
. "$top/tests/lib.sh"
need xz
seq 400000 > numbers
roundtrip xz -T2 -1 --block-size=512KiB -k -c numbers
xz -d < rec.out | cmp - numbers || fail "that is not what was packed"
cp rec.out numbers.xz
roundtrip xz -T2 -dc numbers.xz
same numbers rec.out
