# On a terminal the emulator is raw, has its way out, and leaves the terminal as it was.
. "$top/tests/lib.sh"
need arm-none-eabi-gcc
need python3
arm-none-eabi-gcc -mcpu=xscale -O1 -Wall -ffreestanding -nostdlib -Wl,-Ttext=0xa1000000 -I"$here/oracle" \
    -o echo.elf "$here/oracle/start.S" "$here/arm/echo.c" -lgcc
python3 "$here/arm/terminal.py" "$RR" echo.elf

# and from a pipe every byte arrives, however many there are, and no byte has a meaning of its own
head -c 100000 /dev/zero | tr '\0' '\1' > input
printf q >> input
timeout 60 "$RR" arm -kernel echo.elf < input > out
{ echo echo; sed 's/./<&>/g' input; } > expected
tr -d '\n' < expected > e; tr -d '\n' < out > o
same e o
cat input | timeout 60 "$RR" arm -kernel echo.elf -icount | tr -d '\n' > o
same e o
