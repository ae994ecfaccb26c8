# Probes at every instruction of a function: counts, compared states and conditions are exact, and an
# onlooker never sees a stub. Without optimisation and with: other instructions, other neighbours.
. "$top/tests/lib.sh"
for level in -O0 -O1 -O2; do
    ${CC:-gcc} -std=gnu11 -g $level -Wall -fno-strict-aliasing -o unit "$here/unit/probe.c" \
        "$top/probe.c" "$top/stub.c" "$top/agent.c" "$top/x86.c"
    ./unit || fail "$level"
done
