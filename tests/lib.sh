# tests/lib.sh - sourced by every test. Gives $RR (the binary), $top (the checkout), $RR_TRACE_DIR (an
# empty place for recordings); the test's working directory is empty and its own.
set -eu
here=$top/tests

fail() { echo "FAIL: $*" >&2; exit 1; }
skip() { echo "$*"; exit 77; }
need() { command -v "$1" > /dev/null || skip "needs $1"; }

# same FILE FILE: fails, showing the difference, unless both have the same bytes
same() { cmp -s "$1" "$2" || { diff -u "$1" "$2" | head -40; fail "$1 and $2 differ"; }; }

# status N CMD...: fails unless CMD exits with N
status() {
    local want=$1 got=0; shift
    "$@" || got=$?
    [ "$got" -eq "$want" ] || fail "exit status $got, not $want: $*"
}

# build NAME [CFLAGS...]: compiles tests/prog/NAME.c to ./NAME
build() { local n=$1; shift; ${CC:-gcc} -g -O1 -Wall -o "$n" "$@" "$here/prog/$n.c" -lpthread; }

# roundtrip [-c SEED] CMD...: records CMD, replays it with -a, and compares output and exit status
roundtrip() {
    local rec=0
    "$RR" record "$@" > rec.out 2> rec.err || rec=$?
    replays "$rec" "$*"
}

# replays STATUS NAME [TIMES]: the last recording gives rec.out, rec.err and STATUS again, as often as
# $REPLAYS (1) says, or TIMES if that is more
replays() {
    local rep i times=${REPLAYS:-1}
    [ "${3:-1}" -le "$times" ] || times=$3
    for ((i = 1; i <= times; i++)); do
        rep=0
        "$RR" replay -a > rep.out 2> rep.err < /dev/null || rep=$?
        same rec.out rep.out
        same rec.err rep.err
        [ "$1" -eq "$rep" ] || fail "recorded exit status $1, replayed $rep, replay $i: $2"
    done
}
