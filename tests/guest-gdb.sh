# gdb-multiarch on the guest inside `rr arm`: registers, memory, breakpoints, forwards and backwards
. "$top/tests/lib.sh"
need gdb-multiarch
need arm-none-eabi-gcc
( cd "$top" && guest/build "$PWD/tests/out/guest-gdb/rebuilt.bin" )
elf=$top/build/guest/kernel.elf

# guest_gdb ARG...: a guest with these options, stopped at its first instruction; $port is where
guest_gdb() {
    "$RR" arm -gdb tcp::0 -S "$@" > guest.out 2> guest.err < /dev/null &
    guest=$!
    until port=$(sed -n 's/.*127.0.0.1:\([0-9]*\).*/\1/p' guest.err) && [ -n "$port" ]; do :; done
}
# session: the commands on stdin, after connecting; what gdb says is in `said`
session() {
    { printf '%s\n' 'set confirm off' 'set pagination off' "file $elf" "target remote 127.0.0.1:$port"; cat; } > session.gdb
    timeout -s KILL 60 gdb-multiarch -nx -q -batch -x session.gdb > said 2>&1 || true
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
