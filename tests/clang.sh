# The other compiler has nothing to say, and what it makes works
. "$top/tests/lib.sh"
need clang
unset MAKEFLAGS MFLAGS MAKEOVERRIDES
cp -r "$top"/*.c "$top"/*.h "$top/Makefile" "$top/guest" .
make -s -j2 CC=clang WERROR=-Werror rr > log.make 2>&1 || { cat log.make; fail "clang"; }
[ ! -s log.make ] || { cat log.make; fail "clang has something to say"; }
./rr arm -icount > ours
"$RR" arm -icount > theirs
same ours theirs
RR=./rr roundtrip sh -c 'echo one | cat; exit 3'
