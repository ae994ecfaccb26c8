# Conditions that are false nearly always: backwards and forwards to where they hold, and counts of arrivals
# are exact on the way, as the instants reached by them show.
. "$top/tests/lib.sh"
need gdb
build filter -O0
"$RR" record ./filter > /dev/null
cat > session.gdb << 'END'
set pagination off
set confirm off
break finish
continue
break visit if i == 7777 || i == -20001
reverse-continue
printf "A %ld %ld\n", i, sum
reverse-continue
printf "B %ld %ld\n", i, sum
stepi
stepi
reverse-stepi
printf "C %ld %ld\n", i, sum
continue
printf "D %ld %ld\n", i, sum
reverse-continue
printf "E %ld %ld\n", i, sum
tbreak visit
reverse-continue
printf "F %ld %ld\n", i, sum
delete
break visit if sum == 28 && i == 8
break visit if i == 5
reverse-continue
printf "G %ld %ld\n", i, sum
reverse-continue
printf "H %ld %ld\n", i, sum
continue
printf "I %ld %ld\n", i, sum
tbreak finish
continue
delete
break visit if i == -29999 || i == 3
break finish if n == 1
reverse-continue
printf "J %ld %ld\n", i, sum
END
timeout -s KILL 120 "$RR" replay -q -x session.gdb < /dev/null > session.out 2>&1 || { cat session.out; fail "the session"; }
sum=$((30000 * 29999 / 2))
last() { echo $((sum - $1 * ($1 - 1) / 2)); } # sum when visit(-$1) begins
first() { echo $(($1 * ($1 - 1) / 2)); }      # and visit($1)
cat > want << END
A -20001 $(last 20001)
B 7777 $(first 7777)
C 7777 $(first 7777)
D -20001 $(last 20001)
E 7777 $(first 7777)
F 7776 $(first 7776)
G 8 28
H 5 10
I 8 28
J -29999 $(last 29999)
END
grep '^[A-J] ' session.out | diff want - || { cat session.out; fail "other instants"; }
