# gcc compiles, with and without a pipe to its assembler, links, and says what is wrong
. "$top/tests/lib.sh"
need gcc
roundtrip gcc -O2 -g -c -o a.o "$here/prog/race.c"
roundtrip gcc -pipe -O1 -o race "$here/prog/race.c" -lpthread
[ -x race ] || fail "no program was made"
roundtrip gcc -flto -O2 -o turns "$here/prog/turns.c" -lpthread
echo 'int main(void) { return x; }' > wrong.c
roundtrip gcc wrong.c
grep -q undeclared rec.err || fail "$(cat rec.err)"
