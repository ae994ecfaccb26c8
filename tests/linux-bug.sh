# The post's bug on Linux: with it the kernel comes up and userspace dies by SIGSEGV, every time; with a
# whole flush for every invalidated address, and without the bug, never.
. "$top/tests/lib.sh"
. "$top/tests/linux/lib.sh"
hello='sh -c "ls -l | md5sum; echo alive"'
boot() { timeout 60 "$RR" arm -kernel "$linux/zImage" "$@" -append "-- $hello" < /dev/null > console 2>&1; }
for i in $(seq "${BOOTS:-20}"); do
    status 1 boot -x xscale-page
    grep -q '^Run /init as init process' console || fail "bug on: the kernel did not reach userspace"
    grep -q 'Attempted to kill init! exitcode=0x0000000b' console || fail "bug on: init did not die of SIGSEGV"
    ! grep -q 'Internal error' console || fail "bug on: the kernel itself went wrong"
    for x in "-x xscale-page,flush-page-all" ""; do
        # shellcheck disable=SC2086
        status 0 boot $x
        grep -q '^alive' console && ! grep -qiE 'segmentation|kernel panic' console || fail "not clean: $x"
    done
done
