# A breakpoint on a string instruction with REP stops where that is come to, forwards and backwards, and
# not at each of its rounds.
. "$top/tests/lib.sh"
need /usr/bin/python3
build repeat -no-pie
"$RR" record -o rec ./repeat
/usr/bin/python3 "$here/gdb-repeat.py" "$RR" rec "$(nm repeat | sed -n 's/ . repeated$//p')" > got
cat > expected <<'E'
c 10
c 20
c 30
c no more
bc 30
bc 20
bc 10
bc no more
c 10
s 9
s 8
s 7
s 6
c 20
c 30
bc 20
s 19
s 18
s 17
s 16
s 15
bc 20
bc 10
E
same expected got
