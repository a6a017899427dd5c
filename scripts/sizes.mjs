// node scripts/sizes.mjs DIST [--write]: what citizens download, brotli 11, beside what bench/budget.json allows.
// Ends with 1 when anything has grown past it. `--write` makes today's figures, rounded up a little, the allowance.
import fs from 'node:fs'
import path from 'node:path'

const [dist, write] = process.argv.slice(2)
const BUDGET = 'bench/budget.json'
const { version } = JSON.parse(fs.readFileSync(path.join(dist, 'embed/v1/manifest.json'), 'utf8'))
const FIRST = ['embed.js', 'dung-hen.js', 'dung-hen_bg.wasm', 'dung-hen.css']

// Under the address of its version the script holds the sums of what it fetches.
const PINNED = 'embed.js, pinned'

function size(name) {
  const file = name === PINNED ? path.join(dist, 'embed', version, 'embed.js') : path.join(dist, 'embed', name === 'embed.js' ? 'v1' : version, name)
  return fs.statSync(fs.existsSync(`${file}.br`) ? `${file}.br` : file).size
}

const { files: known } = JSON.parse(fs.readFileSync(path.join(dist, 'embed', version, 'manifest.json'), 'utf8'))
// Older browsers load form.css in place of what embed.js brings; themes are the portal's.
const names = Object.keys(known).filter((name) => name !== 'form.css' && !name.startsWith('themes/'))
// One language beside Vietnamese at most; a visitor sees one of them.
const whole = names.filter((name) => !name.startsWith('lang/'))
names.push(PINNED)
const sizes = Object.fromEntries(names.map((name) => [name, size(name)]))
const sum = (wanted) => wanted.reduce((total, name) => total + sizes[name], 0)
const sums = { 'to the first answer': sum(FIRST), 'the whole journey, every part': sum(whole) }

const budget = JSON.parse(fs.readFileSync(BUDGET, 'utf8'))
if (write === '--write') {
  budget.files = Object.fromEntries(names.sort().map((name) => [name, Math.ceil((sizes[name] + 20) / 50) * 50]))
  fs.writeFileSync(BUDGET, `${JSON.stringify(budget, null, 2)}\n`)
}

let over = 0
const row = (name, bytes, allowed) => {
  const bad = allowed === undefined || bytes > allowed
  if (bad) over++
  console.log(`${name.padEnd(32)}${String(bytes).padStart(8)}${String(allowed ?? 'none').padStart(10)}${bad ? '   OVER' : ''}`)
}
console.log(`${'brotli 11, bytes'.padEnd(32)}${'now'.padStart(8)}${'allowed'.padStart(10)}`)
for (const name of names.sort()) row(name, sizes[name], budget.files[name])
for (const [name, bytes] of Object.entries(sums)) row(name, bytes, budget.sums[name])
for (const name of Object.keys(budget.files)) if (!(name in sizes)) row(name, 0, undefined)
if (over) console.error(`sizes: ${over} over what ${BUDGET} allows. Worth it? Then: node scripts/sizes.mjs dist --write, and a line in docs/PERFORMANCE.md.`)
process.exitCode = over ? 1 : 0
