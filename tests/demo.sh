# make demo: ends with the root cause, and shows every step of the post on the way to it
. "$top/tests/lib.sh"
need gdb
"$top/tests/demo" > demo.out 2>&1 || { tail -n 50 demo.out; fail "the demo failed"; }
for step in 'SIGABRT' 'tlb_flush_entry' 'tlb_flush_addr' 'tlb_flush_mask' '(gdb) reverse-continue' \
    'tlb_set_page (' 'page_size' '= 1024' 'arm_cpu_handle_mmu_fault (' 'get_phys_addr ('; do
    grep -qF "$step" demo.out || { cat demo.out; fail "the transcript does not show: $step"; }
done
! grep -F '<optimized out>' demo.out | grep -v pthread || fail "a value on the way of the post is optimized out"
