# Debian's own armel programs (bash, perl, gawk, sqlite, xz ...) print what they print in QEMU's machine.
. "$top/tests/lib.sh"
. "$top/tests/linux/lib.sh"
need qemu-system-arm
reference "sh /t/programs" -initrd "$linux/programs" > want
grep -q '^== done' want || fail "QEMU did not get through the programs: $(tail -n 1 want)"
status 0 zaurus "sh /t/programs" -initrd "$linux/programs" > got
same want got
