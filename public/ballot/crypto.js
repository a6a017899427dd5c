// The citizen's side of a ballot (RFC 9497, POPRF): crates/ballot-client does the arithmetic, this file moves bytes.
// Offsets: crates/ballot-client/src/lib.rs.

const NUMBER = 24
const TEXT = 288
const ROOM = 8192
let loading

/** Loads the module once; a failure is forgotten, so that the next call tries again. */
export function load() {
  loading = loading || fetch(new URL('./ballot.wasm', import.meta.url), { credentials: 'omit' })
    .then((answer) => (answer.ok ? answer.arrayBuffer() : Promise.reject(new Error(`ballot.wasm: ${answer.status}`))))
    .then((bytes) => WebAssembly.instantiate(bytes))
    .then(({ instance }) => ({ call: instance.exports, at: instance.exports.buffer() }))
  loading.catch(() => { loading = null })
  return loading
}

const view = ({ call, at }) => new Uint8Array(call.memory.buffer, at, TEXT + ROOM)
const text = (bytes) => String.fromCharCode(...bytes)
const utf8 = (string) => new TextEncoder().encode(string)

/** Base64url without padding. */
export const encode = (bytes) => btoa(text(bytes)).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')

/** And back; null for anything else. */
export function decode(string, length) {
  try {
    const bytes = Uint8Array.from(atob(String(string).replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0))
    return bytes.length === length ? bytes : null
  } catch (error) {
    return null
  }
}

/** A new number and its blind. */
export async function fresh() {
  const module = await load()
  const bytes = view(module)
  crypto.getRandomValues(bytes.subarray(0, NUMBER))
  module.call.draw()
  crypto.getRandomValues(bytes.subarray(32, 96))
  if (!module.call.ask()) throw new Error('no blind')
  const made = { number: text(bytes.slice(0, NUMBER)), blind: encode(bytes.slice(32, 96)) }
  bytes.fill(0)
  return made
}

/** What is sent for a blind: its second half. */
export const blinded = (blind) => encode(decode(blind, 64).subarray(32))

/** The number in a typed text, as the server knows it; null where there is none. */
export async function readNumber(typed) {
  const module = await load()
  const bytes = view(module)
  const sent = utf8(typed.trim())
  if (sent.length > 96) return null
  bytes.set(sent, TEXT)
  return module.call.read(sent.length) ? text(bytes.slice(0, NUMBER)) : null
}

/** The output that makes number and label a ballot; null where the answer does not fit the key. */
export async function finish(number, blind, given, key) {
  const module = await load()
  const bytes = view(module)
  const label = utf8(given.label)
  const [answer, secret, published] = [decode(given.answer, 96), decode(blind, 64), decode(key, 32)]
  if (!answer || !secret || !published || label.length > 512) return null
  bytes.set(utf8(number), 0)
  bytes.set(secret, 32)
  bytes.set(answer, 96)
  bytes.set(published, 192)
  bytes.set(label, TEXT)
  const output = module.call.finish(label.length) ? encode(bytes.slice(224, 288)) : null
  bytes.fill(0)
  return output
}

/** The fingerprint of published keys: SHA-256 over period, a zero byte and key of each, in hexadecimal. */
export async function fingerprint(keys) {
  const module = await load()
  const bytes = view(module)
  let at = TEXT
  for (const { period, key } of keys) {
    const [name, value] = [utf8(`${period}\0`), decode(key, 32)]
    if (!value || at + name.length + 32 > bytes.length) return ''
    bytes.set(name, at)
    bytes.set(value, at + name.length)
    at += name.length + 32
  }
  module.call.hash(at - TEXT)
  return Array.from(bytes.slice(192, 224), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Whether a label says no more of the case than it may: each part is empty or that of the case on show. */
export function fits(label, view) {
  const parts = String(label).split('|')
  if (parts.length !== 7) return false
  const [period, agency, level, procedure, field, outcome, timeliness] = parts
  const month = view.as_of.slice(0, 7)
  const quarter = (name) => (name.includes('Q') ? name : `${name.slice(0, 5)}Q${Math.ceil(name.slice(5) / 3)}`)
  const index = (name) => quarter(name).slice(0, 4) * 4 + Number(quarter(name).slice(6))
  const plain = (text) => String(text || '').replace(/[|\u0000-\u001f\u007f-\u009f]/g, '')
  const own = (part, whole) => !part || (plain(whole).startsWith(part) && (part === plain(whole) || utf8(part).length > 64))
  return /^\d{4}-(0[1-9]|1[0-2]|Q[1-4])$/.test(period)
    && index(period) <= index(month) && index(month) - index(period) <= 1
    && own(agency, view.agency.code) && own(level, view.agency.level) && own(procedure, view.procedure.code)
    && own(field, view.procedure.field)
    && ['', 'granted', 'refused', 'decided', 'not_accepted', 'withdrawn', 'stopped', 'open'].includes(outcome)
    && ['', 'late', 'in_time'].includes(timeliness)
}
