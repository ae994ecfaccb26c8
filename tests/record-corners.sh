# Corners: many tiny programs, each with one thing the kernel does for a program. Output and exit status of the
# plain run, of the recorded run and of the replay are the same. A program that says "varies" in its first line
# prints what differs from run to run (times, chances): there only recording and replay must agree.
# One that begins with "// static" is linked so.
# CORNERS='sig-* mem-*' runs those alone.
. "$top/tests/lib.sh"
need gcc
corners=$here/prog/corners
jobs=2
ulimit -n 1024 # as nearly everywhere

names=($(cd "$corners" && printf '%s\n' ${CORNERS:-*.c} | sed 's/\.c$//'))
printf '%s\n' "${names[@]}" | xargs -P $jobs -I{} \
    sh -c 'case $(head -n 1 "$1") in "// static"*) static=-static;; esac
           gcc -O1 -pthread -w $static -o "$2" "$1" -lrt' - "$corners/{}.c" ./{}.bin || fail 'a program does not compile'

# check NAME: prints a line if it fails
check() {
    local n=$1 plain=0 rec=0 rep=0 d=$PWD/$1.d
    mkdir -p "$d/1" "$d/2"
    (cd "$d/1"; exec timeout -s KILL 20 ../../"$n.bin" > ../plain < /dev/null 2> ../plain.err) || plain=$?
    (cd "$d/2"; exec timeout -s KILL 20 "$RR" record -o "$d/trace" ../../"$n.bin" > ../rec < /dev/null 2> ../rec.err) || rec=$?
    (cd "$d/2"; exec timeout -s KILL 20 "$RR" replay -a "$d/trace" > ../rep < /dev/null 2> ../rep.err) || rep=$?
    if ! head -n 1 "$corners/$n.c" | grep -q varies; then
        [ $plain -eq $rec ] || { echo "$n: exit status $plain, recorded $rec: $(tail -n 1 "$d/rec.err")"; return; }
        cmp -s "$d/plain" "$d/rec" ||
            { echo "$n: recorded output differs: $(diff "$d/plain" "$d/rec" | head -n 3 | tr '\n' '~')"; return; }
    fi
    [ $rec -eq $rep ] || { echo "$n: recorded status $rec, replayed $rep: $(tail -n 1 "$d/rep.err")"; return; }
    cmp -s "$d/rec" "$d/rep" ||
        { echo "$n: replayed output differs: $(diff "$d/rec" "$d/rep" | head -n 3 | tr '\n' '~')"; return; }
    ! head -n 1 "$corners/$n.c" | grep -q refuse || return
    grep -q '^rr:' "$d/rec.err" "$d/rep.err" && { echo "$n: says $(grep -h '^rr:' "$d"/re?.err | head -n 1)"; return; }
    rm -rf "$d/trace"
}
for n in "${names[@]}"; do
    while [ "$(jobs -rp | wc -l)" -ge $jobs ]; do wait -n || true; done
    check "$n" >> failures 2> /dev/null & # bash tells of each signal death
done
wait
[ ! -s failures ] || { cat failures; fail "$(wc -l < failures) of ${#names[@]}"; }
echo "${#names[@]} programs"
