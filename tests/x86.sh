# The decoder agrees with the disassembler on the length of every instruction of some big libraries.
. "$top/tests/lib.sh"
need objdump
${CC:-gcc} -std=gnu11 -O1 -Wall -o unit "$here/unit/x86.c" "$top/x86.c"

# instructions FILE: the bytes of each, one a line; without data in the text and lone prefixes and fwait pairs
instructions() {
    objdump -d --insn-width=16 "$1" | awk -F'\t' \
        'NF >= 3 && $3 !~ /\(bad\)|data16|^(rex|cs|ds|es|ss|fs|gs|addr32|repz|repnz|lock) *$/ \
         { gsub(/ /, "", $2); if ($2 !~ /^9b./) print $2 }'
}

for f in /lib/x86_64-linux-gnu/libc.so.6 /lib/x86_64-linux-gnu/libm.so.6 /bin/bash; do
    instructions "$f" > insns
    [ "$(wc -l < insns)" -gt 5000 ] || fail "only $(wc -l < insns) instructions in $f"
    ./unit < insns > answer || fail "$f: $(head -5 answer)"
done

# Cut off, invalid and 16-bit forms are refused, not guessed.
for bytes in 66e800000000 06 c4; do
    echo $bytes | ./unit | grep -q unknown || fail "$bytes was taken for an instruction"
done
