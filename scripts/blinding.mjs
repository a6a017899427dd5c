// The citizen's side of a ballot as a browser runs it: public/ballot/crypto.js with the module it loads, in Node.
import { webcrypto } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'

export function blinding(dist) {
  // Before version 19 Node has it, but not by this name.
  globalThis.crypto ??= webcrypto
  const { version } = JSON.parse(fs.readFileSync(path.join(dist, 'embed/v1/manifest.json'), 'utf8'))
  const real = globalThis.fetch
  globalThis.fetch = (url, ...more) => String(url).endsWith('ballot.wasm')
    ? Promise.resolve(new Response(fs.readFileSync(path.join(dist, 'embed', version, 'parts/ballot.wasm'))))
    : real(url, ...more)
  return import('../public/ballot/crypto.js')
}
