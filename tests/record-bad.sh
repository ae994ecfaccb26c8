# Bad input to the recorder and to replay: one clear line, the right exit status, never a crash
. "$top/tests/lib.sh"
need python3

# says STATUS TEXT CMD...: CMD exits with STATUS and says exactly one line, with TEXT in it
says() {
    local want=$1 text=$2; shift 2
    status "$want" timeout -k 1 20 "$@" > out 2>&1
    grep -qF -- "$text" out || fail "$* does not say '$text' but: $(cat out)"
    [ "$(wc -l < out)" -eq 1 ] || fail "$* says more than a line: $(cat out)"
}
says 70 'no recording yet' "$RR" replay -a
says 127 'cannot run ./none: No such file' "$RR" record ./none
says 126 'cannot run /etc/passwd: Permission denied' "$RR" record /etc/passwd
says 2 'usage: rr record' "$RR" record
says 2 '-Z is no option' "$RR" record -Z true
says 2 '-Z is no option' "$RR" replay -Z
says 2 'not a number from 0 to 65535' "$RR" replay -s 70000
says 2 'no command frobnicate' "$RR" frobnicate
says 70 './none/events: No such file' "$RR" replay -a ./none
"$RR" record -o t1 sh -c 'echo out; exit 3' > /dev/null || true
says 70 'File exists' "$RR" record -o t1 true
says 70 'no process 99 in it' "$RR" replay -a -p 99 t1

# what cannot be printed is no success
for command in "ps t1" "dump t1" help; do
    says 70 'cannot write: No space left on device' sh -c '"$0" $1 > /dev/full' "$RR" "$command"
done

# every prefix of a trace (all lengths near the ends of records matter; a step of 61 visits them all in time)
cp -r t1 t2
size=$(stat -c %s t1/events)
for n in $(seq 0 61 $((size - 1))) $((size - 1)); do
    head -c "$n" t1/events > t2/events
    says 70 t2 "$RR" replay -a -q t2
done
# damage is found, and named by its place
for at in 100 5000 $((size / 2)) $((size - 20)); do
    cp t1/events t2/events
    old=$(od -An -tu1 -j "$at" -N 1 t1/events)
    printf "\\$(printf %o $(((old + 1) % 256)))" | dd of=t2/events bs=1 seek="$at" conv=notrunc 2> dd.log
    says 70 'damaged at byte' "$RR" replay -a -q t2
done
# a record that was being written when the recorder was killed is not there yet: its first eight bytes are zeroes
/usr/bin/python3 - t1/events > t2/events <<'P'
import struct, sys
b = bytearray(open(sys.argv[1], "rb").read())
at = last = 24
while at < len(b): last, at = at, at + 8 + struct.unpack_from("<I", b, at)[0]
b[16:24] = b[last:last + 8] = bytes(8) # not closed by the recorder
sys.stdout.buffer.write(b + bytes(4096))
P
says 70 'was cut off: it replays up to event' "$RR" replay -a -q t2
{ printf 'tinyrr\n\0\143\0\0\0'; head -c 20 /dev/zero; } > t2/events
says 70 'another version' "$RR" replay -a t2
echo text > t2/events
says 70 'not a recording' "$RR" replay -a t2
# ...and can be removed, which nothing else can be
"$RR" rm t2
[ ! -e t2 ] || fail "rr rm leaves $(ls -A t2)"
mkdir mine mine/files
touch mine/events mine/files/0 mine/thesis
says 70 'it has a file thesis' "$RR" rm mine
rm mine/events mine/thesis
says 70 'it has no file events' "$RR" rm mine
[ -e mine/files/0 ] || fail "rr rm removed a file that is no recording's"
# the copies of files are checked, too
cp -r t1 t2
file=$(grep -l /libc.so t2/files/*.path)
file=${file%.path}
printf x | dd of="$file" bs=1 seek=$(($(stat -c %s "$file") / 2)) conv=notrunc 2> dd.log
says 70 "damaged; this was the recorded program's /" "$RR" replay -a -q t2

# a 32-bit program: refused as by a kernel that has none, so that the rest of the tree goes on; alone, a line says so
echo '.globl _start; _start: mov $1, %eax; mov $3, %ebx; int $0x80' > p32.s
if gcc -m32 -nostdlib -static -o p32 p32.s 2> /dev/null && { got=0; ./p32 || got=$?; [ "$got" -eq 3 ]; }; then
    roundtrip sh -c './p32; echo $?; cd /; exec "$OLDPWD/p32"'
    [ "$(cat rec.out)" = 126 ] || fail "a 32-bit program under sh: $(cat rec.out rec.err)"
    says 70 'a 32-bit program cannot be recorded' "$RR" record ./p32
fi
