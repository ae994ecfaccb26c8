# make -j2 builds this project; gcc and its linker are seen through. What comes out is what a plain build gives.
. "$top/tests/lib.sh"
need make; need gcc
unset MAKEFLAGS MFLAGS MAKEOVERRIDES
mkdir plain src
for d in plain src; do cp -r "$top"/*.[ch] "$top/Makefile" "$top/guest" $d; done
parts="tracee.o output.o objects.o count.o uart.o boot.o"
roundtrip make -C src -j2 $parts
make -s -C plain $parts
for o in $parts; do
    strip -g plain/$o src/$o # (which say where they were built)
    cmp plain/$o src/$o || fail "$o is another"
done
"$RR" ps | grep -q ' .*/cc1 ' || fail "rr ps: $("$RR" ps | head)"
