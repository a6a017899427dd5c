// node bench/growth.mjs SCRATCH DIST [SVG], through `scripts/bench-growth`. One database that grows: 1k, 10k, 100k and 1M
// cases (SIZES), and after each step everything is measured again. What is fitted is processor time for one, which other
// work on the machine moves least; what the clock on the wall says stands beside it. The exponent is that of n: 0 is "as
// quick as ever", 1 is "twice the cases, twice the time".
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { ballots } from './ballots.mjs'
import { caseOf, envelopes, numbers, proofOf } from './cases.mjs'
import { plot } from './plot.mjs'
import { hit, machine, median, ours, quiet, round, table } from './run.mjs'

const [scratch, dist, svg] = process.argv.slice(2)
const { DUNG_HEN_SERVER: program, LOAD: load } = process.env
const sizes = (process.env.SIZES ?? '1000,10000,100000,1000000').split(',').map(Number)
const seconds = Number(process.env.SECONDS ?? 2)
/** Of the cases that come with each step, so many fall due on a day of their own, and so many are rated at most. */
const DUE = 200
const RATED = 2000
const data = path.join(scratch, 'growth')
const chunkFile = path.join(scratch, 'growth.ndjson')
const province = 'data/sample/province.toml'
// Every other case has ended or is overdue by then, and nothing else falls due in the days of the steps.
const at = (step, day) => `2026-11-${String(1 + step * 4 + day).padStart(2, '0')}T09:00:00+07:00`

/** A program with its arguments: what it said, seconds by the clock, seconds of processor time. */
function timed(...command) {
  const script = 'TIMEFORMAT="%R %U %S"; { time "$@" 2>/dev/null; } 2>&1'
  const said = execFileSync('bash', ['-c', script, 'bash', ...command], { encoding: 'utf8', maxBuffer: 1 << 26 }).trim().split('\n')
  const [real, user, system] = said.pop().split(' ').map(Number)
  return { said: said.join('\n'), real, cpu: user + system }
}

/** Cases of which the promise is broken on the day after day 1 of this step, and nothing else happens. */
function fallDue(step) {
  const due = at(step, 1).slice(0, 10).replaceAll('-', '')
  const data = Array.from({ length: DUE }, (_, i) => ({
    ...caseOf(4 * i), MaHoSo: `H98.101-261001-${step}${String(i).padStart(5, '0')}`, NgayTiepNhan: '20261001080000', NgayHenTra: `${due}170000`,
  }))
  return JSON.stringify({ service: 'DongBoHoSoMC', isUpdating: 'False', madonvi: 'H98.101', data })
}

/** Cases from number `from` to before `to`, and those that fall due. */
function grow(from, to, step) {
  const took = { real: 0, cpu: 0 }
  for (let start = from; start < to; start += 100_000) {
    const end = Math.min(to, start + 100_000)
    fs.writeFileSync(chunkFile, [...envelopes(start, end), ...(end === to ? [fallDue(step)] : [])].join('\n'))
    const one = timed(program, 'import', chunkFile, '--data', data, '--province', province, '--clock', at(step, 0))
    took.real += one.real
    took.cpu += one.cpu
  }
  // The last piece, read and checked alone.
  const parsed = JSON.parse(execFileSync(load, ['parse', chunkFile, '--seconds', '1'], { encoding: 'utf8' }))
  fs.rmSync(chunkFile)
  return { ...took, cases: to - from + DUE, parsed }
}

const watch = (step, day) => JSON.parse(execFileSync(load, ['watch', '--data', data, '--province', province, '--clock', at(step, day)], { encoding: 'utf8' }))

/** Requests to this address for a while: processor time of the server for one, and what the load saw. */
function ask(server, name, lines, more = {}) {
  const file = path.join(scratch, `growth-${name}.txt`)
  fs.writeFileSync(file, lines.join('\n'))
  if (!more.once) hit(server, file, { seconds: 0.3 })
  const seen = hit(server, file, { seconds, ...more })
  fs.rmSync(file)
  const good = (seen.statuses[200] ?? 0) + (seen.statuses[201] ?? 0)
  if (good !== seen.requests) throw new Error(`${name}: ${JSON.stringify(seen.statuses)}`)
  return seen
}

/** The slope of the line through the logarithms. */
function exponent(points) {
  const logs = points.map(([n, y]) => [Math.log(n), Math.log(y)])
  const mean = (at) => logs.reduce((sum, pair) => sum + pair[at], 0) / logs.length
  const [mx, my] = [mean(0), mean(1)]
  return logs.reduce((sum, [x, y]) => sum + (x - mx) * (y - my), 0) / logs.reduce((sum, [x]) => sum + (x - mx) ** 2, 0)
}

console.log(`machine: ${machine()}; ${new Date().toISOString().slice(0, 16)}Z`)
fs.rmSync(data, { recursive: true, force: true })
fs.mkdirSync(data, { recursive: true })
const series = new Map()
const add = (name, n, us) => series.set(name, [...(series.get(name) ?? []), [n, us]])
const wall = []
const found = []
let before = 0
for (const [step, n] of sizes.entries()) {
  const load1 = os.loadavg()[0]
  const numbered = n - DUE * (step + 1)
  const took = grow(before, numbered, step)
  add('import of a case', n, (took.cpu * 1e6) / took.cases)
  add('reading of a case sent', n, took.parsed.processor_us)

  // The first look at what was imported, then the day of the promise, then the day after.
  const first = watch(step, 0)
  watch(step, 1)
  const due = watch(step, 2)
  const nones = Array.from({ length: 5 }, () => watch(step, 2))
  const none = nones.at(-1)
  if (due.told.done.overdue !== DUE || due.figures.done.turned !== DUE) throw new Error(`the watch: ${JSON.stringify(due)}`)
  if (first.figures.done.recounted || none.told.done.looked || none.figures.done.turned) throw new Error(`the watch: ${JSON.stringify({ first, none })}`)
  add('first look at an open case', n, (first.told.processor_ms * 1000) / first.told.done.looked)
  add('watch, a case that falls due', n, ((due.figures.processor_ms + due.told.processor_ms) * 1000) / DUE)
  add('watch, a day without any', n, median(nones.map(({ figures, told }) => (figures.processor_ms + told.processor_ms) * 1000)))
  add('at a start: dates of another calendar', n, median(nones.map(({ calendar }) => calendar.processor_ms * 1000)))

  const server = await ours(data, '--clock', at(step, 2))
  const began = performance.now()
  await quiet(server)
  const start = server.cpu()
  const random = numbers(n)
  const drawn = Array.from({ length: 50_000 }, () => random(numbered))
  const lookUp = (body) => `POST /api/v1/lookup ${JSON.stringify(body)}`
  const byCode = ask(server, 'code', drawn.map((i) => lookUp({ case_code: caseOf(i).MaHoSo })))
  const withProof = ask(server, 'proof', drawn.map((i) => lookUp({ case_code: caseOf(i).MaHoSo, proof: proofOf(i) })))
  add('look-up by code', n, byCode.us)
  add('look-up with proof', n, withProof.us)
  const figures = ask(server, 'figures', ['GET /api/v1/metrics/timeliness?period=2026'], { connections: 1, seconds: 1 })
  const satisfied = ask(server, 'satisfied', ['GET /api/v1/metrics/satisfaction?period=2026'], { connections: 1, seconds: 1 })
  const board = ask(server, 'board', ['GET /board?period=2026'], { connections: 1, seconds: 1 })
  add('figures: timeliness', n, figures.us)
  add('figures: satisfaction', n, satisfied.us)
  add('figures: board', n, board.us)
  const ballotsFrom = server.cpu()
  const lines = await ballots(server, dist, Array.from({ length: Math.min(RATED, numbered - before) }, (_, k) => before + k))
  add('ballot', n, ((server.cpu() - ballotsFrom) * 1e6) / lines.length)
  const rated = ask(server, 'ratings', lines, { once: true, sleeps: true })
  add('rating', n, rated.us)
  wall.push({
    cases: round(n), load: round(load1, 1), 'import /s': round(took.cases / took.real), 'parser /s': round(took.parsed.cases_per_second),
    'code /s': round(byCode.per_second), p99: `${round(byCode.ms.p99, 1)} ms`, 'with proof /s': round(withProof.per_second), 'p99, proof': `${round(withProof.ms.p99, 1)} ms`,
    'ratings /s': round(rated.per_second), 'timeliness ms': round(figures.ms.p50, 2), 'board ms': round(board.ms.p50, 2),
    'start, processor s': round(start, 2), 'memory MB': round(server.memory()), 'bytes a case': round(fs.statSync(path.join(data, 'dung-hen.db')).size / n),
  })
  found.push(`${round(n)}: ${first.told.done.looked} open cases looked at first, ${round(first.told.ms / 1000, 1)} s; ${DUE} fell due, ${round(due.figures.ms + due.told.ms)} ms; none, ${round(none.figures.ms + none.told.ms, 1)} ms; ${lines.length} ballots; at work after the start ${round((performance.now() - began) / 1000)} s in all`)
  await server.stop()
  before = numbered
}
table('By the clock on the wall', wall)
console.log(`\n${found.join('\n')}`)
const measured = [...series].map(([name, points]) => [name, points.filter(([, us]) => us > 0)])
const fitted = measured.map(([name, points]) => ({ name, points, exponent: points.length > 1 ? exponent(points) : NaN }))
table('Processor time for one, µs, and the exponent of n fitted to it', fitted.map(({ name, points, exponent }) => ({
  what: name, ...Object.fromEntries(points.map(([n, us]) => [round(n), round(us, us < 100 ? 1 : 0)])), exponent: round(exponent, 2),
})))
if (svg && sizes.length > 1) fs.writeFileSync(svg, plot(fitted))
