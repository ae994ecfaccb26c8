# Output of any size and shape is reproduced to the last byte: 20 MB in one write, 100 buffers in one writev
. "$top/tests/lib.sh"
need python3
cat > out.py <<'P'
import os
os.write(1, bytes(range(256)) * 80000)
os.writev(1, [b"part %d\n" % i for i in range(100)])
os.writev(2, [b"to stderr\n"] * 40)
P
roundtrip /usr/bin/python3 out.py
[ "$(wc -c < rep.out)" -gt 20480000 ] || fail "only $(wc -c < rep.out) bytes"
