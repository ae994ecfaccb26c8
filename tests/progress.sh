# What takes longer than two seconds shows on a terminal where it is, and takes the line away again;
# elsewhere it shows nothing. Behind a line that is not finished yet it waits.
. "$top/tests/lib.sh"
need gcc
need /usr/bin/python3
on_terminal() { /usr/bin/python3 "$here/progress.py" "$@"; }
line='\\rrr: replaying, event [0-9]* of [0-9]*, [0-9]* s\\e\[K'

cat > slow.c <<'C'
#include <stdio.h>
#include <time.h>
int main(int argc, char **argv)
{
    printf("%s", argv[1]);
    fflush(stdout);
    volatile unsigned long n = 0;
    while (clock() < 5 * CLOCKS_PER_SEC)
        for (int i = 0; i < 10000000; i++) n += i;
    puts("done");
}
C
gcc -O1 -o slow slow.c
"$RR" record ./slow "begun
" > rec.out
on_terminal "$RR" replay -a > out
grep -q "^$line" out || { cat out; fail 'no progress on a terminal'; }
grep -q '\\r\\e\[Kdone$' out || { cat out; fail 'the line stays when output comes'; }
"$RR" replay -a > rep.out 2> rep.err
same rec.out rep.out
[ ! -s rep.err ] || { cat rep.err; fail 'progress where there is no terminal'; }

# and in gdb
on_terminal "$RR" replay -q -- -nx -batch -ex 'set debuginfod enabled off' -ex continue -ex reverse-continue > out
grep -q "${line/replaying/searching backwards}" out || { cat out; fail "no progress in gdb"; }

"$RR" record ./slow 'begun ...' > rec.out
on_terminal "$RR" replay -a > out
[ "$(cat out)" = 'begun ...done' ] || { cat out; fail 'progress behind a line that is not finished'; }
