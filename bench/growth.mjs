// node bench/growth.mjs SCRATCH [SVG], through `scripts/bench-growth`. One database that grows: 1k, 10k, 100k and 1M cases (SIZES),
// and after each step what the server does is timed again. The exponent is that of n in the time for one: 0 is "as
// quick as ever", 1 is "twice the cases, twice the time".
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import { caseOf, envelopes, numbers, proofOf } from './cases.mjs'
import { plot } from './plot.mjs'
import { hit, machine, median, ours, round, table } from './run.mjs'

const [scratch, svg] = process.argv.slice(2)
const { DUNG_HEN_SERVER: program, LOAD: load } = process.env
const sizes = (process.env.SIZES ?? '1000,10000,100000,1000000').split(',').map(Number)
const seconds = Number(process.env.SECONDS ?? 2)
const data = path.join(scratch, 'growth')
const chunkFile = path.join(scratch, 'growth.ndjson')
const at = (day) => `2026-09-${day}T09:00:00+07:00`

function grow(from, to, day) {
  const began = { import: 0, parse: 0 }
  for (let start = from; start < to; start += 100_000) {
    fs.writeFileSync(chunkFile, [...envelopes(start, Math.min(to, start + 100_000))].join('\n'))
    const before = performance.now()
    execFileSync(program, ['import', chunkFile, '--data', data, '--clock', at(day)])
    began.import += performance.now() - before
  }
  // The last piece, read and checked alone.
  const parsed = JSON.parse(execFileSync(load, ['parse', chunkFile, '--seconds', '1'], { encoding: 'utf8' }))
  fs.rmSync(chunkFile)
  return { import: began.import / 1000, parse: parsed.cases_per_second }
}

/** From the server's start to the line that says the figures are up to this day: milliseconds, and cases whose day had come. */
async function watch(day) {
  const child = spawn(program, ['serve', '--data', data, '--province', 'data/sample/province.toml', '--listen', '127.0.0.1:0', '--clock', at(day)], {
    stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, RUST_LOG: 'info', NO_COLOR: '1' },
  })
  const kill = () => child.kill('SIGKILL')
  process.once('exit', kill)
  let listening
  child.stdout.on('data', () => { listening ??= performance.now() })
  let said = ''
  for await (const text of child.stderr) {
    said += text
    const found = /figures\.turned=(\d+).*figures are up to the day|figures are up to the day.*figures\.turned=(\d+)/.exec(said.replace(/\x1b\[[\d;]*m/g, ''))
    if (found) {
      const ms = performance.now() - listening
      kill()
      await once(child, 'exit')
      process.removeListener('exit', kill)
      return { ms, cases: Number(found[1] ?? found[2]) }
    }
  }
  throw new Error(`the watch said nothing:\n${said}`)
}

async function timed(url, times = 15) {
  const all = []
  for (let n = 0; n < times; n++) {
    const began = performance.now()
    const answer = await fetch(url)
    await answer.arrayBuffer()
    if (!answer.ok) throw new Error(`${url}: ${answer.status}`)
    all.push(performance.now() - began)
  }
  return median(all)
}

/** The slope of the line through the logarithms. */
function exponent(points) {
  const logs = points.map(([n, y]) => [Math.log(n), Math.log(y)])
  const mean = (at) => logs.reduce((sum, pair) => sum + pair[at], 0) / logs.length
  const [mx, my] = [mean(0), mean(1)]
  return logs.reduce((sum, [x, y]) => sum + (x - mx) * (y - my), 0) / logs.reduce((sum, [x]) => sum + (x - mx) ** 2, 0)
}

console.log(`machine: ${machine()}`)
fs.rmSync(data, { recursive: true, force: true })
fs.mkdirSync(data, { recursive: true })
const series = {
  'import of a case': [], 'reading of a case sent': [], 'look-up with proof, processor': [], 'timeliness of the province': [],
  'deadline watch, a case that falls due': [], 'deadline watch, a day without any': [],
}
const rows = []
let before = 0
let day = 20
for (const n of sizes) {
  day += 2
  const took = grow(before, n, day)
  await watch(day)
  const next = await watch(day + 1)
  const quiet = await watch(day + 1)
  const random = numbers(n)
  const file = path.join(scratch, 'growth.txt')
  fs.writeFileSync(file, Array.from({ length: 50_000 }, () => {
    const i = random(n)
    return `POST /api/v1/lookup ${JSON.stringify({ case_code: caseOf(i).MaHoSo, proof: proofOf(i) })}`
  }).join('\n'))
  const server = await ours(data, '--clock', at(day + 1))
  hit(server, file, { seconds: 0.5 })
  const seen = hit(server, file, { seconds })
  const figures = await timed(`http://${server.address}/api/v1/metrics/timeliness?period=2026`)
  const satisfied = await timed(`http://${server.address}/api/v1/metrics/satisfaction?period=2026`)
  const memory = server.memory()
  await server.stop()
  const per = took.import / (n - before)
  series['import of a case'].push([n, per * 1e6])
  series['reading of a case sent'].push([n, 1e6 / took.parse])
  series['look-up with proof, processor'].push([n, seen.us])
  series['timeliness of the province'].push([n, figures * 1000])
  if (next.cases) series['deadline watch, a case that falls due'].push([n, Math.max(next.ms - quiet.ms, 0.01) * 1000 / next.cases])
  series['deadline watch, a day without any'].push([n, quiet.ms * 1000])
  rows.push({
    cases: round(n), 'import /s': round(1 / per), 'read /s': round(took.parse), 'look-ups /s': round(seen.per_second), 'processor µs': round(seen.us, 1),
    'p99 ms': round(seen.ms.p99, 2), 'timeliness ms': round(figures, 2), 'satisfaction ms': round(satisfied, 2),
    'fall due': next.cases, 'watch ms': round(next.ms, 1), 'watch ms, none due': round(quiet.ms, 1), 'memory MB': round(memory),
  })
  before = n
}
table('Growth', rows)
const fitted = Object.entries(series).filter(([, points]) => points.length > 1).map(([name, points]) => ({ name, points, exponent: exponent(points) }))
table('Exponents of n, fitted to the time for one', fitted.map(({ name, exponent }) => ({ what: name, exponent: round(exponent, 2) })))
if (svg) fs.writeFileSync(svg, plot(fitted))
