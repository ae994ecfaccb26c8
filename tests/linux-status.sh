# The emulator's exit status: 0 when the guest powers off, 1 when it resets (a failed command, a panic).
. "$top/tests/lib.sh"
. "$top/tests/linux/lib.sh"
status 0 zaurus "true" > out
status 1 zaurus "false" > out
status 1 zaurus 'sh -c "kill -SEGV $$"' > out
status 0 zaurus 'poweroff -f' > out
status 1 zaurus 'reboot -f' > out
# a kernel that finds no init panics
rc=0
timeout 60 "$RR" arm -kernel "$linux/zImage" -append "rdinit=/none init=/none" < /dev/null > out || rc=$?
grep -q 'Kernel panic' out || fail "no panic: $(tail -n 1 out)"
[ "$rc" -eq 1 ] || fail "panic: exit status $rc"
