// Look-up and rating as a portal team would write them: Fastify with its schemas, better-sqlite3 with prepared
// statements, write-ahead log, and `synchronous = FULL`, the durability that ours has. A commit for each rating.
//   node server.mjs DATABASE PORT            serves
//   node server.mjs DATABASE --fill < CASES  fills, from the same envelopes that ours imports
import { createHmac, timingSafeEqual } from 'node:crypto'
import readline from 'node:readline'
import Database from 'better-sqlite3'
import Fastify from 'fastify'

const [file, mode] = process.argv.slice(2)
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
  CREATE TABLE IF NOT EXISTS ratings (
    token TEXT PRIMARY KEY, agency TEXT, month TEXT, overall INTEGER, access INTEGER, procedures INTEGER,
    officials INTEGER, outcomes INTEGER, feedback INTEGER
  );
`)
const hash = (code, digits) => createHmac('sha256', 'a key of the peer').update(`${code}|${digits}`).digest()

if (mode === '--fill') {
  const add = db.prepare('INSERT OR REPLACE INTO cases (code, agency, procedure, name, status, received_at, promise, finished_at, phone_hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)')
  const all = db.transaction((envelope) => {
    for (const c of envelope.data) {
      add.run(c.MaHoSo, envelope.madonvi, c.MaTTHC, c.TenTTHC, Number(c.TrangThaiHoSo), c.NgayTiepNhan, c.NgayHenTra, c.NgayKetThucXuLy ?? null, hash(c.MaHoSo, c.SoDienThoai.slice(-4)))
    }
  })
  db.pragma('synchronous = OFF')
  for await (const line of readline.createInterface({ input: process.stdin })) if (line) all(JSON.parse(line))
} else {
  const app = Fastify({ logger: false })
  const find = db.prepare('SELECT * FROM cases WHERE code = ?')
  const steps = db.prepare('SELECT at, unit, note FROM steps WHERE case_id = ? ORDER BY at')
  const add = db.prepare('INSERT OR IGNORE INTO ratings VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)')
  const level = { type: ['integer', 'null'], minimum: 1, maximum: 5 }

  app.post('/api/v1/lookup', {
    schema: { body: { type: 'object', required: ['case_code'], properties: { case_code: { type: 'string' }, proof: { type: 'string' } } } },
  }, (request, reply) => {
    const { case_code, proof } = request.body
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
