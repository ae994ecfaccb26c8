# java: a machine of some twenty threads that compiles its code as it runs
. "$top/tests/lib.sh"
need java
roundtrip java -version
grep -qi version rec.err || fail "java said: $(cat rec.out rec.err)"
