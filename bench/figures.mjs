// node bench/figures.mjs SMALL LARGE, through `scripts/bench-figures`: every published question, to a server over a
// thousand cases and ratings and to one over a province's years, in turns. What a question costs must follow what it
// shows, not what was counted for it. ONLY=WORDS asks those alone whose name has one of these words, commas between.
import { machine, median, ours, quiet, round, table } from './run.mjs'

const [small, large] = process.argv.slice(2)
const times = Number(process.env.TIMES ?? 41)
const only = (process.env.ONLY ?? '').split(',')
const at = (data) => ['--province', `${data}/province.toml`, '--clock', '2027-01-10T09:00:00+07:00']
const agency = 'H98.007'

const questions = []
const periods = ['2026-05', '2026-Q2', '2026']
const places = [['province', ''], ['level', '&level=commune'], ['agency', `&agency=${agency}`]]
for (const [name, place] of places) {
  for (const period of periods) {
    const ask = (what, address) => questions.push([`${what}, ${name}, ${period}`, `${address}?period=${period}${place}`])
    ask('board', '/board')
    ask('on time', '/api/v1/metrics/timeliness')
    ask('satisfied', '/api/v1/metrics/satisfaction')
    ask('criteria', '/api/v1/metrics/criteria')
    ask('formulas', '/api/v1/metrics/formulas')
    for (const by of ['procedure', 'outcome', 'channel', 'field', 'agency']) {
      questions.push([`on time by ${by}, ${name}, ${period}`, `/api/v1/metrics/timeliness?period=${period}${place}&by=${by}`])
    }
    for (const by of ['procedure', 'outcome', 'field', 'month', 'agency']) {
      if (by !== 'agency' || name !== 'agency') {
        questions.push([`satisfied by ${by}, ${name}, ${period}`, `/api/v1/metrics/satisfaction?period=${period}${place}&by=${by}`])
      }
    }
  }
}
for (const period of periods) {
  questions.push([`counters, ${period}`, `/api/v1/counters?period=${period}`])
  questions.push([`three levels, ${period}`, `/api/v1/metrics/three-levels?period=${period}`])
  for (const [name, place] of [places[0], places[2]]) {
    questions.push([`register of apologies, ${name}, ${period}`, `/board/xin-loi?period=${period}${place}`])
  }
  questions.push([`workbook, ${period}`, `/board/tai-ve/so-lieu.xlsx?period=${period}`])
  questions.push([`open data, index, ${period}`, `/api/v1/open-data?period=${period}`])
  for (const [name, place] of places) {
    questions.push([`open data, ${name}, ${period}`, `/api/v1/open-data/figures?period=${period}${place}`])
    questions.push([`open data, letters, ${name}, ${period}`, `/api/v1/open-data/letters?period=${period}${place}`])
  }
}
questions.push(['counters', '/api/v1/counters'], ['units that ended', '/board/lich-su'])

async function ask(server, address) {
  const began = performance.now()
  const answer = await fetch(`http://${server.address}${address}`)
  const body = await answer.arrayBuffer()
  const ms = performance.now() - began
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`)
  return [ms, body.byteLength]
}

console.log(`machine: ${machine()}`)
const servers = [await ours(small, ...at(small)), await ours(large, ...at(large))]
for (const server of servers) await quiet(server)
// Whoever has just been started reads everything for the first time, the larger store more of it.
for (const [, address] of questions) for (const server of servers) await ask(server, address)
const rows = []
for (const [name, address] of questions.filter(([name]) => only.some((words) => name.includes(words)))) {
  const all = [[], []]
  const bytes = [0, 0]
  for (let n = 0; n < times; n++) {
    // Whoever was asked first the last time is asked second.
    for (const which of n % 2 ? [1, 0] : [0, 1]) {
      const [ms, size] = await ask(servers[which], address)
      all[which].push(ms)
      bytes[which] = size
    }
  }
  const [one, other] = all.map(median)
  rows.push({ question: name, 'small ms': round(one, 2), 'large ms': round(other, 2), times: round(other / one, 2), bytes: round(bytes[0]), 'bytes, large': round(bytes[1]), ratio: other / one, grown: bytes[1] / bytes[0] })
}
rows.sort((a, b) => b.ratio - a.ratio)
const same = rows.filter((row) => row.grown < 1.25)
const shown = rows.map(({ ratio, grown, ...row }) => row)
table('Questions about figures', shown)
console.log(`${rows.length} questions; ${rows.filter((row) => row.ratio <= 1.5).length} within 1.5 times; of the ${same.length} whose answers are of the same size, worst ${round(Math.max(...same.map((row) => row.ratio)), 2)}`)
for (const server of servers) await server.stop()
