// What the benches of the server's side share: servers on the first processor and the load on the second, so that what
// is compared is what the server costs.
import { execFile, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'

const { LOAD: load } = process.env
export const clock = ['--clock', '2026-10-15T09:00:00+07:00']
/** PIN=0 where waiting for the disk is what counts: then the system places them. */
const pin = (cpu, command, ...args) => (process.env.PIN !== '0' && os.cpus().length > 1 ? ['taskset', '-c', String(cpu), command, ...args] : [command, ...args])
export const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1]
export const round = (x, digits = 0) => x.toLocaleString('en', { maximumFractionDigits: digits, minimumFractionDigits: digits })
export const machine = () => `${os.cpus().length} × ${os.cpus()[0].model.trim()}, load ${os.loadavg()[0].toFixed(1)} at the start`

/** One loads from one address, with unknown codes among them: this must not look like an attack. */
const open = { DUNG_HEN__ACCESS__NETWORK_WRONG: '4000000000', DUNG_HEN__ACCESS__ALL_WRONG: '4000000000' }

/** A server of some kind, on the first processor; stopped with `stop`. */
export async function start(command, ...args) {
  const [first, ...rest] = pin(0, command, ...args)
  const child = spawn(first, rest, { stdio: ['ignore', 'pipe', 'pipe'], env: { RUST_LOG: 'warn', ...process.env, ...open } })
  const kill = () => child.kill('SIGKILL')
  process.once('exit', kill)
  let said = ''
  child.stderr.on('data', (data) => (said += data))
  for await (const data of child.stdout) {
    said += data
    const found = /http:\/\/([\d.:]+)/.exec(said)
    if (found) {
      child.stdout.resume()
      const ended = once(child, 'exit')
      const proc = (name) => fs.readFileSync(`/proc/${child.pid}/${name}`, 'utf8')
      return {
        pid: child.pid,
        address: found[1],
        /** The most that was resident, in MB. */
        memory: () => Number(/VmHWM:\s+(\d+)/.exec(proc('status'))?.[1] ?? 0) / 1024,
        /** Seconds of processor time so far. */
        cpu: () => proc('stat').split(') ')[1].split(' ').slice(11, 13).reduce((sum, ticks) => sum + ticks / 100, 0),
        async stop() {
          kill()
          await ended
          process.removeListener('exit', kill)
        },
      }
    }
  }
  throw new Error(`${command} ended: ${said}`)
}

/** Until a server has nothing to do of its own: after a start it brings figures and monthly briefs up to the day. Seconds waited. */
export async function quiet(server, most = 240) {
  const pause = (ms) => new Promise((done) => setTimeout(done, ms))
  let still = 0
  for (let waited = 0; waited < most; waited++) {
    const before = server.cpu()
    await pause(1000)
    still = server.cpu() - before < 0.03 ? still + 1 : 0
    if (still === 4) return waited - 3
  }
  return most
}

/** What one flush of a disk takes, in ms: median and p99 of as many as fit into a second. */
export function flush(directory) {
  const name = path.join(directory, 'flush')
  const file = fs.openSync(name, 'w')
  const page = Buffer.alloc(4096, 1)
  const took = []
  for (const end = performance.now() + 1000; performance.now() < end; ) {
    fs.writeSync(file, page, 0, page.length, (took.length % 64) * page.length)
    const began = performance.now()
    fs.fdatasyncSync(file)
    took.push(performance.now() - began)
  }
  fs.closeSync(file)
  fs.rmSync(name)
  took.sort((a, b) => a - b)
  return { p50: took[took.length >> 1], p99: took[Math.floor(took.length * 0.99)] }
}

/** Our server over a data directory, or over another database. */
export const ours = (data, ...more) =>
  start(process.env.DUNG_HEN_SERVER, 'serve', '--data', data, ...(more.includes('--province') ? [] : ['--province', 'data/sample/province.toml']), '--listen', '127.0.0.1:0', ...(more.includes('--clock') ? [] : clock), ...more)

const asked = (server, requests, more) => {
  const options = Object.entries(more).flatMap(([name, value]) => (value === true ? [`--${name}`] : [`--${name}`, String(value)]))
  return pin(1, load, 'hit', '--address', server.address, '--requests', requests, ...options)
}

/** A load that lets another go on beside it. */
export async function hitting(server, requests, more = {}) {
  const [first, ...rest] = asked(server, requests, more)
  const { stdout } = await promisify(execFile)(first, rest, { encoding: 'utf8', maxBuffer: 1 << 26 })
  return JSON.parse(stdout)
}

/** A load on a server; `us` is the server's processor time for each request. */
export function hit(server, requests, more = {}) {
  const [first, ...rest] = asked(server, requests, more)
  const before = server.cpu()
  const seen = JSON.parse(execFileSync(first, rest, { encoding: 'utf8', maxBuffer: 1 << 26 }))
  return { ...seen, us: ((server.cpu() - before) * 1e6) / seen.requests }
}

/** A table for the document, and for eyes. */
export function table(title, rows) {
  const names = Object.keys(rows[0])
  const widths = names.map((name) => Math.max(name.length, ...rows.map((row) => String(row[name]).length)))
  const line = (cells) => `| ${cells.map((cell, at) => (at ? String(cell).padStart(widths[at]) : String(cell).padEnd(widths[at]))).join(' | ')} |`
  console.log(`\n${title}\n`)
  console.log(line(names))
  console.log(`|${widths.map((width, at) => '-'.repeat(width + 1) + (at ? ':' : '-')).join('|')}|`)
  for (const row of rows) console.log(line(names.map((name) => row[name])))
}
