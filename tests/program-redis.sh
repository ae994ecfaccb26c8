# redis-server, recorded, answers a thousand requests of a client that is not
. "$top/tests/lib.sh"
need /usr/bin/python3
redis=$(command -v redis-server || command -v redis-check-rdb) || skip "needs redis-server"
ln -s "$redis" redis-server # (one program, it goes by its name; Debian has it in redis-tools)
"$here/client" 1000 'INCR counter\r\n' "$RR" record ./redis-server --port PORT --save '' --bind 127.0.0.1 \
    > rec.out 2> rec.err || fail "$(tail -n 5 rec.err)"
tail -n 1 rec.err | grep -q '^client: 1000 answers, the last :1000$' || fail "$(tail -n 5 rec.err)"
sed -i '/^client: /d' rec.err
replays 0 redis-server
