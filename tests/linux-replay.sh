# The post's session on Linux: a boot with the bug is recorded, replays to the same end, and is walked back
# from the assertion to the insertion of that TLB entry, with the wrong size, and into the page-table walk.
. "$top/tests/lib.sh"
. "$top/tests/linux/lib.sh"
need gdb

# a boot to power-off, recorded and replayed: output and exit status are the same
roundtrip "$RR" arm -kernel "$linux/zImage" -append "$(guest 'sh -c "ls -l | md5sum; date; echo booted; false"')"
grep -q '^booted' rec.out || fail "that was no boot: $(tail -n 1 rec.out)"

# one that dies in userspace: the panic is the same to the last register
roundtrip "$RR" arm -x xscale-page -kernel "$linux/zImage"
grep -q 'Attempted to kill init! exitcode=0x0000000b' rec.out || fail "init did not die"

status 134 "$RR" record "$RR" arm -x xscale-page,assert-flush -kernel "$linux/zImage" > /dev/null 2>&1
cat > walk.gdb << 'END'
set pagination off
set confirm off
continue
frame function tlb_flush_entry
up
printf "outside the pair: %d\n", (addr & env->tlb_flush_mask) != env->tlb_flush_addr
# (by its number: a condition with a gdb variable in it would be gdb's own to evaluate, every time)
eval "break tlb_set_page if vaddr == %#x", addr
reverse-continue
reverse-continue
printf "inserted: %d bytes\n", page_size
break get_phys_addr
reverse-continue
backtrace 3
set $size_at = page_size
finish
printf "the walk says: %d bytes\n", *$size_at
END
timeout 300 "$RR" replay -q -x walk.gdb < /dev/null > walk.out 2>&1 || true
for line in 'outside the pair: 1' 'inserted: 1024 bytes' '^#0  get_phys_addr' '^#1 .* arm_cpu_handle_mmu_fault' \
    'the walk says: 1024 bytes'; do
    grep -q "$line" walk.out || { cat walk.out; fail "missing from the session: $line"; }
done
