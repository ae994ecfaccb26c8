# The CPU does what QEMU's does, on random instructions of every class and every kind of page; and
# where QEMU is known to be wrong, what the manual says. SEED and AMOUNT (instructions of each
# class) may be set.
. "$top/tests/lib.sh"
need python3
need qemu-system-arm
need arm-none-eabi-gcc
python3 "$here/oracle/oracle.py" --rr "$RR" --seed "${SEED:-1}" --amount "${AMOUNT:-100000}"
