// node bench/server.mjs SCRATCH, through `make bench-server`. CASES=2000000 for a province's year.
//
// Look-ups beside the same bytes from memory, and beside the same service as a portal team would write it; with
// DATABASE=postgres://… the same on PostgreSQL. KEEP=1 uses the cases that an earlier run has imported.
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import { caseOf, envelopes, numbers, proofOf } from './cases.mjs'
import { clock, hit, machine, median, ours, quiet, round, start, table } from './run.mjs'

const scratch = process.argv[2]
const { DUNG_HEN_SERVER: program, LOAD: load, PEER: peer, DATABASE: postgres } = process.env
const cases = Number(process.env.CASES ?? 100_000)
const seconds = Number(process.env.SECONDS ?? 3)
const rounds = Number(process.env.RUNS ?? 5)
const connections = Number(process.env.CONNECTIONS ?? 16)
const PATH = '/api/v1/lookup'

function fill(name, most, ...where) {
  const file = path.join(scratch, 'chunk.ndjson')
  const chunk = 100_000
  let spent = 0
  for (let from = 0; from < most; from += chunk) {
    fs.writeFileSync(file, [...envelopes(from, Math.min(most, from + chunk))].join('\n'))
    const began = performance.now()
    execFileSync(program, ['import', file, ...where, ...clock])
    spent += performance.now() - began
  }
  fs.rmSync(file)
  console.log(`import, ${name}: ${round(most)} cases in ${round(spent / 1000, 1)} s, ${round((most / spent) * 1000)} a second`)
}

async function fillPeer(file) {
  const child = spawn('node', [path.join(peer, 'server.mjs'), file, '--fill'], { stdio: ['pipe', 'inherit', 'inherit'] })
  for (const line of envelopes(0, cases)) if (!child.stdin.write(line + '\n')) await once(child.stdin, 'drain')
  child.stdin.end()
  await once(child, 'exit')
}

/** Codes drawn uniformly over all cases, a tenth of them unknown; each unknown code is asked for once, and other ones the next time: a database that is kept knows who was wrong. */
function lookups(name, body) {
  const random = numbers(20_261_015)
  const lines = []
  for (let n = 0; n < 400_000; n++) {
    const i = random(cases)
    const code = n % 10 ? caseOf(i).MaHoSo : `H98.${900 + (process.pid % 100)}-26${String(1 + (process.pid % 12)).padStart(2, '0')}${String(1 + (process.pid % 28)).padStart(2, '0')}-${String(n).padStart(6, '0')}`
    lines.push(`POST ${PATH} ${JSON.stringify(body(code, i))}`)
  }
  const file = path.join(scratch, `${name}.txt`)
  fs.writeFileSync(file, lines.join('\n'))
  return file
}

/** Reads a database once, so that it stands in the system's cache: a machine may take pages back at any time, and what is compared is not its disk. */
function warm(kind) {
  const file = { ours: path.join(data, 'dung-hen.db'), Fastify: peerFile, 'Fastify, a row': peerFile }[kind]
  if (file) execFileSync('cat', [file], { stdio: ['ignore', 'ignore', 'inherit'] })
}

/** Nine tenths found, one tenth not, and nothing else: a look-up that is refused costs less. */
function check(name, { statuses, requests }) {
  const known = (statuses[200] ?? 0) / requests
  const unknown = ((statuses[404] ?? 0) + (statuses[403] ?? 0)) / requests
  if (Math.abs(known - 0.9) > 0.01 || Math.abs(unknown - 0.1) > 0.01) throw new Error(`${name}: ${JSON.stringify(statuses)}`)
}

console.log(`machine: ${machine()}; ${round(cases)} cases, ${rounds} rounds of ${seconds} s, ${connections} connections, median`)
fs.mkdirSync(scratch, { recursive: true })
const data = path.join(scratch, `data-${cases}`)
if (process.env.KEEP !== '1' || !fs.existsSync(data)) {
  fs.rmSync(data, { recursive: true, force: true })
  fs.mkdirSync(data, { recursive: true })
  fill('SQLite', cases, '--data', data, '--province', 'data/sample/province.toml')
}
console.log(`database: ${round(fs.statSync(path.join(data, 'dung-hen.db')).size / cases)} bytes a case`)
const peerFile = path.join(scratch, `peer-${cases}-whole.db`)
if (peer && !fs.existsSync(peerFile)) await fillPeer(peerFile)
// Which database the directory beside it is of: scripts/with-postgres makes one of its own each time.
const beside = path.join(scratch, 'data-postgres')
const [of, filled] = [path.join(beside, 'of'), `${postgres} ${cases}`]
if (postgres && (process.env.KEEP !== '1' || !fs.existsSync(of) || fs.readFileSync(of, 'utf8') !== filled)) {
  fs.rmSync(beside, { recursive: true, force: true })
  fs.mkdirSync(beside, { recursive: true })
  fill('PostgreSQL', cases, '--data', beside, '--province', 'data/sample/province.toml', '--database', postgres)
  fs.writeFileSync(of, filled)
}

const servers = {
  ours: await ours(data),
  ...(peer ? { Fastify: await start('node', path.join(peer, 'server.mjs'), peerFile, '0') } : {}),
  // It tells a holder the row of the case and no more; counts no wrong proof, computes no date and issues no notice.
  ...(peer ? { 'Fastify, a row': await start('node', path.join(peer, 'server.mjs'), peerFile, '0', '--row') } : {}),
  ...(postgres ? { PostgreSQL: await ours(beside, '--database', postgres) } : {}),
}
for (const [name, server] of Object.entries(servers)) console.log(`${name}: at work of its own for ${await quiet(server)} s after the start`)
const rows = []
for (const [name, body] of [
  ['code alone', (code) => ({ case_code: code })],
  ['code and proof', (code, i) => ({ case_code: code, proof: proofOf(i) })],
  // The same codes once more: the notices of those overdue have been issued.
  ['the same again', (code, i) => ({ case_code: code, proof: proofOf(i) })],
]) {
  const requests = lookups(name.replaceAll(' ', '-'), body)
  const answer = path.join(scratch, 'answer.json')
  const asked = await fetch(`http://${servers.ours.address}${PATH}`, {
    method: 'POST', headers: { 'content-type': 'application/json', 'accept-encoding': 'identity' }, body: JSON.stringify(body(caseOf(1).MaHoSo, 1)),
  })
  if (!asked.ok) throw new Error(`${name}: ${asked.status} ${await asked.text()}`)
  fs.writeFileSync(answer, await asked.text())
  // What the server's program sets by itself (hyper, or fetch's own reading) is not repeated.
  const headers = [...asked.headers].filter(([name]) => !['connection', 'content-length', 'content-type', 'date', 'keep-alive'].includes(name))
  // What the code alone gets is the same of both peers.
  const asking = Object.entries(servers).filter(([kind]) => name !== 'code alone' || kind !== 'Fastify, a row')
  const remembers = (...more) => start(load, 'memory', '--listen', '127.0.0.1:0', '--path', PATH, '--answer', answer, ...more)
  // The same answer to the last byte of its headers, and its body alone.
  const memories = { memory: await remembers(...headers.flatMap(([name, value]) => ['--header', `${name}: ${value}`])), body: await remembers() }
  const turns = [...Object.entries(memories), ...asking]
  const seen = Object.fromEntries(turns.map(([kind]) => [kind, []]))
  let from = 0
  for (let turn = 0; turn < rounds; turn++) {
    for (const [kind, server] of turns) {
      warm(kind)
      const one = hit(server, requests, { seconds, connections, from })
      if (!(kind in memories)) check(`${name}, ${kind}`, one)
      seen[kind].push(one)
    }
    from += Math.max(...Object.values(seen).map((list) => list.at(-1).requests))
  }
  const rate = (kind) => median(seen[kind].map((one) => one.per_second))
  const us = (kind) => median(seen[kind].map((one) => one.us))
  for (const [kind, server] of asking) {
    warm(kind)
    const half = hit(server, requests, { seconds, connections, from, rate: rate(kind) / 2 })
    rows.push({
      'look-up': name,
      'answered by': kind,
      'a second': round(rate(kind)),
      'of memory': round(rate(kind) / rate('memory'), 2),
      'of its body alone': round(rate(kind) / rate('body'), 2),
      'processor µs': round(us(kind), 1),
      'of memory, by processor': round(us('memory') / us(kind), 2),
      'p50 ms at half load': round(half.ms.p50, 2),
      'p99 ms': round(half.ms.p99, 2),
    })
  }
  for (const [kind, server] of Object.entries(memories)) {
    const what = { memory: `memory, the same answer`, body: `memory, its ${fs.statSync(answer).size} bytes of body` }[kind]
    rows.push({
      'look-up': name, 'answered by': what, 'a second': round(rate(kind)), 'of memory': round(rate(kind) / rate('memory'), 2),
      'of its body alone': round(rate(kind) / rate('body'), 2), 'processor µs': round(us(kind), 1),
      'of memory, by processor': round(us('memory') / us(kind), 2), 'p50 ms at half load': '', 'p99 ms': '',
    })
    await server.stop()
  }
}
table('Look-ups', rows)
console.log(`\nresident memory of our server at most ${round(servers.ours.memory())} MB`)
for (const server of Object.values(servers)) await server.stop()
