# The guest's clock never goes back; with -icount every run shows the same times, and idle hours are free.
. "$top/tests/lib.sh"
need arm-none-eabi-gcc
arm-none-eabi-gcc -mcpu=xscale -O1 -Wall -ffreestanding -nostdlib -Wl,-Ttext=0xa1000000 -I"$here/oracle" \
    -o clock.elf "$here/oracle/start.S" "$here/arm/clock.c" -lgcc

printf mmmq > input
timeout 60 "$RR" arm -kernel clock.elf < input > out
echo "backwards=00000000 stuck=0 backwards=00000000 stuck=0 backwards=00000000 stuck=0 " > expected
same expected out

printf timtittq > input
timeout 60 "$RR" arm -kernel clock.elf -icount < input > first
grep -q 'seconds=0e10 backwards=00000000 stuck=0 time=.* seconds=0e10' first || { cat first; fail "not an hour"; }
for i in 1 2 3; do
    timeout 60 "$RR" arm -kernel clock.elf -icount < input > again
    same first again
done
