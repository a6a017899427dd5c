// node scripts/crates.mjs NAMED.wasm DIST: of what the module is made, by crate, and what each thing a citizen can do weighs;
// through `scripts/sizes --crates`. The module with names is the one that is served, compiled once more without stripping.
import fs from 'node:fs'
import path from 'node:path'
import zlib from 'node:zlib'

const [named, dist] = process.argv.slice(2)
const bytes = fs.readFileSync(named)

// ---- the sections of a module: https://webassembly.github.io/spec/core/binary/modules.html

let at = 8
function number() {
  for (let value = 0, shift = 0; ; shift += 7) {
    const byte = bytes[at++]
    value += (byte & 127) * 2 ** shift
    if (byte < 128) return value
  }
}
function text() {
  const length = number()
  at += length
  return bytes.toString('utf8', at - length, at)
}

let imported = 0
const bodies = []
const names = new Map()
const sections = new Map() // beside code: what they are and how large
const KINDS = ['custom', 'types', 'imports', 'functions', 'table', 'memory', 'globals', 'exports', 'start', 'elements', 'code', 'data', 'data count']
function limits() {
  const flags = number()
  number()
  if (flags & 1) number()
}
while (at < bytes.length) {
  const id = bytes[at++]
  const size = number()
  const end = at + size
  if (id === 2) {
    for (let left = number(); left > 0; left--) {
      text()
      text()
      const kind = bytes[at++]
      if (kind === 0) {
        imported++
        number()
      } else if (kind === 1) {
        at++
        limits()
      } else if (kind === 2) limits()
      else at += 2
    }
  } else if (id === 10) {
    for (let left = number(); left > 0; left--) {
      const length = number()
      bodies.push(length)
      at += length
    }
  } else if (id === 0 && text() === 'name') {
    while (at < end) {
      const kind = bytes[at++]
      const until = number() + at
      if (kind === 1) {
        for (let left = number(); left > 0; left--) {
          const which = number()
          names.set(which, text())
        }
      }
      at = until
    }
  }
  if (id !== 0 && id !== 10) sections.set(KINDS[id], (sections.get(KINDS[id]) || 0) + size)
  at = end
}

// ---- whose each function is

/** The path a demangled name begins with: `<a::B as c::D>::e` is of `a::B`. */
function place(name) {
  const found = /(?:^|[<&\s(*[{])((?:[a-z_][a-z0-9_]*)(?:\[[0-9a-f]+\])?(?:::[A-Za-z_{][\w{}#]*)+)/.exec(name)
  return found ? found[1].replace(/\[[0-9a-f]+\]/g, '').split('::') : []
}
const crates = new Map()
const modules = new Map()
const add = (map, key, size) => {
  const sum = map.get(key) || { size: 0, count: 0 }
  sum.size += size
  sum.count++
  map.set(key, sum)
}
bodies.forEach((size, index) => {
  const name = names.get(imported + index) || ''
  const parts = place(name)
  const crate = /^__wb|wasm_bindgen/.test(name) && !parts.length ? 'wasm_bindgen' : parts[0] || 'other'
  add(crates, crate, size)
  if (/^dung_hen/.test(crate)) add(modules, parts.slice(0, crate === 'dung_hen' && parts[1] === 'components' ? 3 : 2).join('::'), size)
})

const code = bodies.reduce((sum, size) => sum + size, 0)
const print = (title, map, whole) => {
  console.log(`\n${title.padEnd(44)}${'functions'.padStart(10)}${'bytes'.padStart(9)}${'of code'.padStart(9)}`)
  const rows = Array.from(map).sort((a, b) => b[1].size - a[1].size)
  let left = { size: 0, count: 0 }
  for (const [name, { size, count }] of rows) {
    if (size < whole / 400) {
      left = { size: left.size + size, count: left.count + count }
      continue
    }
    console.log(`${name.padEnd(44)}${String(count).padStart(10)}${String(size).padStart(9)}${`${(100 * size / whole).toFixed(1)} %`.padStart(9)}`)
  }
  if (left.count) console.log(`${'all smaller ones'.padEnd(44)}${String(left.count).padStart(10)}${String(left.size).padStart(9)}${`${(100 * left.size / whole).toFixed(1)} %`.padStart(9)}`)
}
console.log(`the module, before compression: ${code} bytes of code, ${Array.from(sections, ([name, size]) => `${name} ${size}`).join(', ')}`)
print('crate (of a generic function: whose it is)', crates, code)
print('of the element and the domain, by module', modules, code)

// ---- what each thing a citizen can do weighs, brotli 11

const { version } = JSON.parse(fs.readFileSync(path.join(dist, 'embed/v1/manifest.json'), 'utf8'))
const weight = (name) => {
  const file = path.join(dist, 'embed', name === 'embed.js' ? 'v1' : version, name)
  if (fs.existsSync(`${file}.br`)) return fs.statSync(`${file}.br`).size
  return zlib.brotliCompressSync(fs.readFileSync(file)).length
}
const FEATURES = [
  ['the form, which works alone', ['embed.js']],
  ['look-up, case, date, apology', ['dung-hen.js', 'dung-hen_bg.wasm', 'dung-hen.css']],
  ['why the date: calendar, days, law, .ics', ['parts/why.js']],
  ['a changed state appears by itself', ['parts/watch.js']],
  ['rating, with its blind ballot', ['parts/rating.js', 'parts/ballot.wasm']],
  ['the sixteen criteria', ['parts/sheet.js']],
  ['a report', ['parts/object.js']],
  ['what to do about a broken promise', ['parts/act.js']],
  ['notice and letter on paper', ['parts/print.js']],
  ['several cases, remembered cases', ['parts/list.js', 'parts/remember.js']],
  ['the camera', ['parts/scan.js']],
  ['if I filed today', ['parts/procedure.js']],
  ['kiosk', ['parts/kiosk.js']],
  ['puzzle under attack', ['parts/puzzle.js']],
  ['English', ['lang/en.json']],
  ['contrast check, in development', ['parts/debug.js']],
]
console.log(`\n${'what a citizen can do, brotli 11'.padEnd(54)}${'bytes'.padStart(9)}`)
for (const [name, files] of FEATURES) console.log(`${name.padEnd(54)}${String(files.reduce((sum, file) => sum + weight(file), 0)).padStart(9)}`)
