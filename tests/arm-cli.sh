# Whatever is wrong with the command line or the images of `rr arm` is said in one line, with status 2.
. "$top/tests/lib.sh"

# refused PATTERN ARG...: fails unless `rr arm ARG...` says one line that matches PATTERN, and exits with 2
refused() {
    local pattern=$1 got=0; shift
    "$RR" arm "$@" > out 2> err < /dev/null || got=$?
    [ "$got" -eq 2 ] || fail "exit status $got, not 2: rr arm $*"
    [ ! -s out ] || fail "something on stdout: rr arm $*"
    [ "$(wc -l < err)" -eq 1 ] || { cat err; fail "not one line: rr arm $*"; }
    grep -q "^rr: " err || { cat err; fail "no rr: in front: rr arm $*"; }
    grep -qe "$pattern" err || { cat err; fail "no \"$pattern\" in the message: rr arm $*"; }
}

# pin 89 of GPIO to high, which switches the machine off:
#   mov r0, #0x40000000; add r0, r0, #0xe00000; mov r1, #1 << 25; str r1, [r0, #0x20]; str r1, [r0, #0x14]
printf '\001\001\240\343\016\006\200\342\002\024\240\343\040\020\200\345\024\020\200\345' > off
: > empty
head -c 3000000 /dev/zero > big
printf '\177ELF\001\001\001' > cut-off
cp "$RR" foreign                           # an ELF file, but not for ARM

# options
refused '"-bogus"' -bogus
refused '"off"' off
refused '"--icount"' --icount
refused '-kernel needs an argument' -kernel
refused '-x needs an argument' -icount -x
refused '"zaurus"' -M zaurus
refused '"nonsense"' -x nonsense
refused '"nonsense"' -x xscale-page,nonsense
refused '"xscale"' -x xscale
refused '""' -x xscale-page,
refused '""' -x ''
refused '"cpu"' -d cpu
for m in 0 -1 257 1x x '' 99999999999999999999; do
    refused "\"$m\"" -m "$m" -kernel off
done
refused '1023' -kernel off -append "$(printf '%01024d' 0)"

# images
refused 'absent: No such file' -kernel absent
refused 'absent: No such file' -kernel off -initrd absent
refused 'empty: the file is empty' -kernel empty
refused 'empty: the file is empty' -kernel off -initrd empty
refused 'not a file' -kernel .
refused 'big: .* do not fit into 2 MB' -kernel big -m 2
refused 'big: .* do not fit into 4 MB' -kernel off -initrd big -m 4
refused 'cut-off: the ELF file is cut off' -kernel cut-off
refused 'foreign: not an executable for' -kernel foreign

# and what is right is not refused
"$RR" arm --help > out 2> err || fail "--help: status $?"
grep -q '^usage: rr arm' out || fail "--help does not say how to use it"
[ ! -s err ] || fail "--help on stderr"
timeout 60 "$RR" arm -M spitz -kernel off -m 1 -icount -append x < /dev/null
