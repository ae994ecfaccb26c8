# Programs as they come from Debian record and replay with the same output and status, elsewhere, and
# after their input is gone
. "$top/tests/lib.sh"
need python3; need perl; need sqlite3
seq 50000 | awk '{ print $1 * 7919 % 50021 }' > numbers
mkdir tree && cp "$top"/*.c tree
cat > clock.py <<'P'
import random, time, os
print(random.random(), time.time(), os.getpid(), hash("x"))
P

# record CMD...: into the list; its output and status are kept for the replay
n=0
record() {
    n=$((n + 1))
    local rc=0
    "$RR" record -o "t$n" "$@" > "out$n" 2> "err$n" || rc=$?
    echo "$rc" > "rc$n"
    printf '%s ' "$@" > "cmd$n"
}
record ls -lR /usr/share/doc
record sort numbers
record date +%s.%N
record /usr/bin/python3 clock.py
record perl -e 'print rand(), " ", time, "\n"; exit 5'
record grep -r include tree
record sha256sum numbers tree/rr.c
record tar c tree
record sqlite3 :memory: 'create table t(a); insert into t values(random()), (random()); select * from t order by a'
record awk '{ s += $1 } END { srand(); print s, rand() }' numbers
record cat numbers
record gcc -E tree/trace.c
record sh -c 'kill -ABRT $$'
rm -rf numbers tree clock.py
mkdir elsewhere && cd elsewhere
for i in $(seq "$n"); do
    rc=0
    "$RR" replay -a "../t$i" > out 2> err || rc=$?
    [ "$rc" -eq "$(cat "../rc$i")" ] || { cat err; fail "replay of $(cat "../cmd$i") ends with $rc, not $(cat "../rc$i")"; }
    same "../out$i" out
    same "../err$i" err
done
for i in $(seq 20); do "$RR" replay -a ../t4 > again; same ../out4 again; done
