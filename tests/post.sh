# The post's session without a person: recorded until the bug bites, replayed 20 times the same, and each
# value on the way back to the page-table walk checked
. "$top/tests/lib.sh"
need gdb
cat > session.py <<'P'
import gdb, re
gdb.execute("set pagination off"); gdb.execute("set width 0")
last = [""]
def stopped(e):
    last[0] = e.stop_signal if isinstance(e, gdb.SignalEvent) else "breakpoint" if isinstance(e, gdb.BreakpointEvent) else "step"
gdb.events.stop.connect(stopped)
def run(c): return gdb.execute(c, to_string=True)
def go(c):
    run(c)
    return last[0] + " in " + str(gdb.selected_frame().name())
def value(e): return int(gdb.parse_and_eval(e)) & 0xffffffff
def must(ok, what):
    if not ok: print("WRONG: " + what); gdb.execute("quit 1")
must("SIGABRT" in go("continue"), "no SIGABRT")
run("frame function tlb_flush_entry")
page = value("addr")
entry = [value("tlb_entry->addr_" + k) for k in ("read", "write", "code")]
must(page in [e & ~0x3ff for e in entry], "the entry is not the page's: %x %s" % (page, entry))
run("up")
must(gdb.selected_frame().name() == "tlb_flush_page", "frame above is " + gdb.selected_frame().name())
must(page & value("env->tlb_flush_mask") != value("env->tlb_flush_addr"), "inside the huge-page range")
must("<optimized out>" not in run("info locals") + run("info args"), "optimized out")
run("up")
must("write" in gdb.selected_frame().name(), "not called by a CP15 write: " + gdb.selected_frame().name())
must("<optimized out>" not in run("info locals") + run("info args"), "optimized out")
run("break tlb_set_page if vaddr == %d" % page)
must("SIGABRT" in go("reverse-continue"), "the abort is not met again")
must("tlb_set_page" in go("reverse-continue"), "tlb_set_page not found")
must(value("vaddr") == page, "vaddr is %x" % value("vaddr"))
must(value("page_size") == 1024, "page_size is %d" % value("page_size"))
run("break arm_cpu_handle_mmu_fault")
must("arm_cpu_handle_mmu_fault" in go("reverse-continue"), "arm_cpu_handle_mmu_fault not found")
must(value("address") & ~0x3ff == page, "fault address %x" % value("address"))
run("tbreak get_phys_addr"); run("continue")
lines = []
while gdb.selected_frame().name() == "get_phys_addr" and len(lines) < 60:
    lines.append(run("frame"))
    run("next")
must(any("X_XSCALE_PAGE" in l for l in lines), "the line with the bug was not stepped over")
must("get_phys_addr" in go("reverse-step"), "reverse-step")
run("delete"); run("continue")
print("REGISTERS", run("print cpu.regs"), run("print cpu.cp15"), run("print cpu.icount_end"))
gdb.execute("quit 0")
P
for try in 1 2 3 4 5 6 7 8 9 10; do
    rc=0
    "$RR" record "$RR" arm -x xscale-page,assert-flush > rec.out 2> rec.err || rc=$?
    [ $rc -ne 134 ] || break
done
[ $rc -eq 134 ] || fail "the bug did not bite in 10 recordings"
"$RR" replay -q -- -batch -nx -x session.py > session 2>&1 < /dev/null || { cat session; fail "the session of the post went wrong"; }
! grep WRONG session || fail "the session of the post went wrong"
cat > end.gdb <<'P'
continue
print cpu.regs
print cpu.cp15
info registers
P
for i in $(seq 20); do
    status 134 "$RR" replay -a > rep.out 2> rep.err
    same rec.out rep.out
    same rec.err rep.err
    "$RR" replay -q -- -batch -nx -x end.gdb < /dev/null 2>&1 | sed 's/rr-files-[^/]*//' > "end$i"
    same end1 "end$i"
done
grep -q '^rip' end1 || { cat end1; fail "no registers"; }
