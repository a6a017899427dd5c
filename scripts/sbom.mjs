// The bill of materials, CycloneDX 1.6: every package that is compiled into the server or the element, out of
// `cargo metadata`, and every npm package that helps to build them, out of package-lock.json.
// Sorted and without a clock, so that the same sources give the same file.
//
// node scripts/sbom.mjs OUTPUT
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'

const [output] = process.argv.slice(2)
if (!output) throw new Error('usage: node scripts/sbom.mjs OUTPUT')

// What reaches the programs: normal and build dependencies, no tests.
function reached(root, platform, features) {
  const metadata = JSON.parse(execFileSync('cargo', [
    'metadata', '--locked', '--format-version', '1', '--filter-platform', platform, ...features,
  ], { encoding: 'utf8', maxBuffer: 1 << 28 }))
  const packages = new Map(metadata.packages.map((one) => [one.id, one]))
  const nodes = new Map(metadata.resolve.nodes.map((node) => [node.id, node]))
  const start = metadata.packages.find((one) => one.name === root && one.source === null)
  const found = new Map()
  const walk = (id) => {
    if (found.has(id)) return
    const children = nodes.get(id).deps
      .filter((dep) => dep.dep_kinds.some((kind) => kind.kind !== 'dev'))
      .map((dep) => dep.pkg)
    found.set(id, { package: packages.get(id), children })
    children.forEach(walk)
  }
  walk(start.id)
  return found
}

const checksums = new Map()
for (const block of fs.readFileSync('Cargo.lock', 'utf8').split('[[package]]')) {
  const field = (name) => block.match(new RegExp(`^${name} = "(.*)"$`, 'm'))?.[1]
  if (field('checksum')) checksums.set(`${field('name')} ${field('version')}`, field('checksum'))
}

const host = execFileSync('rustc', ['-vV'], { encoding: 'utf8' }).match(/^host: (.*)$/m)[1]
const crates = new Map([
  ...reached('dung-hen-server', host, ['--features', 'dung-hen-server/embedded']),
  ...reached('dung-hen', 'wasm32-unknown-unknown', []),
])
const reference = (one) => `pkg:cargo/${one.name}@${one.version}`
const licence = (text) => (text ? [{ expression: text.replaceAll('/', ' OR ') }] : undefined)
const components = []
const dependencies = []
for (const { package: one, children } of crates.values()) {
  const checksum = checksums.get(`${one.name} ${one.version}`)
  components.push({
    type: 'library',
    'bom-ref': reference(one),
    name: one.name,
    version: one.version,
    scope: 'required',
    ...(checksum && { hashes: [{ alg: 'SHA-256', content: checksum }] }),
    ...(licence(one.license) && { licenses: licence(one.license) }),
    purl: reference(one),
  })
  dependencies.push({
    ref: reference(one),
    dependsOn: [...new Set(children.map((id) => reference(crates.get(id).package)))].sort(),
  })
}
const lock = JSON.parse(fs.readFileSync('package-lock.json', 'utf8'))
for (const [path, one] of Object.entries(lock.packages)) {
  const name = path.split('node_modules/').pop()
  if (!name) continue
  const purl = `pkg:npm/${name.replace('@', '%40')}@${one.version}`
  if (components.some((known) => known['bom-ref'] === purl)) continue
  components.push({
    type: 'library',
    'bom-ref': purl,
    name,
    version: one.version,
    scope: 'excluded', // helps to build; no part of what is delivered
    ...(one.integrity?.startsWith('sha512-') && {
      hashes: [{ alg: 'SHA-512', content: Buffer.from(one.integrity.slice(7), 'base64').toString('hex') }],
    }),
    ...(typeof one.license === 'string' && { licenses: licence(one.license) }),
    purl,
  })
}
const by = (key) => (a, b) => (a[key] < b[key] ? -1 : 1)
const version = components.find((one) => one.name === 'dung-hen-server').version
fs.writeFileSync(output, `${JSON.stringify({
  $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
  bomFormat: 'CycloneDX',
  specVersion: '1.6',
  version: 1,
  metadata: { component: { type: 'application', 'bom-ref': 'dung-hen', name: 'dung-hen', version } },
  components: components.sort(by('bom-ref')),
  dependencies: dependencies.sort(by('ref')),
}, null, 1)}\n`)
console.log(`${output}: ${crates.size} crates, ${components.length - crates.size} npm packages that only help to build`)
