# ssh-keygen: keys out of chance
. "$top/tests/lib.sh"
need ssh-keygen
for t in ed25519 rsa ecdsa; do
    roundtrip ssh-keygen -t $t -N '' -C a -f key-$t
    grep -q SHA256 rec.out || fail "ssh-keygen said: $(cat rec.out rec.err)"
done
roundtrip ssh-keygen -l -v -f key-rsa
