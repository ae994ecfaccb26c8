# nginx, a master and a worker, recorded, answers a thousand requests of a client that is not
. "$top/tests/lib.sh"
need /usr/bin/python3
PATH=$PATH:/usr/sbin
need nginx
mkdir served tmp && seq 200 > served/page
cat > nginx.conf <<'N'
daemon off; master_process on; worker_processes 1; pid nginx.pid; error_log /dev/stderr;
events { } http { access_log log; client_body_temp_path tmp; proxy_temp_path tmp; fastcgi_temp_path tmp;
uwsgi_temp_path tmp; scgi_temp_path tmp; server { listen 127.0.0.1:PORT; root served; } }
N
"$here/client" -c nginx.conf 1000 'GET /page HTTP/1.1\r\nHost: a\r\n\r\n' "$RR" record nginx -p . -c nginx.conf \
    > rec.out 2> rec.err || fail "$(tail -n 5 rec.err)"
tail -n 1 rec.err | grep -q '^client: 1000 answers, the last 200$' || fail "$(tail -n 5 rec.err)"
[ "$(grep -c '"GET /page HTTP/1.1" 200' log)" -eq 1000 ] || fail "the log has $(wc -l < log) lines"
sed -i '/^client: /d' rec.err
replays 0 nginx
