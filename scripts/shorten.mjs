// wasm-bindgen names each import by what it does and a hash, in the module and again in the glue, and some exports, too.
// Nobody reads them in what citizens download, and hashes do not compress: here they become a letter or two, the same on
// both sides.

// An unsigned number as WebAssembly writes it.
export function number(bytes, at) {
  let value = 0
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at++]
    value += (byte & 127) * 2 ** shift
    if (byte < 128) return [value, at]
  }
}
export function written(value) {
  const bytes = []
  do {
    bytes.push((value % 128) | (value > 127 ? 128 : 0))
    value = Math.floor(value / 128)
  } while (value)
  return Buffer.from(bytes)
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'
const short = (index) => (index < 52 ? '' : LETTERS[Math.floor(index / 52) - 1]) + LETTERS[index % 52]

export const CUSTOM = 0 // notes of the tools to each other
export const IMPORTS = 2
export const EXPORTS = 7
const HASHED = /^wasm_bindgen_/
const KINDS = { function: 0, table: 1, memory: 2, global: 3 }

// The description of an import after its kind: only functions and globals occur, the others are not made by our tools.
export function description(bytes, at) {
  const kind = bytes[at]
  if (kind === KINDS.function) return number(bytes, at + 1)[1]
  if (kind === KINDS.global) return at + 3
  throw new Error(`an import of kind ${kind} is new here: scripts/shorten.mjs`)
}

/** Module and glue with short import names; the module without what only tools read. */
export function shorten(wasm, glue) {
  const pieces = [wasm.subarray(0, 8)]
  const names = new Map()
  const exported = new Map()
  let module
  for (let at = 8; at < wasm.length;) {
    const id = wasm[at]
    const [size, body] = number(wasm, at + 1)
    const end = body + size
    if (id === CUSTOM) {
      at = end
      continue
    }
    if (id === EXPORTS) {
      const [count, first] = number(wasm, body)
      const made = [written(count)]
      let from = first
      for (let index = 0; index < count; index++) {
        const [length, text] = number(wasm, from)
        const [, next] = number(wasm, text + length + 1)
        let name = wasm.subarray(text, text + length).toString()
        if (HASHED.test(name)) {
          exported.set(name, short(exported.size))
          name = exported.get(name)
        }
        made.push(written(name.length), Buffer.from(name), wasm.subarray(text + length, next))
        from = next
      }
      const section = Buffer.concat(made)
      pieces.push(Buffer.from([EXPORTS]), written(section.length), section)
      at = end
      continue
    }
    if (id !== IMPORTS) {
      pieces.push(wasm.subarray(at, end))
      at = end
      continue
    }
    const read = (from) => {
      const [length, text] = number(wasm, from)
      return [wasm.subarray(text, text + length).toString(), text + length]
    }
    const [count, first] = number(wasm, body)
    const made = [written(count)]
    let from = first
    for (let index = 0; index < count; index++) {
      const [from_module, name_at] = read(from)
      const [name, kind_at] = read(name_at)
      module ??= from_module
      if (module !== from_module) throw new Error(`two modules to import from: ${module}, ${from_module}`)
      if (!names.has(name)) names.set(name, short(names.size))
      const to = description(wasm, kind_at)
      made.push(Buffer.from([1]), Buffer.from('a'), written(names.get(name).length), Buffer.from(names.get(name)), wasm.subarray(kind_at, to))
      from = to
    }
    const section = Buffer.concat(made)
    pieces.push(Buffer.from([IMPORTS]), written(section.length), section)
    at = end
  }
  // In the glue a name is a key of the one object of imports, and its module the key of that object.
  let found = 0
  const text = glue
    // What the module does not ask for any more.
    .replace(/^ {8}(__wb\w+): function[\s\S]*?^ {8}\}.*\n/gm, (all, name) => (names.has(name) ? all : ''))
    .replace(new RegExp(`^(\\s*)(${[...names.keys()].join('|')})(?=:|\\()`, 'gm'), (_, space, name) => {
      found += 1
      return space + names.get(name)
    })
    .replace(`"${module}"`, '"a"')
    .replace(/\bwasm\.(\w+)/g, (all, name) => (exported.has(name) ? `wasm.${exported.get(name)}` : all))
  if (found !== names.size || text.includes(module)) throw new Error(`${found} of ${names.size} imports found in the glue: scripts/shorten.mjs`)
  return [Buffer.concat(pieces), text]
}
