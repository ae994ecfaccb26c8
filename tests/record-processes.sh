# Process trees: fork, vfork, exec, pipes, scripts, make; rr ps lists them, rr replay -p debugs one
. "$top/tests/lib.sh"
cat > s.sh <<'S'
#!/bin/bash
for i in 1 2 3; do (echo "sub $i"; exit $i) & done
wait
ls / | sort -r | head -n 3
echo $(echo nested $(echo deeper))
x=$(sh -c 'exit 4') || echo "status $?"
exit 6
S
chmod +x s.sh
roundtrip ./s.sh
[ "$("$RR" ps | wc -l)" -gt 8 ] || fail "rr ps: $("$RR" ps)"
"$RR" ps | grep -q 'sort -r' || fail "rr ps: $("$RR" ps)"
cat > Makefile <<'M'
all: a.o b.o
	cat a.o b.o | wc -c > size
a.o b.o: ; gcc -x c -c -o $@ /dev/null
M
roundtrip make -j2
[ -s size ] || fail "make made nothing"
roundtrip perl -e 'print `echo from perl`; system("false"); print $? >> 8, "\n"; exec "echo", "execed"'
