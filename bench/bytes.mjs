// What the element weighs over the wire: brotli 11 of every file it loads, as scripts/widget wrote them.
import fs from 'node:fs'
import path from 'node:path'

const FILES = ['embed.js', 'dung-hen.js', 'dung-hen_bg.wasm', 'dung-hen.css']
const kB = (bytes) => (bytes / 1000).toFixed(1).padStart(8)

export function bytes(dist) {
  const { version } = JSON.parse(fs.readFileSync(path.join(dist, 'embed/v1/manifest.json'), 'utf8'))
  const rows = FILES.map((name) => {
    const file = path.join(dist, 'embed', name === 'embed.js' ? 'v1' : version, name)
    const size = (suffix) => (fs.existsSync(file + suffix) ? fs.statSync(file + suffix).size : undefined)
    const plain = size('') ?? 0
    return { name, plain, gzip: size('.gz') ?? plain, brotli: size('.br') ?? plain }
  })
  const sum = (key) => rows.reduce((total, row) => total + row[key], 0)
  const total = { name: 'everything the element loads', plain: sum('plain'), gzip: sum('gzip'), brotli: sum('brotli') }

  console.log('\nBytes over the wire, in kB (1000 bytes); "brotli" is what a browser loads\n')
  console.log(`${''.padEnd(30)}  brotli    gzip   plain`)
  for (const row of [...rows, total]) {
    console.log(`${row.name.padEnd(28)}${kB(row.brotli)}${kB(row.gzip)}${kB(row.plain)}`)
  }
  // After the first answer, with the card of the rating.
  const later = ['parts/why.js', 'parts/watch.js', 'parts/rating.js', 'parts/ballot.wasm'].map((name) => {
    const file = path.join(dist, 'embed', version, `${name}.br`)
    return fs.existsSync(file) ? fs.statSync(file).size : 0
  })
  console.log(`\nbytes total ${total.brotli}, with reasons and rating ${later.reduce((a, b) => a + b, total.brotli)} (brotli 11)`)
  return total
}
