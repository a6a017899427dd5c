// Writes FILE.br (quality 11) and FILE.gz beside every file of a directory that is worth it, so that the server
// never compresses while someone waits.
import fs from 'node:fs'
import path from 'node:path'
import zlib from 'node:zlib'

const SMALLEST = 512
const COMPRESSED_ALREADY = /\.(br|gz|png|jpe?g|webp|avif|woff2?|zip)$/

// How distances are written, and how long a block is: which is smallest differs from file to file.
const WAYS = [[0, 0, 0], [0, 4, 0], [1, 0, 0], [2, 0, 0], [2, 16, 0], [2, 16, 16], [2, 16, 17]]

export function brotli(bytes) {
  const c = zlib.constants
  const made = WAYS.map(([postfix, direct, block]) => zlib.brotliCompressSync(bytes, {
    params: {
      [c.BROTLI_PARAM_QUALITY]: 11, [c.BROTLI_PARAM_LGWIN]: 22, [c.BROTLI_PARAM_SIZE_HINT]: bytes.length,
      [c.BROTLI_PARAM_NPOSTFIX]: postfix, [c.BROTLI_PARAM_NDIRECT]: direct, [c.BROTLI_PARAM_LGBLOCK]: block,
    },
  }))
  return made.reduce((least, one) => (one.length < least.length ? one : least))
}

export function precompress(directory) {
  for (const entry of fs.readdirSync(directory, { withFileTypes: true })) {
    const file = path.join(directory, entry.name)
    if (entry.isDirectory()) precompress(file)
    if (!entry.isFile() || COMPRESSED_ALREADY.test(entry.name)) continue
    const bytes = fs.readFileSync(file)
    if (bytes.length <= SMALLEST) continue
    fs.writeFileSync(`${file}.br`, brotli(bytes))
    fs.writeFileSync(`${file}.gz`, zlib.gzipSync(bytes, { level: 9 }))
  }
}
