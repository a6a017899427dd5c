// Look-up and rating as a portal team would write them: Fastify with its schemas, better-sqlite3 with prepared
// statements, write-ahead log, and `synchronous = FULL`, the durability that ours has. A commit for each rating.
//   node server.mjs DATABASE PORT            serves: with a proof, all that our API tells a holder (answer.mjs)
//   node server.mjs DATABASE PORT --row      with a proof, the row of the case and no more: nothing is counted or issued
//   node server.mjs DATABASE --fill < CASES  fills, from the same envelopes that ours imports
import { createHmac, timingSafeEqual } from 'node:crypto'
import readline from 'node:readline'
import Database from 'better-sqlite3'
import Fastify from 'fastify'
import { holder } from './answer.mjs'

const [file, mode, much] = process.argv.slice(2)
/** The day that cases are imported and asked for. */
const NOW = '2026-10-15T09:00:00+07:00'
const db = new Database(file)
db.pragma('journal_mode = WAL')
db.pragma('synchronous = FULL')
db.exec(`
  CREATE TABLE IF NOT EXISTS cases (
    id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE, agency TEXT, procedure TEXT, name TEXT, status INTEGER,
    received_at TEXT, promise TEXT, finished_at TEXT, phone_hash BLOB
  );
  CREATE TABLE IF NOT EXISTS steps (case_id INTEGER, at TEXT, unit TEXT, note TEXT);
  CREATE INDEX IF NOT EXISTS steps_by_case ON steps (case_id, at);
  CREATE TABLE IF NOT EXISTS due_history (case_id INTEGER, sequence INTEGER, due TEXT, recorded_at TEXT, cause TEXT, PRIMARY KEY (case_id, sequence)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS letters (case_id INTEGER, sequence INTEGER, issued TEXT, number TEXT, reason TEXT, revised_due TEXT, PRIMARY KEY (case_id, sequence)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS objections (id INTEGER PRIMARY KEY, case_code TEXT, kind TEXT, received_at TEXT, answer TEXT);
  CREATE INDEX IF NOT EXISTS objections_by_case ON objections (case_code);
  CREATE TABLE IF NOT EXISTS notices (case_code TEXT PRIMARY KEY, number TEXT, promised TEXT, issued TEXT) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS attempts (code TEXT PRIMARY KEY, since INTEGER, wrong INTEGER) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS ratings (
    token TEXT PRIMARY KEY, agency TEXT, month TEXT, overall INTEGER, access INTEGER, procedures INTEGER,
    officials INTEGER, outcomes INTEGER, feedback INTEGER
  );
`)
const hash = (code, digits) => createHmac('sha256', 'a key of the peer').update(`${code}|${digits}`).digest()

if (mode === '--fill') {
  const add = db.prepare('INSERT OR REPLACE INTO cases (code, agency, procedure, name, status, received_at, promise, finished_at, phone_hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)')
  const promised = db.prepare("INSERT OR REPLACE INTO due_history VALUES (?, 0, ?, ?, 'receipt')")
  const all = db.transaction((envelope) => {
    for (const c of envelope.data) {
      const { lastInsertRowid } = add.run(c.MaHoSo, envelope.madonvi, c.MaTTHC, c.TenTTHC, Number(c.TrangThaiHoSo), c.NgayTiepNhan, c.NgayHenTra, c.NgayKetThucXuLy ?? null, hash(c.MaHoSo, c.SoDienThoai.slice(-4)))
      promised.run(lastInsertRowid, c.NgayHenTra, NOW)
    }
  })
  db.pragma('synchronous = OFF')
  for await (const line of readline.createInterface({ input: process.stdin })) if (line) all(JSON.parse(line))
} else {
  const app = Fastify({ logger: false })
  const find = db.prepare('SELECT * FROM cases WHERE code = ?')
  const steps = db.prepare('SELECT at, unit, note FROM steps WHERE case_id = ? ORDER BY at')
  const history = db.prepare('SELECT due, recorded_at, cause FROM due_history WHERE case_id = ? ORDER BY sequence')
  const letters = db.prepare('SELECT issued, number, reason, revised_due FROM letters WHERE case_id = ? ORDER BY sequence')
  const objections = db.prepare('SELECT kind, received_at, answer FROM objections WHERE case_code = ? ORDER BY id')
  const attempts = db.prepare('SELECT since, wrong FROM attempts WHERE code = ?')
  const noticed = db.prepare('SELECT number, issued FROM notices WHERE case_code = ?')

  // Wrong proofs and first notices are written behind the answer, four times a second, as ours are.
  const owed = { attempts: new Map(), notices: new Map() }
  const putAttempt = db.prepare('INSERT INTO attempts VALUES (?, ?, ?) ON CONFLICT (code) DO UPDATE SET since = excluded.since, wrong = excluded.wrong')
  const putNotice = db.prepare('INSERT OR IGNORE INTO notices VALUES (?, ?, ?, ?)')
  const settle = db.transaction(() => {
    for (const [code, { since, wrong }] of owed.attempts) putAttempt.run(code, since, wrong)
    for (const [code, { number, promise, issued }] of owed.notices) putNotice.run(code, number, promise, issued)
  })
  setInterval(() => {
    if (owed.attempts.size + owed.notices.size === 0) return
    settle()
    owed.attempts.clear()
    owed.notices.clear()
  }, 250)
  const QUARTER = 15 * 60_000
  const counted = (code) => {
    const known = owed.attempts.get(code) ?? attempts.get(code)
    return known && Date.now() - known.since < QUARTER ? known : { since: Date.now(), wrong: 0 }
  }
  const issue = (code) => (promise, issued) => {
    const known = noticed.get(code) ?? owed.notices.get(code)
    if (known) return known
    const number = `TBQH-${hash(code, promise).toString('hex').slice(0, 8).toUpperCase()}`
    owed.notices.set(code, { number, promise, issued })
    return { number, issued }
  }
  const add = db.prepare('INSERT OR IGNORE INTO ratings VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)')
  const level = { type: ['integer', 'null'], minimum: 1, maximum: 5 }

  app.post('/api/v1/lookup', {
    schema: { body: { type: 'object', required: ['case_code'], properties: { case_code: { type: 'string' }, proof: { type: 'string' } } } },
  }, (request, reply) => {
    const { case_code, proof } = request.body
    if (proof !== undefined && much !== '--row') {
      const before = counted(case_code)
      if (before.wrong >= 5) return reply.code(429).send({ code: 'too_many_attempts' })
      const row = find.get(case_code)
      if (!row || !timingSafeEqual(row.phone_hash, hash(case_code, proof))) {
        owed.attempts.set(case_code, { since: before.since, wrong: before.wrong + 1 })
        return reply.code(404).send({ code: 'no_match', message: 'Không tìm thấy hồ sơ khớp với mã và thông tin đã nhập' })
      }
      const of = { steps: steps.all(row.id), history: history.all(row.id), letters: letters.all(row.id), objections: objections.all(case_code) }
      return holder(row, of, NOW, issue(case_code))
    }
    const row = find.get(case_code)
    if (!row) return reply.code(404).send({ code: 'case_not_found', message: 'Không tìm thấy hồ sơ' })
    if (proof === undefined) return { code: row.code, status: row.status }
    if (!timingSafeEqual(row.phone_hash, hash(case_code, proof))) return reply.code(403).send({ code: 'no_match' })
    const { id, phone_hash, ...shown } = row
    const late = row.promise && (row.finished_at ?? '20261015090000').slice(0, 8) > row.promise.slice(0, 8)
    return { ...shown, late, steps: steps.all(id) }
  })

  app.post('/api/v1/ratings', {
    schema: {
      body: {
        type: 'object', required: ['token', 'agency', 'month', 'overall'],
        properties: { token: { type: 'string', maxLength: 64 }, agency: { type: 'string' }, month: { type: 'string' }, overall: level, factors: { type: 'array', items: level, maxItems: 5 } },
      },
    },
  }, (request, reply) => {
    const { token, agency, month, overall, factors = [] } = request.body
    const { changes } = add.run(token, agency, month, overall, ...[0, 1, 2, 3, 4].map((i) => factors[i] ?? null))
    return reply.code(changes ? 201 : 200).send({ stored: true })
  })

  await app.listen({ host: '127.0.0.1', port: Number(mode) })
  console.log(`listening on http://127.0.0.1:${app.server.address().port}`)
}
