// node bench/server.mjs SCRATCH, through `make bench-server`. CASES=2000000 for a province's year.
//
// Server on the first processor, load on the second, so that what is compared is what the server costs.
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { caseOf, envelopes, numbers, proofOf } from './cases.mjs'

const scratch = process.argv[2]
const { DUNG_HEN_SERVER: program, LOAD: load, PEER: peer } = process.env
const cases = Number(process.env.CASES ?? 100_000)
const seconds = Number(process.env.SECONDS ?? 3)
const rounds = Number(process.env.RUNS ?? 5)
const clock = ['--clock', '2026-10-15T09:00:00+07:00']
const pin = (cpu, command, ...args) => (os.cpus().length > 1 ? ['taskset', '-c', String(cpu), command, ...args] : [command, ...args])
const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1]
const round = (x, digits = 0) => x.toLocaleString('en', { maximumFractionDigits: digits, minimumFractionDigits: digits })

/** A server of some kind, on the first processor; stopped with `stop`. */
async function start(command, ...args) {
  const [first, ...rest] = pin(0, command, ...args)
  const child = spawn(first, rest, { stdio: ['ignore', 'pipe', 'ignore'] })
  process.once('exit', () => child.kill('SIGKILL'))
  let said = ''
  for await (const data of child.stdout) {
    said += data
    const found = /http:\/\/([\d.:]+)/.exec(said)
    if (found) {
      child.stdout.resume()
      const ended = once(child, 'exit')
      return {
        address: found[1],
        memory: () => Number(/VmHWM:\s+(\d+)/.exec(fs.readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1] ?? 0) / 1024,
        stop: () => (child.kill('SIGKILL'), ended),
      }
    }
  }
  throw new Error(`${command} ended: ${said}`)
}

function hit(address, requests, more = []) {
  const [first, ...rest] = pin(1, load, 'hit', '--address', address, '--requests', requests, '--seconds', String(seconds), ...more)
  return JSON.parse(execFileSync(first, rest, { encoding: 'utf8', maxBuffer: 1 << 26 }))
}

function fill(data) {
  fs.rmSync(data, { recursive: true, force: true })
  fs.mkdirSync(data, { recursive: true })
  const file = path.join(scratch, 'chunk.ndjson')
  const chunk = 50_000
  let spent = 0
  for (let from = 0; from < cases; from += chunk) {
    fs.writeFileSync(file, [...envelopes(from, Math.min(cases, from + chunk))].join('\n'))
    const began = performance.now()
    execFileSync(program, ['import', file, '--data', data, ...clock])
    spent += performance.now() - began
  }
  fs.rmSync(file)
  const bytes = fs.statSync(path.join(data, 'dung-hen.db')).size
  console.log(`import: ${round(cases)} cases in ${round(spent / 1000, 1)} s, ${round((cases / spent) * 1000)} a second; ${round(bytes / cases)} bytes a case`)
}

async function fillPeer(file) {
  fs.rmSync(file, { force: true })
  const child = spawn('node', [path.join(peer, 'server.mjs'), file, '--fill'], { stdio: ['pipe', 'inherit', 'inherit'] })
  for (const line of envelopes(0, cases)) if (!child.stdin.write(line + '\n')) await once(child.stdin, 'drain')
  child.stdin.end()
  await once(child, 'exit')
}

/** Codes drawn uniformly over all cases, a tenth of them unknown. */
function lookups(name, body) {
  const random = numbers(20_261_015)
  const lines = []
  for (let n = 0; n < 200_000; n++) {
    const i = random(cases)
    const code = n % 10 ? caseOf(i).MaHoSo : `H98.900-261001-${String(n).padStart(6, '0')}`
    lines.push(`POST /api/v1/lookup ${JSON.stringify(body(code, i))}`)
  }
  const file = path.join(scratch, `${name}.txt`)
  fs.writeFileSync(file, lines.join('\n'))
  return file
}

console.log(`machine: ${os.cpus().length} × ${os.cpus()[0].model.trim()}; ${round(cases)} cases, ${rounds} rounds of ${seconds} s, 16 connections, median`)
fs.mkdirSync(scratch, { recursive: true })
const data = path.join(scratch, `data-${cases}`)
if (process.env.KEEP !== '1' || !fs.existsSync(data)) fill(data)
const peerFile = path.join(scratch, `peer-${cases}.db`)
if (peer && !fs.existsSync(peerFile)) await fillPeer(peerFile)

const ours = await start(program, 'serve', '--data', data, '--province', 'data/sample/province.toml', '--listen', '127.0.0.1:0', ...clock)
const theirs = peer ? await start('node', path.join(peer, 'server.mjs'), peerFile, '0') : undefined
const table = []
for (const [name, body] of [
  ['code alone', (code) => ({ case_code: code })],
  ['code and proof', (code, i) => ({ case_code: code, proof: proofOf(i) })],
]) {
  const requests = lookups(name.replaceAll(' ', '-'), body)
  const known = caseOf(1)
  const answer = path.join(scratch, 'answer.json')
  const asked = await fetch(`http://${ours.address}/api/v1/lookup`, {
    method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body(known.MaHoSo, 1)),
  })
  if (!asked.ok) throw new Error(`${name}: ${asked.status} ${await asked.text()}`)
  fs.writeFileSync(answer, await asked.text())
  const memory = await start(load, 'memory', '--listen', '127.0.0.1:0', '--path', '/api/v1/lookup', '--answer', answer)
  const kinds = { memory, ours, ...(theirs ? { theirs } : {}) }
  const rates = Object.fromEntries(Object.keys(kinds).map((kind) => [kind, []]))
  let last
  for (let turn = 0; turn < rounds; turn++) {
    for (const [kind, { address }] of Object.entries(kinds)) {
      const seen = hit(address, requests)
      rates[kind].push(seen.per_second)
      if (kind === 'ours') last = seen
    }
  }
  const rate = Object.fromEntries(Object.entries(rates).map(([kind, list]) => [kind, median(list)]))
  const half = hit(ours.address, requests, ['--rate', String(rate.ours / 2)])
  table.push({
    'look-up': name,
    bytes: fs.statSync(answer).size,
    'from memory /s': round(rate.memory),
    'ours /s': round(rate.ours),
    'ours ÷ memory': round(rate.ours / rate.memory, 2),
    ...(theirs ? { 'Fastify /s': round(rate.theirs), 'ours ÷ Fastify': round(rate.ours / rate.theirs, 1) } : {}),
    'p50 ms at half load': round(half.ms.p50, 2),
    'p99 ms': round(half.ms.p99, 2),
    statuses: JSON.stringify(last.statuses),
  })
  await memory.stop()
}
console.table(table)
console.log(`resident memory of the server at most ${round(ours.memory())} MB`)
await ours.stop()
await theirs?.stop()
