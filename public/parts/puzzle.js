// A little work that the server asks for while someone tries out codes (docs/API.md, "Limits on trying"): done in
// slices, so that the page stays alive, with the progress in words. Resolves to what goes back in X-Puzzle, or ''.
import { texts } from './kit.js'

const VI = { working: 'Đang kiểm tra để chống dò mã: {}\u00a0%. Ông/bà chỉ cần chờ.' }

const SLICE = 12 // milliseconds

// SHA-256 of one block: the constants are the first 32 bits of the fractional parts of roots of the first primes.
const primes = []
for (let n = 2; primes.length < 64; n++) if (primes.every((p) => n % p)) primes.push(n)
const fraction = (p, root) => (p ** (1 / root) % 1 * 2 ** 32) | 0
const K = Int32Array.from(primes, (p) => fraction(p, 3))
const H = primes.slice(0, 8).map((p) => fraction(p, 2))
const W = new Int32Array(64)

// The first 32 bits of the hash of the block in the first sixteen words of W.
function head() {
  for (let i = 16; i < 64; i++) {
    const x = W[i - 15]
    const y = W[i - 2]
    W[i] = W[i - 16] + W[i - 7] + ((x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ x >>> 3) +
      ((y >>> 17 | y << 15) ^ (y >>> 19 | y << 13) ^ y >>> 10)
  }
  let [a, b, c, d, e, f, g, h] = H
  for (let i = 0; i < 64; i++) {
    const t = (h + ((e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^ (e >>> 25 | e << 7)) + (e & f ^ ~e & g) + K[i] + W[i]) | 0
    const u = (((a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^ (a >>> 22 | a << 10)) + (a & b ^ a & c ^ b & c)) | 0
    h = g
    g = f
    f = e
    e = (d + t) | 0
    d = c
    c = b
    b = a
    a = (t + u) | 0
  }
  return (a + H[0]) >>> 0
}

export default async function (kit, problem) {
  const { challenge, bits, steps } = problem.puzzle
  const t = texts(kit, 'puzzle', VI)
  const length = challenge.length + 5 // one byte of step, four of number
  if (length > 55) return '' // more than one block: not a puzzle of ours
  const block = new Uint8Array(64)
  for (let i = 0; i < challenge.length; i++) block[i] = challenge.charCodeAt(i)
  block[length] = 128
  new DataView(block.buffer).setUint32(60, length * 8)
  const view = new DataView(block.buffer)
  const numbers = new DataView(new ArrayBuffer(steps * 4))

  const channel = new MessageChannel()
  const breath = () => new Promise((go) => {
    channel.port1.onmessage = go
    channel.port2.postMessage(0)
  })
  let told = -1
  let until = performance.now() + SLICE
  for (let step = 0; step < steps; step++) {
    block[challenge.length] = step
    for (let number = 0; ; number++) {
      view.setUint32(challenge.length + 1, number)
      for (let i = 0; i < 16; i++) W[i] = view.getInt32(i * 4)
      if (head() >>> (32 - bits) === 0) {
        numbers.setUint32(step * 4, number)
        break
      }
      if (!(number & 63) && performance.now() > until) {
        // Every fifth of the way, so that a screen reader is not flooded.
        const done = Math.floor(step / steps * 5)
        if (done > told) kit.say(t('working', (told = done) * 20), true)
        await breath()
        if (!kit.element.isConnected) return ''
        until = performance.now() + SLICE
      }
    }
  }
  channel.port1.close()
  kit.say('')
  return `${challenge}.${btoa(String.fromCharCode(...new Uint8Array(numbers.buffer)))
    .replace(/\+/g, '-').replace(/\//g, '_').replace(/=/g, '')}`
}
