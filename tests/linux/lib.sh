# tests/linux/lib.sh - for the tests named linux-*: $linux (where `make linux` puts things), and the two
# machines. Everything they are compared by is what the guest prints. LIMIT: seconds that a run may take.
linux=$top/build/linux
[ -s "$linux/programs" ] || skip "no kernel here; run: make linux"

# guest COMMAND: the kernel command line for COMMAND; level 1 leaves only the last words of a dying kernel
guest() { echo "loglevel=1 -- $1"; }

# zaurus COMMAND [OPTION...]: COMMAND on Linux in our machine
zaurus() { local c=$1; shift; timeout "${LIMIT:-300}" "$RR" arm -kernel "$linux/zImage" "$@" -append "$(guest "$c")" < /dev/null; }

# reference COMMAND [OPTION...]: the same in QEMU's
reference() {
    local c=$1; shift
    timeout "${LIMIT:-300}" qemu-system-arm -M spitz -nographic -monitor none -no-reboot -kernel "$linux/zImage" "$@" \
        -append "$(guest "$c")" < /dev/null 2> /dev/null
}
