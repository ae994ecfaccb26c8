# sqlite3 writes a database, with a journal and with a write-ahead log in shared memory
. "$top/tests/lib.sh"
need sqlite3
{
    echo 'create table t(a, b);'
    for i in $(seq 100); do echo "insert into t values(random(), $i);"; done
    echo 'pragma journal_mode=wal; begin;'
    for i in $(seq 2000); do echo "insert into t values(random(), $i);"; done
    echo "commit; update t set a = a / 2 where b % 3 = 0; create index i on t(a);"
    echo "select count(*), avg(a), min(a) from t; select datetime('now'); vacuum; pragma integrity_check;"
} > sql
roundtrip sqlite3 db '.read sql'
tail -n 1 rec.out | grep -q ok || fail "sqlite3: $(cat rec.out rec.err)"
roundtrip sqlite3 db 'select * from t order by a limit 5; delete from t;'
