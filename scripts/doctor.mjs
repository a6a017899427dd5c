// node scripts/doctor.mjs URL, through `make doctor URL=…`: what a page that embeds the element, or the element's own
// server, lacks. Ends with 1 when something is missing.
import zlib from 'node:zlib'
import http from 'node:http'
import https from 'node:https'
import { webcrypto } from 'node:crypto'
import { examine, readPage } from '../public/doctor.js'

globalThis.crypto ??= webcrypto
const [given] = process.argv.slice(2)
if (!/^https?:\/\//.test(given ?? '')) {
  console.error('Type: make doctor URL=https://portal.example.vn/page   (a page that embeds the element, or the address of its server)')
  process.exit(2)
}

// Not fetch: it undoes the packing and does not say that there was any.
function get(address, { method = 'GET', headers = {}, body } = {}, hops = 5) {
  return new Promise((resolve, reject) => {
    const client = address.startsWith('https:') ? https : http
    const request = client.request(address, { method, headers: { 'accept-encoding': 'br, gzip', 'user-agent': 'dung-hen-doctor', ...headers } }, (answer) => {
      const to = answer.headers.location
      if (answer.statusCode >= 300 && answer.statusCode < 400 && to && hops > 0) {
        answer.resume()
        resolve(get(new URL(to, address).href, { method, headers, body }, hops - 1))
        return
      }
      const chunks = []
      answer.on('data', (chunk) => chunks.push(chunk))
      answer.on('error', reject)
      answer.on('end', () => {
        const packed = Buffer.concat(chunks)
        const unpack = { br: zlib.brotliDecompressSync, gzip: zlib.gunzipSync }[answer.headers['content-encoding']]
        try {
          resolve({ status: answer.statusCode, header: (name) => answer.headers[name] ?? '', bytes: unpack ? unpack(packed) : packed })
        } catch (error) {
          reject(error)
        }
      })
    })
    request.setTimeout(20_000, () => request.destroy(new Error('20 s')))
    request.on('error', reject)
    request.end(body)
  })
}

const counts = { good: 0, note: 0, bad: 0 }
const tell = (grade, vi, en) => {
  counts[grade] += 1
  console.log(`${{ good: 'ĐẠT  ', note: 'LƯU Ý', bad: 'THIẾU' }[grade]}  ${vi}\n       ${en}`)
}

const first = await get(given).catch((error) => {
  console.error(`${given}: ${error.message}`)
  process.exit(1)
})
const embeds = !!readPage(first.bytes.toString('utf8'), given).script
// A server without a page of its own: only its bare address can mean it.
const isServer = !embeds && new URL(given).pathname === '/' && (await get(new URL('/embed/v1/manifest.json', given).href).then((answer) => answer.status === 200, () => false))
await examine({ get, tell, ...(isServer ? { base: new URL('/', given).href } : { page: given }) })
console.log(`\n${counts.good} đạt, ${counts.note} lưu ý, ${counts.bad} thiếu / ${counts.good} good, ${counts.note} notes, ${counts.bad} missing`)
process.exitCode = counts.bad ? 1 : 0
