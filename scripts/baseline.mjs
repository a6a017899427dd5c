// node scripts/baseline.mjs DIST: what the built element asks of a browser, as one JSON object on standard output.
//
//   syntax     for each script the version of the language it parses as, and what stood in the way of an older one
//   features   what the module needs beyond the first WebAssembly, each found by validating it without that feature
import { parse } from 'acorn'
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'

const [dist] = process.argv.slice(2)
const { version } = JSON.parse(fs.readFileSync(path.join(dist, 'embed/v1/manifest.json'), 'utf8'))
const numbered = path.join(dist, 'embed', version)

// import() and import.meta came later and are known to every browser that takes the module at all.
const plain = (text) => text.replaceAll(/\bimport\(/g, '__import(').replaceAll(/\bimport\.meta\b/g, '__meta')

function syntax(file) {
  const text = plain(fs.readFileSync(file, 'utf8'))
  let trouble
  for (const year of [2017, 2018, 2019, 2020, 2021, 2022]) {
    try {
      parse(text, { ecmaVersion: year, sourceType: 'module' })
      return { year, trouble }
    } catch (error) {
      trouble = `${error.message}: ${text.slice(Math.max(0, error.pos - 30), error.pos + 30)}`
    }
  }
  return { year: null, trouble }
}

const scripts = {
  'v1/embed.js': path.join(dist, 'embed/v1/embed.js'),
  'embed.js': path.join(numbered, 'embed.js'),
  'dung-hen.js': path.join(numbered, 'dung-hen.js'),
}
const parts = path.join(numbered, 'parts')
if (fs.existsSync(parts)) for (const name of fs.readdirSync(parts)) if (name.endsWith('.js')) scripts[`parts/${name}`] = path.join(parts, name)

// Known to Chrome 96, Safari 15.4 and Firefox 102 alike.
const GROUPS = [['sign-ext'], ['mutable-globals'], ['nontrapping-float-to-int'], ['bulk-memory', 'bulk-memory-opt'], ['reference-types', 'call-indirect-overlong'], ['multivalue']]
const KNOWN = GROUPS.flat()
function valid(features) {
  const wasm = path.join(numbered, 'dung-hen_bg.wasm')
  const run = spawnSync('wasm-opt', ['--mvp-features', ...features.map((name) => `--enable-${name}`), wasm, '-o', '/dev/null'], { encoding: 'utf8' })
  if (run.error) throw run.error
  return { valid: run.status === 0, message: run.stderr.split('\n').slice(0, 3).join(' ') }
}

const all = valid(KNOWN)
console.log(JSON.stringify({
  syntax: Object.fromEntries(Object.entries(scripts).map(([name, file]) => [name, syntax(file)])),
  features: { baseline: all.valid, message: all.message, used: GROUPS.filter((group) => !valid(KNOWN.filter((name) => !group.includes(name))).valid).map(([name]) => name) },
}, null, 2))
