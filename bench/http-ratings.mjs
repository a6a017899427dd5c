// node bench/http-ratings.mjs SCRATCH DIST, through `make bench-ratings`. Ratings over HTTP, each with a ballot of its own and
// on the disk before it is answered, beside a bare loop of commits on the same disk and beside the same service as a
// portal team would write it, over the same cases; with as many look-ups meanwhile beside both. 16 and 64 under way at
// once. The disk of a machine that measures may answer so soon that it limits nobody: SLOW_DISK_MS="5 15 40" repeats it
// with flushes that take so long, for our server, the peer and the bare loop (bench/slow-disk.c).
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { ballots } from './ballots.mjs'
import { caseOf, envelopes, numbers, proofOf } from './cases.mjs'
import { clock, flush, hit, hitting, machine, median, ours, quiet, round, start, table } from './run.mjs'

const [scratch, dist] = process.argv.slice(2)
const { DUNG_HEN_SERVER: program, LOAD: load, PEER: peer, DATABASE: postgres } = process.env
// What commits in a bare loop has all processors, too.
process.env.PIN ??= '0'
const rounds = Number(process.env.RUNS ?? 2)
const seconds = Number(process.env.SECONDS ?? 2)
const wanted = Number(process.env.BALLOTS ?? 24_000)
const cases = Math.ceil((wanted * 4) / 3) + 8
const data = path.join(scratch, 'http-ratings')

let asked = 0
/** Each one new, in every turn: what is there already is not committed again. */
function theirRatings(n) {
  const random = numbers(7 + asked++)
  return Array.from({ length: n }, (_, at) => `POST /api/v1/ratings ${JSON.stringify({ token: `${process.pid}-${asked}-${at}-${random(1e9)}`, agency: 'H98.101', month: '2026-10', overall: 4, factors: [4, 5, 4, 3, 4] })}`)
}

function bare(batch) {
  const file = path.join(scratch, 'bare.db')
  const clean = () => ['', '-wal', '-shm'].forEach((end) => fs.rmSync(file + end, { force: true }))
  clean()
  const seen = JSON.parse(execFileSync(load, ['commit', '--file', file, '--batch', String(batch), '--seconds', String(seconds)], { encoding: 'utf8' }))
  clean()
  return seen.rows_per_second
}

console.log(`machine: ${machine()}; ${rounds} rounds of ${seconds} s, median`)
fs.rmSync(data, { recursive: true, force: true })
fs.mkdirSync(data, { recursive: true })
const chunk = path.join(scratch, 'http-ratings.ndjson')
fs.writeFileSync(chunk, [...envelopes(0, cases)].join('\n'))
const place = ['--data', data, ...(postgres ? ['--database', postgres] : [])]
execFileSync(program, ['import', chunk, ...place, '--province', 'data/sample/province.toml', ...clock])
const peers = path.join(scratch, 'peer-ratings')
fs.rmSync(peers, { recursive: true, force: true })
fs.mkdirSync(peers)
const filled = path.join(peers, 'filled.db')
if (peer) execFileSync('node', [path.join(peer, 'server.mjs'), filled, '--fill'], { input: fs.readFileSync(chunk) })
fs.rmSync(chunk)
const server = await ours(data, ...(postgres ? ['--database', postgres] : []))
const began = performance.now()
const lines = (await ballots(server, dist, Array.from({ length: cases }, (_, i) => i))).slice(0, wanted)
console.log(`${round(lines.length)} ballots in ${round((performance.now() - began) / 1000, 1)} s, both sides of each in this count`)
/** The peer over the same cases, with no ratings yet. */
async function portal(name) {
  if (!peer) return undefined
  const copy = path.join(peers, `${name}.db`)
  fs.copyFileSync(filled, copy)
  return start('node', path.join(peer, 'server.mjs'), copy, '0')
}
const asking = path.join(scratch, 'asking.txt')
const random = numbers(3)
fs.writeFileSync(asking, Array.from({ length: 20_000 }, () => {
  const i = random(cases)
  return `POST /api/v1/lookup ${JSON.stringify({ case_code: caseOf(i).MaHoSo, proof: proofOf(i) })}`
}).join('\n'))

const disk = flush(scratch)
console.log(`a flush of this disk: median ${round(disk.p50, 2)} ms, p99 ${round(disk.p99, 2)} ms`)
// PostgreSQL waits for the disk in processes of its own.
const slow = postgres ? [] : (process.env.SLOW_DISK_MS ?? '5 15 40').split(' ').map(Number).filter((ms) => ms > 0)
const file = path.join(scratch, 'ratings.txt')
const share = Math.floor(lines.length / (2 * rounds + 0.5))

// Who rates waits for the disk; so the load sleeps meanwhile, and takes no processor from whom it measures.
const asks = { seconds: 1, connections: 2, rate: 200, sleeps: true }

async function measure(title, server, theirs) {
  const rows = []
  let used = 0
  await quiet(server, 30)
  // The first ratings of a server are also its first use of memory and of the file they wait in, and those of the peer its
  // first use of what it compiles: they are not measured.
  fs.writeFileSync(file, lines.slice(used, (used += share >> 1)).join('\n'))
  hit(server, file, { seconds: seconds * 3, connections: 64, once: true, sleeps: true })
  if (theirs) {
    fs.writeFileSync(file, theirRatings(20_000).join('\n'))
    hit(theirs, file, { seconds, connections: 64, once: true, sleeps: true })
  }
  for (const connections of [16, 64]) {
    const seen = { bare: [], ours: [], cpu: [], p99: [], quiet: [], busy: [], theirs: [] }
    for (let turn = 0; turn < rounds; turn++) {
      seen.bare.push(bare(connections))
      seen.quiet.push(hit(server, asking, asks).ms.p99)
      fs.writeFileSync(file, lines.slice(used, used + share).join('\n'))
      used += share
      const cpu = server.cpu()
      const before = performance.now()
      // Look-ups may go on when the last rating is answered: what is used then is not used for ratings.
      const processors = () => (server.cpu() - cpu) / ((performance.now() - before) / 1000)
      const rating = hitting(server, file, { seconds: seconds * 3, connections, once: true, sleeps: true }).then((seen) => ({ ...seen, processors: processors() }))
      const looking = hitting(server, asking, asks)
      const [rated, looked] = await Promise.all([rating, looking])
      if (rated.statuses[200] !== rated.requests && rated.statuses[201] !== rated.requests) throw new Error(`ratings: ${JSON.stringify(rated.statuses)}`)
      seen.ours.push(rated.per_second)
      seen.cpu.push(rated.processors)
      seen.p99.push(rated.ms.p99)
      seen.busy.push(looked.ms.p99)
      if (theirs) {
        fs.writeFileSync(file, theirRatings(20_000).join('\n'))
        const rating = hitting(theirs, file, { seconds, connections, once: true, sleeps: true })
        const [rated] = await Promise.all([rating, hitting(theirs, asking, { ...asks, seconds })])
        seen.theirs.push(rated.per_second)
      }
    }
    const of = (name) => median(seen[name])
    rows.push({
      'in flight': connections, 'bare rows /s': round(of('bare')), 'ours, over HTTP /s': round(of('ours')), 'ours ÷ bare': round(of('ours') / of('bare'), 2),
      'processors used': round(of('cpu'), 2), 'p99 ms': round(of('p99'), 1), 'look-up p99 ms, quiet': round(of('quiet'), 2), 'under ratings': round(of('busy'), 2),
      ...(theirs ? { 'Fastify, a commit each /s': round(of('theirs')), 'ours ÷ Fastify': round(of('ours') / of('theirs'), 1) } : {}),
    })
  }
  table(`Ratings over HTTP, ${postgres ? 'PostgreSQL' : 'SQLite'}, ${title}`, rows)
  await server.stop()
  await theirs?.stop()
}

// The same ballots again, each time into a copy of what was there when they had been given.
await server.stop()
async function again(name) {
  if (postgres) return ours(data, '--database', postgres)
  const copy = path.join(scratch, `http-ratings-${name}`)
  fs.rmSync(copy, { recursive: true, force: true })
  fs.cpSync(data, copy, { recursive: true })
  return ours(copy)
}

await measure('the disk as it is', await again('as-it-is'), await portal('as-it-is'))
if (slow.length) {
  const preload = path.join(scratch, 'slow-disk.so')
  execFileSync('cc', ['-O2', '-shared', '-fPIC', '-o', preload, 'bench/slow-disk.c'])
  for (const ms of slow) {
    Object.assign(process.env, { LD_PRELOAD: preload, SLOW_DISK_MS: String(ms) })
    await measure(`every flush ${ms} ms at least, all sides`, await again(ms), await portal(ms))
    delete process.env.LD_PRELOAD
  }
}
