# curl, recorded, of a server that is not
. "$top/tests/lib.sh"
need curl; need /usr/bin/python3
mkdir served && seq 300000 > served/page
cat > serve.py <<'P'
import functools, http.server, os
class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args): pass
s = http.server.ThreadingHTTPServer(('127.0.0.1', 0), functools.partial(Quiet, directory='served'))
with open('port.new', 'w') as f: print(s.server_port, file=f)
os.rename('port.new', 'port')
s.serve_forever()
P
/usr/bin/python3 serve.py & server=$!
trap 'kill $server' EXIT
until [ -s port ]; do kill -0 $server || fail "no server"; done
port=$(cat port)
status 0 "$RR" record curl -s "http://127.0.0.1:$port/page" > rec.out 2> rec.err
same served/page rec.out
replays 0 curl
roundtrip curl -sv -o got "http://localhost:$port/page" "http://localhost:$port/nothing"
grep -q '404 File not found' rec.err || fail "curl said: $(cat rec.err)"
roundtrip curl -sS "http://127.0.0.1:1/"
grep -q 'curl: (7)' rec.err || fail "curl said: $(cat rec.err)"
