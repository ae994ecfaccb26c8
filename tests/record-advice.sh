# An madvise that the recorder replaces by another leaves the program its registers
. "$top/tests/lib.sh"
build advice
roundtrip ./advice
same <(echo "0 8 0") rec.out
