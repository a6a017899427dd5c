// Functions of a module in an order in which like stands beside like: brotli then finds what repeats nearby, which it
// writes in fewer bits. Nothing of what they do changes. wasm-opt sorts functions by their names, so they get names by
// that order; it leaves them out of what it writes.
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { CUSTOM, IMPORTS, description, number, written } from './shorten.mjs'

const CODE = 10
const FUNCTION_NAMES = 1
const FUNCTION = 0
const RUN = 4 // bytes in a row that count as alike
const FEATURES = ['bulk-memory', 'nontrapping-float-to-int', 'sign-ext', 'mutable-globals', 'reference-types', 'multivalue']

// How many functions are imported, the bodies of the others, and the module without notes.
function read(wasm) {
  const bodies = []
  const pieces = [wasm.subarray(0, 8)]
  let imported = 0
  for (let at = 8; at < wasm.length;) {
    const id = wasm[at]
    const [size, body] = number(wasm, at + 1)
    const end = body + size
    if (id !== CUSTOM) pieces.push(wasm.subarray(at, end))
    if (id === IMPORTS || id === CODE) {
      let [count, from] = number(wasm, body)
      for (; count > 0; count--) {
        if (id === CODE) {
          const [length, first] = number(wasm, from)
          bodies.push(wasm.subarray(first, from = first + length))
        } else {
          for (let name = 0; name < 2; name++) {
            const [length, first] = number(wasm, from)
            from = first + length
          }
          imported += wasm[from] === FUNCTION
          from = description(wasm, from)
        }
      }
    }
    at = end
  }
  return { imported, bodies, pieces }
}

// Each next to the one left that has most in common with it; rare runs count for more.
function chain(bodies) {
  const runs = bodies.map((body) => {
    const found = new Map()
    for (let i = 0; i + RUN <= body.length; i++) {
      const run = body.readUInt32LE(i)
      found.set(run, (found.get(run) || 0) + 1)
    }
    return found
  })
  const within = new Map()
  for (const found of runs) for (const run of found.keys()) within.set(run, (within.get(run) || 0) + 1)
  const common = (one, other) => {
    const [few, many] = runs[one].size < runs[other].size ? [runs[one], runs[other]] : [runs[other], runs[one]]
    let sum = 0
    for (const [run, times] of few) {
      const there = many.get(run)
      if (there) sum += Math.min(times, there) * Math.log(bodies.length / within.get(run))
    }
    return sum / (20 + bodies[one].length + bodies[other].length)
  }
  const order = [0]
  const left = new Set(bodies.keys())
  left.delete(0)
  while (left.size) {
    const last = order[order.length - 1]
    let next
    let most = -1
    for (const other of left) {
      const much = common(last, other)
      if (much > most) [next, most] = [other, much]
    }
    order.push(next)
    left.delete(next)
  }
  return order
}

/** The same module, its functions in that order. */
export function ordered(wasm) {
  const { imported, bodies, pieces } = read(wasm)
  const names = []
  chain(bodies).forEach((which, place) => {
    const name = Buffer.from(String(place).padStart(6, '0'))
    names[which] = Buffer.concat([written(imported + which), written(name.length), name])
  })
  const list = Buffer.concat([written(names.length), ...names])
  const section = Buffer.concat([written(4), Buffer.from('name'), Buffer.from([FUNCTION_NAMES]), written(list.length), list])
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'order-'))
  try {
    const [before, after] = ['before.wasm', 'after.wasm'].map((name) => path.join(scratch, name))
    fs.writeFileSync(before, Buffer.concat([...pieces, Buffer.from([CUSTOM]), written(section.length), section]))
    execFileSync('wasm-opt', ['-ol', '2', '-s', '2', '--remove-unused-module-elements', '--reorder-functions-by-name', ...FEATURES.map((name) => `--enable-${name}`), before, '-o', after])
    return fs.readFileSync(after)
  } finally {
    fs.rmSync(scratch, { recursive: true })
  }
}
