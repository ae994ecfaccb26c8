# node: timers, promises, a child, worker threads
. "$top/tests/lib.sh"
need node
cat > timers.js <<'J'
const { execFile } = require('child_process'), fs = require('fs')
let n = 0
const t = setInterval(() => { console.log(++n, Date.now(), Math.random()); if (n == 10) clearInterval(t) }, 3)
setTimeout(() => console.log('timeout', process.hrtime()), 10)
setImmediate(() => console.log('immediate'))
Promise.resolve().then(() => console.log('promise'))
fs.readFile(__filename, (e, data) => console.log(data.length))
execFile('date', ['+%N'], (e, out) => { console.log(out); process.exitCode = 3 })
J
cat > workers.js <<'J'
const { Worker, isMainThread, parentPort } = require('worker_threads')
if (isMainThread) {
    for (let i = 0; i < 3; i++) new Worker(__filename).on('message', m => console.log(i, m))
    let n = 0, t = setInterval(() => { if (++n == 20) clearInterval(t) }, 5)
} else {
    let sum = 0
    for (let i = 0; i < 3e6; i++) sum += i % 7
    parentPort.postMessage(sum)
    parentPort.postMessage(Math.random())
}
J
roundtrip node -e "$(cat timers.js | sed 's/__filename/"timers.js"/')"
[ "$(wc -l < rec.out)" -ge 15 ] || fail "node said: $(cat rec.out rec.err)"
roundtrip node workers.js
[ "$(wc -l < rec.out)" -eq 6 ] || fail "node said: $(cat rec.out rec.err)"
roundtrip -c 3 node workers.js
