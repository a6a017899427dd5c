// An old telephone on a poor network, for every bench in a browser.
export const CPU = Number(process.env.CPU ?? 6)
const RTT_MS = 150
const BITS_PER_S = 1_600_000

export const slowness = `${RTT_MS} ms, ${BITS_PER_S / 1e6} Mbit/s, CPU ${CPU} times slower`

/** A session with the page, on such a CPU. */
export async function slowCpu(page) {
  const cdp = await page.context().newCDPSession(page)
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: CPU })
  return cdp
}

export async function slowNetwork(cdp) {
  await cdp.send('Network.enable')
  const throughput = BITS_PER_S / 8
  await cdp.send('Network.emulateNetworkConditions', { offline: false, latency: RTT_MS, downloadThroughput: throughput, uploadThroughput: throughput })
}

export function withLimit(promise, what, ms = 60_000) {
  let timer
  const limit = new Promise((_, reject) => (timer = setTimeout(() => reject(new Error(what)), ms)))
  return Promise.race([promise, limit]).finally(() => clearTimeout(timer))
}

export function median(numbers) {
  const sorted = numbers.filter((n) => n !== undefined).sort((a, b) => a - b)
  return sorted[sorted.length >> 1]
}
