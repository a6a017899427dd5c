// The real server in demo mode, for the scripts that look at it through a browser: on a free port, and stopped
// with the script.
import { spawn } from 'node:child_process'
import net from 'node:net'

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = net.createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address()
      probe.close(() => resolve(port))
    })
  })
}

export async function startServer({ dist }) {
  const program = process.env.DUNG_HEN_SERVER
  if (!program) throw new Error('DUNG_HEN_SERVER must name the server; start this through make')
  const address = `127.0.0.1:${await freePort()}`
  const child = spawn(program, ['demo', '--dist', dist, '--listen', address], { stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (said = (said + data).slice(-4000)))
  const ended = new Promise((resolve) => child.once('exit', resolve))
  const kill = () => child.kill('SIGKILL')
  process.once('exit', kill)

  const url = `http://${address}`
  const patience = Date.now() + 120_000
  for (;;) {
    if (child.exitCode !== null) throw new Error(`the server ended at once:\n${said}`)
    const alive = await fetch(`${url}/health`).then((r) => r.ok, () => false)
    if (alive) break
    if (Date.now() > patience) throw new Error(`the server does not answer at ${url}:\n${said}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return {
    url,
    async stop() {
      child.kill('SIGINT')
      await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 3000))])
      child.kill('SIGKILL')
      process.removeListener('exit', kill)
    },
  }
}
