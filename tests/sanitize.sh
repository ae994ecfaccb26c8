# The address and the undefined-behaviour sanitizer have nothing to say, about the emulator nor about
# recording, replaying and going back. (Leaks are not looked for: a process that ends frees nothing.)
. "$top/tests/lib.sh"
check="-fsanitize=address,undefined"
echo 'int main(void) { return 0; }' > try.c
${CC:-cc} $check -o try try.c 2> /dev/null && ./try || skip "needs the sanitizers' libraries"
unset MAKEFLAGS MFLAGS MAKEOVERRIDES
cp -r "$top"/*.c "$top"/*.h "$top/Makefile" "$top/guest" .
make -s -j2 CFLAGS="-O1 $check -fno-sanitize-recover=all" LDFLAGS="$check" rr > log.make 2>&1 || { cat log.make; fail "build"; }
export ASAN_OPTIONS=detect_leaks=0 UBSAN_OPTIONS=print_stacktrace=1
./rr arm -icount > ours
"$RR" arm -icount > theirs
same ours theirs
./rr arm -x xscale-page,flush-on-sctlr > out
RR=$PWD/rr
for t in arm-cli arm-devices record-signals record-processes gdb-divert gdb-filter; do
    mkdir -p "$t" && ( cd "$t" && mkdir -p trace && RR_TRACE_DIR=$PWD/trace bash "$here/$t.sh" > log 2>&1 < /dev/null ) \
        || { tail -n 30 "$t/log"; grep -h 'runtime error\|AddressSanitizer' -r "$t" | head; fail "$t"; }
done
