# gdb-multiarch on the guest inside `rr arm`: registers, memory, breakpoints, forwards and backwards
. "$top/tests/lib.sh"
need gdb-multiarch
need arm-none-eabi-gcc
( cd "$top" && guest/build "$PWD/tests/out/guest-gdb/rebuilt.bin" )
elf=$top/build/guest/kernel.elf

# A test that fails must not leave its guest behind, waiting for a gdb for ever
guest=
trap '[ -z "$guest" ] || kill -KILL "$guest" 2> /dev/null || true' EXIT

# guest_gdb ARG...: a guest with these options, stopped at its first instruction; $port is where
guest_gdb() {
    rm -f guest.err
    "$RR" arm -gdb tcp::0 -S "$@" > guest.out 2> guest.err < /dev/null &
    guest=$!
    until port=$(sed -n 's/.*127.0.0.1:\([0-9]*\).*/\1/p' guest.err 2> /dev/null) && [ -n "$port" ]; do :; done
}
# session: the commands on stdin, after connecting; what gdb says is in `said`
session() {
    { printf '%s\n' 'set confirm off' 'set pagination off' "target remote 127.0.0.1:$port"; cat; } > session.gdb
    timeout -s KILL 60 gdb-multiarch -nx -q -batch -x session.gdb "$elf" > said 2>&1 || true
}
says() { grep -qF -- "$1" said || { cat said; fail "gdb did not say: $1"; }; }

for how in "" -icount; do
    guest_gdb $how
    session << 'END'
printf "start %x %x %x\n", $pc, $r1, $sctlr
tbreak kernel_main
continue
printf "main %x %x %d\n", $pc == kernel_main, $sctlr, $sp == $sp_svc
x/1wx $pc
stepi
stepi
reverse-stepi
printf "between %d\n", $pc - (unsigned)kernel_main
reverse-continue
printf "again %x\n", $pc
END
    says 'start a0010000 2c9 78'
    says 'main 1 2079 0' # it runs in system mode
    says 'between 4'
    says 'No more reverse-execution history'
    says 'again a0010000'
    status 0 wait "$guest"
done

# a watchpoint both ways, a condition, user memory through the page tables, the end and back from it
guest_gdb -icount
session << 'END'
hbreak *0x10000
continue
printf "user %x %x %x\n", $pc, $cpsr & 0x1f, *(unsigned *)$pc == *(unsigned *)&user_image
delete
watch ticks
continue
printf "watched %d\n", ticks
continue
printf "watched %d\n", ticks
reverse-continue
printf "back before %d\n", ticks
reverse-continue
printf "back before %d\n", ticks
delete
break trap if ticks == 40
continue
printf "condition %d %d\n", $pc == trap, ticks
delete
continue
printf "end %d\n", ticks
reverse-stepi
monitor when
reverse-next
break power_off
reverse-continue
printf "powering off %d\n", $pc == (unsigned)power_off
END
says 'watched 1'
says 'watched 2'
says 'back before 1'
says 'back before 0'
says 'condition 1 40'
says 'user 10000 10 1'
says 'powering off 1'
status 0 wait "$guest"
grep -q 'all 5 processes are well' guest.out || fail "the guest's output is not whole: $(cat guest.out)"
"$RR" arm -icount > alone.out < /dev/null
same alone.out guest.out # each line once, however often it was executed

# A random walk (of COMMANDS, from SEED): everywhere it comes, registers and memory are those of a plain run forward
need python3
address() { arm-none-eabi-nm "$elf" | awk -v name="$1" '$3 == name { print "0x" $1 }'; }
code="$(address trap) $(address set_timer) $(address on_irq) $(address resume) 0x10040 0x10100"
for how in "" -icount "-x xscale-page"; do
    guest_gdb $how
    timeout -s KILL 600 /usr/bin/python3 "$here/walk.py" "$port" "${COMMANDS:-80}" "${SEED:-1}" 0xc0010000 0xc0040000 "$(address ticks)" $code > walk.log 2>&1 ||
        { grep -v '^[0-9]' walk.log; fail "random walk, rr arm $how"; }
    [ "$(wc -l < walk.log)" -gt 10 ] || fail "the walk went nowhere: $(cat walk.log)"
    kill -KILL "$guest" || true # it may have come to its end
    wait "$guest" || true
done
