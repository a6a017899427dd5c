// Whether time tells an unknown code from a wrong proof: both asked in turn, on one connection, and compared.
// Prints the two distributions and the chance that a wrong proof takes longer than an unknown code: 0.5 is none at all.
//
// DUNG_HEN_SERVER=… node bench/timing.mjs        (CODES=2000)
import { execFileSync, spawn } from 'node:child_process'
import fs from 'node:fs'
import http from 'node:http'
import os from 'node:os'
import path from 'node:path'

const codes = Number(process.env.CODES || 2000)
const program = process.env.DUNG_HEN_SERVER
if (!program) throw new Error('DUNG_HEN_SERVER must name the server; start this through make bench')
const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'dung-hen-timing-'))
const clock = ['--clock', '2026-10-15T09:00:00+07:00']
const known = (index) => `H98.101-261005-${String(index).padStart(5, '0')}`
const unknown = (index) => `H98.101-261006-${String(index).padStart(5, '0')}`

const data = Array.from({ length: codes }, (_, index) => ({
  MaHoSo: known(index), MaTTHC: '1.004222', SoDienThoai: '0900001234', MaDoiTuong: '079000123456', MaTraCuu: 'K7QF2MWX',
  NgayTiepNhan: '20261005080000', NgayHenTra: '20261014170000', TrangThaiHoSo: '4',
}))
const file = path.join(directory, 'cases.json')
fs.writeFileSync(file, JSON.stringify({ service: 'DongBoHoSoMC', madonvi: 'H98.101', data }))
execFileSync(program, ['import', file, '--data', directory, '--province', 'data/sample/province.toml', ...clock], { stdio: ['ignore', 'ignore', 'inherit'] })
const server = spawn(program, [
  'serve', '--data', directory, '--province', 'data/sample/province.toml', '--listen', '127.0.0.1:0', ...clock,
], {
  stdio: ['ignore', 'pipe', 'inherit'],
  env: { ...process.env, RUST_LOG: 'error', DUNG_HEN__ACCESS__NETWORK_WRONG: '100000000', DUNG_HEN__ACCESS__ALL_WRONG: '100000000' },
})
process.once('exit', () => {
  server.kill('SIGKILL')
  fs.rmSync(directory, { recursive: true, force: true })
})
const address = await new Promise((resolve, reject) => {
  server.once('exit', () => reject(new Error('the server ended at once')))
  server.stdout.once('data', (line) => resolve(String(line).match(/http:\/\/(\S+)/)[1]))
})
const [hostname, port] = address.split(':')
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 })

// Microseconds from the question to the last byte of the answer.
function ask(code, proof) {
  const body = JSON.stringify({ case_code: code, proof })
  return new Promise((resolve, reject) => {
    const begun = process.hrtime.bigint()
    const request = http.request({
      hostname, port, agent, method: 'POST', path: '/api/v1/lookup',
      headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
    }, (answer) => {
      if (answer.statusCode !== 404) reject(new Error(`status ${answer.statusCode}`))
      answer.resume().once('end', () => resolve(Number(process.hrtime.bigint() - begun) / 1000))
    })
    request.once('error', reject)
    request.end(body)
  })
}

const proofs = ['9999', '999999', 'AAAAAAAA']
const times = { wrong: [], unknown: [] }
for (let index = 0; index < codes; index++) {
  // In turn, and the first of each pair in turn as well.
  const pair = [['wrong', known(index)], ['unknown', unknown(index)]]
  if (index % 2) pair.reverse()
  for (const [kind, code] of pair) {
    const took = await ask(code, proofs[index % proofs.length])
    if (index >= 100) times[kind].push(took) // after a warm-up
  }
}
const sorted = Object.fromEntries(Object.entries(times).map(([kind, all]) => [kind, [...all].sort((a, b) => a - b)]))
const at = (all, share) => `${Math.round(all[Math.floor(all.length * share)])} µs`
for (const [kind, all] of Object.entries(sorted)) {
  console.log(`${kind.padEnd(8)} ${all.length} answers: median ${at(all, 0.5)}, 10 % ${at(all, 0.1)}, 90 % ${at(all, 0.9)}, 99 % ${at(all, 0.99)}`)
}
let longer = 0
let below = 0
for (const took of sorted.wrong) {
  while (below < sorted.unknown.length && sorted.unknown[below] < took) below++
  longer += below
}
const n = sorted.wrong.length
console.log(`a wrong proof takes longer than an unknown code in ${(longer / n / n * 100).toFixed(1)} % of pairs; ` +
  `chance alone gives 50.0 ± ${(196 * Math.sqrt((2 * n + 1) / (12 * n * n))).toFixed(1)} %`)
process.exit(0)
