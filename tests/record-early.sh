# What a sleeping syscall writes when it is woken is not seen by other threads before the trace has it
. "$top/tests/lib.sh"
build early
for i in 1 2 3; do roundtrip ./early; done
