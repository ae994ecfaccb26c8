# Threads: the interleaving that was recorded is the one that is replayed
. "$top/tests/lib.sh"
build turns
roundtrip ./turns
tail -n 1 rec.out | grep -q '^800 60$' || fail "$(tail -n 1 rec.out)"
for i in 1 2 3 4 5; do "$RR" replay -a > again || true; same rec.out again; done
need python3
cat > t.py <<'P'
import threading, queue, asyncio, subprocess
q = queue.Queue()
def work(i):
    for k in range(20): q.put((i, k))
ts = [threading.Thread(target=work, args=(i,)) for i in range(4)]
[t.start() for t in ts]; [t.join() for t in ts]
print([q.get() for _ in range(80)])
async def tick(n):
    await asyncio.sleep(0.001 * n)
    return n
async def main(): return await asyncio.gather(*(tick(i) for i in range(5)))
print(asyncio.run(main()))
print(subprocess.run(["echo", "child"], capture_output=True))
P
roundtrip /usr/bin/python3 t.py
