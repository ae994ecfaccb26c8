# The post's own command: Debian's qemu-system-arm with its threads and its JIT, ten replays of each
# recording; and gdb in it, forwards and backwards.
. "$top/tests/lib.sh"
need qemu-system-arm; need gdb
spitz="qemu-system-arm -M spitz -display none -monitor none -serial stdio -no-reboot"

roundtrip -c 4 $spitz -kernel "$top/guest/guest.bin" < /dev/null
rec=0
"$RR" record $spitz -kernel "$top/guest/guest.bin" > rec.out 2> rec.err < /dev/null || rec=$?
grep -q '^all 5 processes are well' rec.out || fail "the guest said: $(cat rec.out rec.err)"
replays $rec "the built-in guest" 10

# Forwards to where the board is wired up, back to where its CPU's thread is made, forwards into that, back a step
cat > g <<'G'
set pagination off
set confirm off
set breakpoint pending on
break arm_load_kernel
continue
info threads
break pthread_create
reverse-continue
echo --- back\n
info threads
delete
break tlb_flush
continue
continue
echo --- forwards\n
info threads
reverse-continue
print/x $pc == (long)tlb_flush
reverse-stepi
x/i $pc
stepi
print/x $pc == (long)tlb_flush
delete
continue
G
timeout -s KILL 300 "$RR" replay -q -- -batch -x g > gdb.out 2>&1 < /dev/null || true
# threads SECTION: how many gdb has there
threads() { sed -n "$1,\$p" gdb.out | awk '/^  Id /{on = 1; next} on && !/^[* ] [0-9]/{exit} on' | wc -l; }
looks() { cat gdb.out; fail "$*"; }
[ "$(threads '/hit Breakpoint 1.*arm_load_kernel/')" -eq 3 ] || looks "no three threads where the kernel is loaded"
[ "$(threads '/^--- back/')" -eq 2 ] || looks "no two threads before the third is made"
grep -q 'hit Breakpoint 2.*pthread_create' gdb.out || looks "pthread_create not reached going back"
[ "$(threads '/^--- forwards/')" -eq 3 ] || looks "no three threads after going forwards again"
[ "$(grep -c '= 0x1$' gdb.out)" -eq 2 ] || looks "not back at tlb_flush"
grep -q '^=> .*\(jmp\|call\)' gdb.out || looks "the instruction before is no call"

! grep -q 'Could not load shared library' gdb.out || looks "a library is not found under the name it has for others"

# Linux, where it was built: it boots in QEMU, works, powers off
[ -s "$top/build/linux/zImage" ] || exit 0
rec=0
"$RR" record $spitz -kernel "$top/build/linux/zImage" -append 'console=ttyS0,115200 quiet -- ls -l /' \
    > rec.out 2> rec.err < /dev/null || rec=$?
grep -q ' init' rec.out || fail "Linux said: $(cat rec.out rec.err)"
replays $rec Linux 10
