# openssl speed: a second of computing ended by an alarm, and how far it came; then keys and a signature
. "$top/tests/lib.sh"
need openssl
roundtrip openssl speed -seconds 1 -bytes 1024 sha256
grep -q 'sha256  *[0-9]' rec.out || fail "openssl said: $(cat rec.out rec.err)"
roundtrip openssl rand -hex 32
roundtrip openssl genrsa -out key 2048
roundtrip openssl req -new -x509 -key key -subj /CN=a -days 1
