# python3: threads, asyncio on sockets, subprocesses, a computation
. "$top/tests/lib.sh"
need /usr/bin/python3
cat > threads.py <<'P'
import queue, threading, time
q, out = queue.Queue(3), []
def put(i):
    for k in range(50): q.put((i, k))
def get(i):
    for k in range(50): out.append((i, q.get()))
ts = [threading.Thread(target=f, args=(i,)) for i in range(2) for f in (put, get)]
[t.start() for t in ts]; [t.join() for t in ts]
print(out, time.time())
def compute(n): sums[n] = sum(i * i % 7 for i in range(100000))
sums = {}
ts = [threading.Thread(target=compute, args=(n,)) for n in range(4)]
[t.start() for t in ts]; [t.join() for t in ts]
print(sums)     # in the order in which they ended
P
cat > asyncio_.py <<'P'
import asyncio, time
async def pong(reader, writer):
    while line := await reader.readline(): writer.write(line)
    writer.close()
async def ping(name, port):
    reader, writer = await asyncio.open_connection('127.0.0.1', port)
    for i in range(20):
        writer.write(b'%d\n' % i)
        print(name, await reader.readline(), time.monotonic())
    writer.close()
async def main():
    server = await asyncio.start_server(pong, '127.0.0.1', 0)
    port = server.sockets[0].getsockname()[1]
    print(port)
    await asyncio.gather(*(ping(i, port) for i in range(4)), asyncio.sleep(0.02))
    p = await asyncio.create_subprocess_exec('date', '+%N', stdout=asyncio.subprocess.PIPE)
    print(await p.communicate())
asyncio.run(main())
P
cat > subprocess_.py <<'P'
import multiprocessing, os, subprocess
for i in range(3): print(subprocess.run(['date', '+%N'], capture_output=True))
print(subprocess.run('echo $$; exit 3', shell=True, text=True, capture_output=True))
p = subprocess.Popen(['sort', '-r'], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
print(p.communicate('a\nb\nc\n'), p.returncode)
def work(n): return os.getpid(), n * n
with multiprocessing.get_context('fork').Pool(2) as pool: print(pool.map(work, range(10)))
P
cat > compute.py <<'P'
import random, time
print(sorted(random.random() for _ in range(10**5))[:3], hash('x'), time.time())
P
for p in threads asyncio_ subprocess_ compute; do
    roundtrip /usr/bin/python3 $p.py
    [ -s rec.out ] || { cat rec.err; fail "$p.py said nothing"; }
done
for seed in 1 2; do roundtrip -c $seed /usr/bin/python3 threads.py; done
