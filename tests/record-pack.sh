# rr pack: the same contents are stored once, nothing outside is shared, a cut recording loses its empty end;
# and what is packed replays as before
. "$top/tests/lib.sh"
need perl
cp "$(command -v perl)" one
cp one two
cat > both.sh <<'S'
./one -e 'print "one\n"'
./two -e 'print "two\n"; exit 3'
S
status 3 "$RR" record -o t sh -c '. ./both.sh' > want
cp -rl t outside
size() { du -s --apparent-size -k "$1" | cut -f 1; }
before=$(size t)
"$RR" pack t | grep -q ' KB freed' || fail "rr pack says nothing"
perl=$(($(stat -c %s one) / 1024))
[ "$((before - $(size t)))" -ge "$perl" ] || fail "$before KB became $(size t)"
for f in t/files/*[0-9]; do
    for o in outside/files/*[0-9]; do [ ! "$f" -ef "$o" ] || fail "$f is $o"; done
done
rm -rf outside one two
"$RR" pack t | grep -q ' 0 KB freed' || fail "packed again: $("$RR" pack t)"
status 3 "$RR" replay -a t > rep.out
same want rep.out

mkfifo fifo
"$RR" record -o cut perl -e '$| = 1; print "line\n" while 1' > fifo 2> /dev/null &
read -r line < fifo
kill -KILL "$!"
wait
"$RR" replay -a cut > want 2> want.err || true
[ "$(size cut/events)" -gt 16000 ] || fail "a cut recording has no empty end"
"$RR" pack cut > /dev/null
[ "$(size cut/events)" -lt 16000 ] || fail "it still has $(size cut/events) KB"
status 70 "$RR" replay -a cut > rep.out 2> rep.err
same want rep.out
same want.err rep.err
