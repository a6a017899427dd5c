// Lays out what the server serves, out of Trunk's output, public/ and style/:
//
//   index.html, …            the portal page and its files, as they are in public/
//   embed/v1/embed.js        the custom element class, minified
//   embed/v1/dung-hen.js     the glue that wasm-bindgen wrote, minified
//   embed/v1/dung-hen_bg.wasm
//   embed/v1/dung-hen.css    every file of style/ in one
//
// and writes a brotli and a gzip copy beside every file that gains from it.
//
// node scripts/assemble.mjs TRUNK_OUTPUT DIST
import { transform } from 'esbuild'
import fs from 'node:fs'
import path from 'node:path'
import { precompress } from './precompress.mjs'

const [built, dist] = process.argv.slice(2)
const embed = path.join(dist, 'embed/v1')

// embed.js meets the oldest browsers, so its syntax stays at ES2017; it is a module and may import.
const ES2017 = { target: 'es2017', supported: { 'dynamic-import': true, 'import-meta': true } }
const MODERN = { target: 'es2022' }

async function minify(source, loader, options) {
  const { code, warnings } = await transform(source, { loader, minify: true, charset: 'utf8', legalComments: 'none', ...options })
  for (const w of warnings) console.warn(`assemble: ${w.text}`, w.location?.lineText ?? '')
  return code
}

// Tokens, then the base, then the form that is seen first, then the rest by name; print has the last word.
function styles() {
  const first = ['tokens.css', 'base.css', 'form.css']
  const last = ['print.css']
  const rank = (name) => (first.includes(name) ? first.indexOf(name) - first.length : last.includes(name) ? 1 : 0)
  return fs
    .readdirSync('style')
    .filter((name) => name.endsWith('.css'))
    .sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1))
    .map((name) => fs.readFileSync(path.join('style', name), 'utf8'))
    .join('\n')
}

fs.rmSync(dist, { recursive: true, force: true })
fs.mkdirSync(embed, { recursive: true })

// The portal page as Trunk wrote it, the rest of public/ as it is.
const own = new Set(['index.html', 'embed.js'])
fs.cpSync('public', dist, {
  recursive: true,
  filter: (from) => !own.has(path.relative('public', from)),
})
// Its instructions to Trunk are of no use to a browser.
const page = fs.readFileSync(path.join(built, 'index.html'), 'utf8').replace(/^[ \t]*<link data-trunk [^>]*>\n?/gm, '')
fs.writeFileSync(path.join(dist, 'index.html'), page)

fs.copyFileSync(path.join(built, 'dung-hen_bg.wasm'), path.join(embed, 'dung-hen_bg.wasm'))
fs.writeFileSync(path.join(embed, 'dung-hen.js'), await minify(fs.readFileSync(path.join(built, 'dung-hen.js'), 'utf8'), 'js', MODERN))
if (fs.existsSync('public/embed.js')) {
  fs.writeFileSync(path.join(embed, 'embed.js'), await minify(fs.readFileSync('public/embed.js', 'utf8'), 'js', ES2017))
}
fs.writeFileSync(path.join(embed, 'dung-hen.css'), await minify(styles(), 'css', {}))

// Extra files of the glue would be extra requests with caching rules of their own.
if (fs.existsSync(path.join(built, 'snippets'))) throw new Error('the glue brings snippets: no inline_js in the widget')

precompress(dist)
