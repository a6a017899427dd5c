// Lays out what the server serves, out of Trunk's output, public/ and style/:
//
//   index.html, …                 the portal page and its files, as they are in public/
//   hosts/vendor/…                what the sample host pages need of other people's libraries
//   embed/VERSION/embed.js        the custom element class with the styles of the form in it, minified
//   embed/VERSION/dung-hen.js     the glue that wasm-bindgen wrote, with parts/live.js in it, minified
//   embed/VERSION/dung-hen_bg.wasm
//   embed/VERSION/dung-hen.css    every file of style/ but those of the form
//   embed/VERSION/form.css        those, for browsers without adopted sheets
//   embed/VERSION/themes/*.css    colours a portal may link beside the script
//   embed/VERSION/manifest.json   integrity and bytes of each file
//   embed/VERSION/snippet.html    what a portal copies that pins this version
//   embed/VERSION/parts/*.js      what embed.js loads on demand, each with the pieces of kit.js it uses
//   embed/VERSION/parts/ballot.wasm  the blinding of ballots, loaded with the first rating
//   embed/VERSION/lang/*.json     language packs
//   embed/v1/embed.js             the same class, taking the other files from VERSION
//   embed/v1/themes/*.css         the same themes
//   embed/v1/manifest.json        which VERSION that is
//
// VERSION is the version of the project and a hash of the final bytes, so an address never changes its content.
// A brotli and a gzip copy is written beside every file that gains from it.
//
// node scripts/assemble.mjs TRUNK_OUTPUT DIST
import { build, transform } from 'esbuild'
import crypto from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { ordered } from './order.mjs'
import { precompress } from './precompress.mjs'
import { shorten } from './shorten.mjs'
import { withoutUnused } from './unused.mjs'

const [built, dist] = process.argv.slice(2)
const ALIAS = 'v1'

// embed.js meets the oldest browsers, so its syntax stays at ES2017; it is a module and may import.
const ES2017 = { target: 'es2017', supported: { 'dynamic-import': true, 'import-meta': true } }
// The module meets the oldest browsers that are promised: docs/EMBED.md, tests/built.rs.
const MODERN = { target: ['chrome96', 'safari15.4', 'firefox102'] }

async function minify(source, loader, options) {
  const { code, warnings, mangleCache } = await transform(source, { loader, minify: true, charset: 'utf8', legalComments: 'none', ...options })
  for (const w of warnings) console.warn(`assemble: ${w.text}`, w.location?.lineText ?? '')
  Object.assign(names, mangleCache)
  return code
}
// The short names of what embed.js and parts/live.js share.
const names = {}
const shortened = { mangleProps: /^_[a-z]/, mangleCache: names }

// Base (it undoes what the page has done), tokens and form are what is seen first; print has the last word.
const FORM = ['base.css', 'tokens.css', 'form.css']
const LAST = 'print.css'
const css = (names) => minify(names.map((name) => fs.readFileSync(path.join('style', name), 'utf8')).join('\n'), 'css', { target: 'es2022' })
const others = fs.readdirSync('style').filter((name) => name.endsWith('.css') && !FORM.includes(name) && name !== LAST)

const sri = (bytes) => `sha384-${crypto.createHash('sha384').update(bytes).digest('base64')}`

// The portal page as Trunk wrote it, without its instructions to Trunk; the rest of public/ as it is.
function page() {
  const own = new Set(['index.html', 'embed.js', 'parts', 'lang', 'ballot'])
  fs.cpSync('public', dist, { recursive: true, filter: (from) => !own.has(path.relative('public', from)) })
  const text = fs.readFileSync(path.join(built, 'index.html'), 'utf8').replace(/^[ \t]*<link data-trunk [^>]*>\n?/gm, '')
  fs.writeFileSync(path.join(dist, 'index.html'), text)
}

// The libraries that old portals have, as they come from npm.
function vendor() {
  const from = { 'bootstrap.min.css': 'bootstrap/dist/css', 'bootstrap.min.js': 'bootstrap/dist/js', 'jquery.min.js': 'jquery/dist' }
  fs.mkdirSync(path.join(dist, 'hosts/vendor'))
  for (const name in from) fs.copyFileSync(path.join('node_modules', from[name], name), path.join(dist, 'hosts/vendor', name))
}

// What embed.js loads on demand. Asked for after the module, so by newer browsers; but old syntax costs nothing to keep.
async function parts() {
  const names = fs.readdirSync('public/parts').filter((name) => name !== 'kit.js' && name !== 'live.js')
  const { outputFiles } = await build({
    entryPoints: names.map((name) => path.join('public/parts', name)), outdir: 'parts', write: false,
    bundle: true, format: 'esm', minify: true, charset: 'utf8', legalComments: 'none', logLevel: 'warning', ...ES2017,
  })
  // The texts of the module have places there, not names: those of src/i18n/vi.rs, in its order. A name that a part has a
  // Vietnamese text for may be one that it asks for by this name (kit.js), and stays.
  const written = names.map((name) => fs.readFileSync(path.join('public/parts', name), 'utf8')).concat(fs.readFileSync('public/parts/kit.js', 'utf8')).join('')
  const places = Array.from(fs.readFileSync('src/i18n/vi.rs', 'utf8').matchAll(/^ {4}(\w+) = "/gm), ([, name]) => name)
  const packs = fs.readdirSync('public/lang').map((name) => {
    const pack = JSON.parse(fs.readFileSync(path.join('public/lang', name), 'utf8'))
    pack.screen = places.map((text) => pack.element[text] ?? null)
    pack.element = Object.fromEntries(Object.entries(pack.element).filter(([text]) => new RegExp(`\\b${text}: '`).test(written)))
    return [`lang/${name}`, JSON.stringify(pack)]
  })
  return Object.fromEntries([...outputFiles.map((file) => [`parts/${path.basename(file.path)}`, file.text]), ...packs])
}

// A panic ends the module with a trap and no word to anyone: whoever calls into it, the page or an event, is heard here.
// And where a page asks for trusted types, markup of the module (src/html.rs) is trusted by a policy that nobody else can
// reach; where it does not allow that policy, the browser refuses the markup, and the form is left.
function guarded(glue) {
  const replaced = (place, by) => {
    if (glue.split(place).length !== 2) throw new Error(`the glue has changed: scripts/assemble.mjs, ${place}`)
    glue = glue.replace(place, by)
  }
  replaced('wasm = instance.exports;', 'wasm = watched(instance.exports);')
  replaced('.innerHTML = getStringFromWasm0(arg1, arg2)', '.innerHTML = trusted(getStringFromWasm0(arg1, arg2))')
  return `
    let policy
    export function trust(given) {
      try {
        policy = given || trustedTypes.createPolicy('dung-hen', { createHTML: (text) => text })
      } catch (error) {}
    }
    export const trusted = (text) => policy ? policy.createHTML(text) : text
    let tell
    export function trapped(then) { tell = then }
    function watched(exports) {
      const all = {}
      for (const name of Object.keys(exports)) {
        all[name] = typeof exports[name] !== 'function' ? exports[name] : (...given) => {
          try {
            return exports[name](...given)
          } catch (error) {
            if (error instanceof WebAssembly.RuntimeError) tell()
            throw error
          }
        }
      }
      return all
    }
    ${glue}`
}

// Both are needed at the same moment, and are smaller as one.
async function glueWithLive(glue) {
  const live = await minify(fs.readFileSync('public/parts/live.js', 'utf8'), 'js', { ...MODERN, ...shortened })
  const { outputFiles } = await build({
    stdin: { contents: live, resolveDir: '.' },
    plugins: [{
      name: 'glue',
      setup(on) {
        on.onResolve({ filter: /^glue$/ }, () => ({ path: 'glue', namespace: 'glue' }))
        on.onLoad({ filter: /.*/, namespace: 'glue' }, () => ({ contents: guarded(glue) }))
      },
    }],
    bundle: true, write: false, format: 'esm', minify: true, charset: 'utf8', legalComments: 'none', logLevel: 'warning', ...MODERN,
  })
  return outputFiles[0].text
}

async function themes() {
  const found = {}
  for (const name of fs.readdirSync('style/themes')) {
    found[`themes/${name}`] = await minify(fs.readFileSync(path.join('style/themes', name), 'utf8'), 'css', { target: 'es2022' })
  }
  return found
}

async function embed() {
  const source = fs.readFileSync('public/embed.js', 'utf8')
  const form = await css(FORM)
  const [lean, its] = withoutUnused(fs.readFileSync(path.join(built, 'dung-hen_bg.wasm')), fs.readFileSync(path.join(built, 'dung-hen.js'), 'utf8'))
  const [wasm, glue] = shorten(ordered(lean), its)
  const script = (where, sums) =>
    minify(source, 'js', {
      ...ES2017,
      format: 'esm', // nothing of it is global, so every name can be short
      ...shortened,
      define: { FILES: JSON.stringify(where), FORM_STYLES: JSON.stringify(form.trim()), PINNED: `${!!Object.keys(sums).length}`, SUMS: JSON.stringify(sums) },
    })
  await script('', {}) // gives the names
  const files = {
    'dung-hen.js': await glueWithLive(glue),
    'dung-hen_bg.wasm': wasm,
    'dung-hen.css': await css([...others, LAST]),
    'form.css': form,
    ...(await parts()),
    ...(await themes()),
    'parts/ballot.wasm': ordered(fs.readFileSync(path.join(built, 'ballot.wasm'))),
  }
  // Who pins the script by its own integrity has pinned what it fetches, too.
  const checked = ['dung-hen.css', 'dung-hen.js', 'dung-hen_bg.wasm']
  files['embed.js'] = await script('./', Object.fromEntries(checked.map((name) => [name, sri(files[name])])))

  const names = Object.keys(files).sort()
  const hash = crypto.createHash('sha256')
  for (const name of names) hash.update(`${name}\0${files[name].length}\0`).update(files[name])
  const number = /^version = "([^"]+)"/m.exec(fs.readFileSync('Cargo.toml', 'utf8'))[1]
  const version = `${number}-${hash.digest('hex').slice(0, 10)}`

  const into = path.join(dist, 'embed', version)
  fs.mkdirSync(into, { recursive: true })
  for (const name of names) {
    fs.mkdirSync(path.dirname(path.join(into, name)), { recursive: true })
    fs.writeFileSync(path.join(into, name), files[name])
  }
  const manifest = {
    version,
    files: Object.fromEntries(names.map((name) => [name, { bytes: Buffer.byteLength(files[name]), integrity: sri(files[name]) }])),
  }
  fs.writeFileSync(path.join(into, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`)
  fs.writeFileSync(path.join(into, 'snippet.html'), snippet(manifest))

  const alias = path.join(dist, 'embed', ALIAS)
  fs.mkdirSync(alias)
  fs.cpSync(path.join(into, 'themes'), path.join(alias, 'themes'), { recursive: true })
  fs.writeFileSync(path.join(alias, 'embed.js'), await script(`../${version}/`, {}))
  fs.writeFileSync(path.join(alias, 'manifest.json'), `${JSON.stringify({ version }, null, 2)}\n`)
}

// The lines of docs/EMBED.md for a portal that pins this version.
function snippet({ version, files }) {
  const example = /```html\n(<script[\s\S]*?)```/.exec(fs.readFileSync('docs/EMBED.md', 'utf8'))[1]
  const pinned = (attributes, name) =>
    `${attributes} crossorigin integrity="${files[name].integrity}" ${attributes.startsWith('<script') ? 'src' : 'href'}="https://dunghen.example.vn/embed/${version}/${name}"`
  return [
    `${pinned('<link rel="modulepreload"', 'dung-hen.js')}>`,
    `${pinned('<link rel="preload" as="fetch"', 'dung-hen_bg.wasm')}>`,
    example.replace(/<script[^>]*>/, `${pinned('<script type="module"', 'embed.js')}>`),
  ].join('\n')
}

fs.rmSync(dist, { recursive: true, force: true })
fs.mkdirSync(dist, { recursive: true })
page()
vendor()
await embed()

// Extra files of the glue would be extra requests with caching rules of their own.
if (fs.existsSync(path.join(built, 'snippets'))) throw new Error('the glue brings snippets: no inline_js in the element')

precompress(dist)
