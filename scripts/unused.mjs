// Leptos brings classes that turn streams of the module into streams of the browser. Nothing here streams, and as they
// are exported no linker leaves them out. Here they leave the glue, and what the glue does not call leaves the exports:
// wasm-opt then takes out what only that has used.
import { EXPORTS, number, written } from './shorten.mjs'

const CLASSES = ['IntoUnderlyingByteSource', 'IntoUnderlyingSink', 'IntoUnderlyingSource']

/** Module and glue without them. */
export function withoutUnused(wasm, glue) {
  for (const name of CLASSES) {
    for (const piece of [
      new RegExp(`^export class ${name} \\{[\\s\\S]*?^\\}\\n`, 'm'),
      new RegExp(`^if \\(Symbol\\.dispose\\) ${name}\\.prototype.*\\n`, 'm'),
      new RegExp(`^const ${name}Finalization = [\\s\\S]*?;\\n`, 'm'),
    ]) glue = glue.replace(piece, '')
  }
  const left = /\w*intounderlying\w*/i.exec(glue)
  if (left) throw new Error(`${left[0]} is still in the glue: scripts/unused.mjs`)
  const called = new Set(Array.from(glue.matchAll(/\bwasm\.(\w+)/g), ([, name]) => name))
  const pieces = [wasm.subarray(0, 8)]
  for (let at = 8; at < wasm.length;) {
    const [size, body] = number(wasm, at + 1)
    const end = body + size
    if (wasm[at] === EXPORTS) {
      const kept = []
      let [count, from] = number(wasm, body)
      for (; count > 0; count--) {
        const [length, text] = number(wasm, from)
        const [, next] = number(wasm, text + length + 1)
        if (called.has(wasm.subarray(text, text + length).toString())) kept.push(wasm.subarray(from, next))
        from = next
      }
      const section = Buffer.concat([written(kept.length), ...kept])
      pieces.push(Buffer.from([EXPORTS]), written(section.length), section)
    } else pieces.push(wasm.subarray(at, end))
    at = end
  }
  return [Buffer.concat(pieces), glue]
}
