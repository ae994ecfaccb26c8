# The chip's devices behave as its manual says, whether time is the host's or the instruction count.
. "$top/tests/lib.sh"
need arm-none-eabi-gcc
arm-none-eabi-gcc -mcpu=xscale -O1 -Wall -ffreestanding -nostdlib -Wl,-Ttext=0xa1000000 -I"$here/oracle" \
    -o devices.elf "$here/oracle/start.S" "$here/arm/devices.c" -lgcc
for how in "" -icount; do
    status 0 timeout 60 "$RR" arm -kernel devices.elf $how < /dev/null > out
    echo "wrong=0 " > expected
    same expected out
done
