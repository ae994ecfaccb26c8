# bash: pipelines, job control, traps, here-documents, process substitution, a coprocess
. "$top/tests/lib.sh"
seq 3000 | awk '{ print $1 * 7919 % 50 }' > numbers
cat > jobs.sh <<'S'
set -m
sort numbers | uniq -c | sort -n | tail -n 3
for i in 1 2 3; do
    sleep 0.05 &
    kill -STOP %%
    jobs
    kill -CONT %%
    wait %%
    echo "ended $?"
done
sleep 60 & sleep 61 &
jobs -l
kill %1 %2
wait
trap 'echo a child' CHLD
(exit 3) & wait $!; echo "status $?"
trap - CHLD
trap 'echo usr1; got=1' USR1
(kill -USR1 $$) &
until [ "${got:-}" ]; do :; done
wait
diff <(head -n 3 numbers) <(tail -n 3 numbers)
coproc { while read -r x; do echo "got $x"; done; }
echo hello >&"${COPROC[1]}"
read -r answer <&"${COPROC[0]}"
echo "$answer $RANDOM $$ $EPOCHREALTIME"
cat <<< here | (read -r a; echo "$a" > >(cat))
(sleep 0.01; exit 7) &
wait -n
echo "$? ${PIPESTATUS[*]}"
exit 9
S
roundtrip bash jobs.sh
grep -q '^got hello ' rec.out || fail "bash said: $(cat rec.out rec.err)"
roundtrip bash -c 'for i in {1..100}; do env true; done; yes | head -n 1000 | wc -l; kill -TERM $$'
