#!/usr/bin/env bash
# catch syscall, forwards and backwards: where one is made and where it is over, each exactly once.
. "$(dirname "$0")/lib.sh"
for name in turns signals divert; do
    build $name -no-pie
    "$RR" record -o rec-$name ./$name > out-$name || true
    timeout -s KILL 100 /usr/bin/python3 "$here/gdb-catch.py" "$RR" rec-$name || fail "$name"
done

need gdb
cat > session.gdb << 'END'
set pagination off
catch syscall write
catch syscall exit_group
continue
continue
reverse-continue
continue
continue
continue
continue
reverse-continue
delete 1
continue
reverse-continue
END
timeout -s KILL 60 "$RR" replay -q -x session.gdb rec-divert < /dev/null > session.out 2>&1
grep -E '^Catchpoint . \([cr]|^No more' session.out | sed 's/, 0x.*//' > got
diff got - << 'END' || { cat session.out; fail "gdb saw other stops"; }
Catchpoint 1 (call to syscall write)
Catchpoint 1 (returned from syscall write)
Catchpoint 1 (call to syscall write)
Catchpoint 1 (returned from syscall write)
Catchpoint 1 (call to syscall write)
Catchpoint 1 (returned from syscall write)
Catchpoint 2 (call to syscall exit_group)
Catchpoint 1 (returned from syscall write)
Catchpoint 2 (call to syscall exit_group)
No more reverse-execution history.
END
