# Linux boots and a long shell script prints, line for line, what it prints in QEMU's spitz machine.
# BOOTS=50 ROUNDS=8 tests/run linux-boot is the same for half an hour.
. "$top/tests/lib.sh"
. "$top/tests/linux/lib.sh"
need qemu-system-arm
rounds=${ROUNDS:-1}
reference "sh /t/workload $rounds" -initrd "$linux/initrd" > want
grep -q '^== done' want || fail "QEMU did not get through the workload: $(tail -n 1 want)"
for i in $(seq "${BOOTS:-3}"); do
    status 0 zaurus "sh /t/workload $rounds" -initrd "$linux/initrd" > got 2> err
    same want got
    same /dev/null err
done
