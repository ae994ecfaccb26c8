#!/usr/bin/env bash
# What gdb writes and the functions it calls happen in a diversion, which is gone when time moves.
. "$(dirname "$0")/lib.sh"
need gdb
build divert
status 0 "$RR" record -o rec ./divert > /dev/null
touch divert.witness

# gdb LINE... runs these commands on the recording; out has what it says.
session() {
    local commands=() c
    for c; do commands+=(-ex "$c"); done
    timeout -s KILL 60 "$RR" replay rec -- -batch "${commands[@]}" > out 2>&1 || true
}
said() { grep -qF -- "$1" out || { cat out; fail "gdb did not say: $1"; }; }

# A call's effects are there to look at, until the program goes on as it did.
session 'tbreak twice' 'continue' 'print twice(21)' 'printf "then calls is %d\n", calls' 'print half(5.0)' \
    'print copy("hello")' 'next' 'printf "now calls is %d\n", calls' 'print/x (long)$sp % 8' 'continue'
for line in '= 42' 'then calls is 1' '= 2.5' 'copied hello' '"hello"' 'now calls is 1' 'copied main' '1 calls, 0.5'; do said "$line"; done

# So it is with what is written to memory and registers.
session 'tbreak twice' 'continue' 'set var calls = 70' 'printf "calls set to %d\n", calls' 'set var $rdi = 5' \
    'print twice(1)' 'printf "a call more: %d\n", calls' 'next' 'printf "as recorded: %d\n", calls' \
    'reverse-next' 'printf "before: %d\n", calls' 'set var calls = 8' 'reverse-stepi' 'printf "untouched: %d\n", calls'
for line in 'calls set to 70' 'a call more: 71' 'as recorded: 1' 'before: 0' 'untouched: 0'; do said "$line"; done

# Breakpoints in a called function stop it; one can step there, finish, or let it be and go back.
session 'tbreak twice' 'continue' 'break half' 'print half(9.0)' 'stepi' 'bt 1' 'finish' 'delete' 'next' \
    'printf "calls %d\n", calls' 'break half' 'print half(3.0)' 'reverse-stepi' 'printf "back at %d\n", calls'
for line in 'stopped while in a function called from GDB' 'half (v=9)' '= 4.5' 'calls 1' 'half (v=3)' 'back at 0'; do said "$line"; done

# What goes wrong in a call goes wrong there only; the world outside is not touched.
session 'tbreak twice' 'continue' 'set unwindonsignal on' 'print crash()' 'print leave()' 'print wait_for_ever()' \
    'print touch_the_world()' 'next' 'printf "calls %d\n", calls' 'continue'
for line in 'SIGSEGV' '= -1' 'calls 1' '1 calls, 0.5'; do said "$line"; done
[ -e divert.witness ] || fail "a diversion deleted a file"
