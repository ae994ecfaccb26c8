# A program that signals its whole process group, in which the recorder is: that one carries on, and passes nothing on.
. "$top/tests/lib.sh"
need setsid
build group
setsid -w ./group > plain.out
setsid -w "$RR" record ./group > rec.out 2> rec.err || fail "the recorder ended: $(cat rec.err)"
same plain.out rec.out
timeout -s KILL 20 "$RR" replay -a > rep.out 2> rep.err || fail "$(cat rep.err)"
same plain.out rep.out
