// node bench/main.mjs DIST SCRATCH, through `make bench`.
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { precompress } from '../scripts/precompress.mjs'
import { startServer } from '../scripts/server.mjs'
import { bytes } from './bytes.mjs'
import { cold } from './cold.mjs'
import { firstInput } from './first-input.mjs'
import { filesOfRivals, writePages } from './pages.mjs'
import { smooth } from './smooth.mjs'

const [dist, scratch] = process.argv.slice(2)
console.log(`machine: ${os.cpus().length} × ${os.cpus()[0].model.trim()}, Node ${process.versions.node}`)
bytes(dist)

// The pages are served by the real server, out of a copy of what it serves.
const copy = path.join(scratch, 'dist')
fs.rmSync(copy, { recursive: true, force: true })
fs.cpSync(dist, copy, { recursive: true })
const source = writePages(path.join(copy, 'bench'))
precompress(path.join(copy, 'bench'))
for (const { name, files } of filesOfRivals(path.join(copy, 'bench'))) {
  const size = (file) => fs.statSync(fs.existsSync(`${file}.br`) ? `${file}.br` : file).size
  console.log(`bytes of ${name}, a rating form alone: ${files.reduce((sum, file) => sum + size(file), 0)} (brotli 11)`)
}

const server = await startServer({ dist: copy })
try {
  const wanted = process.env.ONLY ?? 'input,smooth'
  const runs = Number(process.env.RUNS ?? 5)
  if (wanted.includes('input')) await firstInput({ url: server.url, runs, source })
  if (wanted.includes('cold') || wanted.includes('input')) await cold({ url: server.url, runs })
  if (wanted.includes('smooth')) await smooth({ url: server.url })
} finally {
  await server.stop()
}
