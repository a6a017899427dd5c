// node bench/ratings.mjs SCRATCH, through `make bench-ratings`. DATABASE=postgres://… measures that too.
//
// Ratings into the store, 16 and 64 under way at once, beside a bare loop that commits the same rows in batches of the
// same size on the same disk, taking turns; then with look-ups meanwhile.
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'

const scratch = process.argv[2]
const { LOAD: load, DATABASE: postgres } = process.env
const rounds = Number(process.env.RUNS ?? 5)
const seconds = String(process.env.SECONDS ?? 3)
const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1]
const round = (x, digits = 0) => x.toLocaleString('en', { maximumFractionDigits: digits, minimumFractionDigits: digits })
const run = (...args) => JSON.parse(execFileSync(load, [...args, '--seconds', seconds], { encoding: 'utf8' }))

let turn = 0
const fresh = () => path.join(scratch, `ratings-${process.pid}-${turn++}.db`)
const remove = (file) => ['', '-wal', '-shm'].forEach((end) => fs.rmSync(file + end, { force: true }))

function bare(batch) {
  const file = fresh()
  try {
    return run('commit', '--file', file, '--batch', String(batch))
  } finally {
    remove(file)
  }
}

function ours(inFlight, lookUps, database) {
  const file = database ?? fresh()
  try {
    return run('store', '--database', file, '--in-flight', String(inFlight), '--look-ups', String(lookUps))
  } finally {
    if (!database) remove(file)
  }
}

fs.mkdirSync(scratch, { recursive: true })
console.log(`machine: ${os.cpus().length} × ${os.cpus()[0].model.trim()}; ${rounds} rounds of ${seconds} s, median`)
const table = []
for (const inFlight of [16, 64]) {
  const seen = { bare: [], commits: [], ours: [], cpu: [], p99: [], quiet: [], busy: [], postgres: [] }
  for (let n = 0; n < rounds; n++) {
    const limit = bare(inFlight)
    seen.bare.push(limit.rows_per_second)
    seen.commits.push(limit.commits_per_second)
    const alone = ours(inFlight, 0)
    seen.ours.push(alone.ratings_per_second)
    seen.cpu.push(alone.cpu_share)
    seen.p99.push(alone.ratings_ms.p99)
    seen.quiet.push(ours(0, 2).look_ups_ms.p99)
    seen.busy.push(ours(inFlight, 2).look_ups_ms.p99)
    if (postgres) seen.postgres.push(ours(inFlight, 0, postgres).ratings_per_second)
  }
  const of = (name) => median(seen[name])
  table.push({
    'in flight': inFlight,
    'bare rows /s': round(of('bare')),
    'bare commits /s': round(of('commits')),
    'ours /s': round(of('ours')),
    'ours ÷ bare': round(of('ours') / of('bare'), 2),
    'processors used': round(of('cpu'), 2),
    'p99 ms': round(of('p99'), 1),
    'look-up p99 ms, quiet': round(of('quiet'), 2),
    'look-up p99 ms, under ratings': round(of('busy'), 2),
    ...(postgres ? { 'PostgreSQL /s': round(of('postgres')) } : {}),
  })
}
console.table(table)
