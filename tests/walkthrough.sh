# docs/walkthrough.md: every command block in it is run and says what the text says
. "$top/tests/lib.sh"
need python3
need gdb
[ -f "$top/docs/walkthrough.md" ] || fail "docs/walkthrough.md is missing"
"$top/tests/walkthrough"
