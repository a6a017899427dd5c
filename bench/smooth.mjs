// How smooth the element is, on a CPU 6 times slower: from the press of a key or button to the next paint in every
// step, shifts of the layout, the case on screen after the server's answer; then memory over 200 mounts, and what runs
// while nobody does anything or looks at the page. Chromium over CDP, on a page with the documented snippet: on the
// demonstration's own page a browser without a screen tells of no frame while keys are pressed, one with a screen does.
import fs from 'node:fs'
import { chromium } from 'playwright-core'
import { slowCpu, slowNetwork, slowness } from './slowly.mjs'

const ms = (n) => `${Math.round(n)} ms`

// Before anything else of the page: what is measured from inside.
function watch() {
  const seen = { events: [], shift: 0, timers: 0, frames: 0, set: [], painted: 0 }
  window.__seen = seen
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) seen.events.push({ name: entry.name, took: entry.duration, at: entry.startTime })
  }).observe({ type: 'event', durationThreshold: 16, buffered: true })
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) seen.shift += entry.value
  }).observe({ type: 'layout-shift', buffered: true })
  for (const [name, count] of [['setTimeout', 'timers'], ['setInterval', 'timers'], ['requestAnimationFrame', 'frames']]) {
    const real = window[name]
    window[name] = (call, ...more) => real.call(window, (...given) => {
      seen[count]++
      if (count === 'timers') seen.set.push(more[0])
      return typeof call === 'function' && call(...given)
    }, ...more)
  }
  const stream = WebAssembly.instantiateStreaming
  WebAssembly.instantiateStreaming = async (...given) => {
    const made = await stream.apply(WebAssembly, given)
    const memory = Object.values(made.instance.exports).find((it) => it instanceof WebAssembly.Memory)
    if (memory) (window.__memories ??= []).push(memory)
    return made
  }
  // The case is there when a frame with it has been drawn.
  window.__case = () => new Promise((drawn) => {
    const root = document.querySelector('dung-hen').shadowRoot
    const look = () => root.querySelector('.dh-holder') && requestAnimationFrame(() => scheduler.postTask(() => drawn(performance.now()), { priority: 'user-blocking' }))
    const observer = new MutationObserver(() => { if (root.querySelector('.dh-holder')) { observer.disconnect(); look() } })
    observer.observe(root, { childList: true, subtree: true })
  })
}

const settled = (page, time = 700) => page.waitForTimeout(time)

/** The worst event since the last call, and the shift. */
async function worst(page) {
  await settled(page)
  return page.evaluate(() => {
    const { events, shift } = window.__seen
    const most = Math.max(0, ...events.map((event) => event.took))
    events.length = 0
    window.__seen.shift = 0
    return { most, shift }
  })
}

async function steps(browser, url, situation) {
  const page = await (await browser.newContext({ viewport: { width: 360, height: 740 } })).newPage()
  const cdp = await slowCpu(page)
  await page.addInitScript(watch)
  await page.goto(url)
  await page.waitForFunction(() => document.querySelector('dung-hen').shadowRoot?.querySelector('.dh-form'))
  await settled(page, 3000)
  await slowNetwork(cdp)
  const rows = []
  const step = async (name, work) => {
    await worst(page)
    await work()
    const { most, shift } = await worst(page)
    rows.push({ step: name, most, shift })
  }
  // The browser itself presses: a tool's click puts listeners of its own into the page, which take a third of the time.
  const reach = async (selector, text = '') => {
    const [x, y] = await page.waitForFunction(([css, text]) => {
      const found = [...document.querySelector('dung-hen').shadowRoot.querySelectorAll(css)].find((one) => one.textContent.includes(text))
      if (!found) return null
      found.scrollIntoView({ block: 'center' })
      const { left, top, width, height } = found.getBoundingClientRect()
      return [left + width / 2, top + height / 2]
    }, [selector, text]).then((handle) => handle.jsonValue())
    await page.mouse.move(x, y)
    await settled(page)
  }
  const press = async () => {
    await page.mouse.down()
    await page.mouse.up()
  }
  await step('typing code and proof', async () => {
    for (const [field, text] of [['#dh-code', situation.case_code], ['#dh-proof', situation.proof]]) {
      await reach(field)
      await press()
      await page.keyboard.type(text)
    }
  })
  let beyond
  const again = []
  for (let n = 0; n < 7; n++) {
    if (n > 0) await page.evaluate(() => { performance.clearResourceTimings(); document.querySelector('dung-hen').shadowRoot.querySelector('.dh-out').focus() })
    if (n > 0) await page.reload().then(() => page.waitForFunction(() => document.querySelector('dung-hen').shadowRoot?.querySelector('.dh-form'))).then(() => settled(page, 2500))
    if (n > 0) await page.evaluate(({ case_code, proof }) => {
      const root = document.querySelector('dung-hen').shadowRoot
      root.querySelector('[name=case_code]').value = case_code
      root.querySelector('[name=proof]').value = proof
    }, situation)
    const ask = async () => {
      const drawn = page.evaluate(() => window.__case())
      await press()
      const at = await drawn
      again.push(at - await page.evaluate(() => Math.max(...performance.getEntriesByType('resource').filter((entry) => entry.name.endsWith('/api/v1/lookup')).map((entry) => entry.responseEnd))))
    }
    await reach('.dh-main')
    if (n === 0) await step('look-up, case on screen', ask)
    else await ask()
  }
  beyond = again.sort((a, b) => a - b)[again.length >> 1]
  await settled(page, 2500)
  for (const [name, ...where] of [
    ['opening the reasons, day by day', '.dh-deadline summary'],
    ['opening the text of a complaint', '.dh-out summary', 'Khiếu nại'],
    ['rating: one tap', '.dh-rating label'],
    ['opening the factors', '.dh-rating summary'],
    ['sending the rating', '.dh-rating button[type=submit]'],
    ['opening the report', '.dh-objection > summary'],
    ['another language', '.dh-switch'],
  ]) {
    await reach(...where)
    await step(name, press)
    await settled(page, 2500)
  }
  const memory = await page.evaluate(() => (window.__memories ?? []).reduce((sum, one) => sum + one.buffer.byteLength, 0))

  // Nobody does anything; then nobody can see it.
  await settled(page, 12_000) // the part that looks out for changes has come
  const quiet = await idle(page, cdp)
  await page.evaluate(() => {
    Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true })
    document.dispatchEvent(new Event('visibilitychange'))
  })
  const hidden = await idle(page, cdp)
  await page.context().close()
  return { rows, beyond, memory, quiet, hidden }
}

/** What runs in eight seconds in which nobody does anything. */
async function idle(page, cdp) {
  const metric = async () => Object.fromEntries((await cdp.send('Performance.getMetrics')).metrics.map(({ name, value }) => [name, value]))
  await cdp.send('Performance.enable')
  await page.evaluate(() => { window.__seen.timers = window.__seen.frames = window.__seen.set.length = 0 })
  const before = await metric()
  await page.waitForTimeout(8000)
  const after = await metric()
  const counted = await page.evaluate(() => ({ ...window.__seen, events: undefined }))
  return { script: (after.ScriptDuration - before.ScriptDuration) * 1000, timers: counted.timers, set: counted.set, frames: counted.frames }
}

/** The same on a page without any script: what asking a browser costs it. */
async function asking(browser, url) {
  const page = await (await browser.newContext({ viewport: { width: 360, height: 740 } })).newPage()
  const cdp = await slowCpu(page)
  await page.addInitScript(watch)
  await page.goto(url)
  await settled(page, 3000)
  const seen = await idle(page, cdp)
  await page.context().close()
  return seen
}

/** Mounted and taken away again, 200 times, with a case on show each tenth time. */
async function mounts(browser, url, situation) {
  const page = await (await browser.newContext()).newPage()
  const cdp = await page.context().newCDPSession(page)
  await page.addInitScript(watch)
  await page.goto(url)
  await page.waitForFunction(() => document.querySelector('dung-hen').shadowRoot?.querySelector('.dh-form'))
  await cdp.send('Performance.enable')
  await cdp.send('HeapProfiler.enable')
  const rows = []
  for (let done = 0; done <= 200; done += 50) {
    if (done) {
      await page.evaluate(async ({ situation }) => {
        for (let n = 0; n < 50; n++) {
          const element = document.createElement('dung-hen')
          const ready = new Promise((done) => element.addEventListener('dh-ready', done, { once: true }))
          document.body.append(element)
          await ready
          if (n % 10 === 0) {
            const root = element.shadowRoot
            root.querySelector('[name=case_code]').value = situation.case_code
            root.querySelector('[name=proof]').value = situation.proof
            root.querySelector('.dh-main').click()
            for (let tries = 0; tries < 200 && !root.querySelector('.dh-holder'); tries++) await new Promise((next) => setTimeout(next, 20))
          }
          element.remove()
          await new Promise((next) => setTimeout(next, 0))
        }
      }, { situation })
    }
    await page.waitForTimeout(1500)
    await cdp.send('HeapProfiler.collectGarbage')
    await page.waitForTimeout(300)
    await cdp.send('HeapProfiler.collectGarbage')
    const metrics = Object.fromEntries((await cdp.send('Performance.getMetrics')).metrics.map(({ name, value }) => [name, value]))
    const wasm = await page.evaluate(() => (window.__memories ?? []).reduce((sum, one) => sum + one.buffer.byteLength, 0))
    rows.push({ mounts: done, 'heap kB': Math.round(metrics.JSHeapUsedSize / 1000), nodes: metrics.Nodes, listeners: metrics.JSEventListeners, 'WASM kB': Math.round(wasm / 1024) })
  }
  await page.context().close()
  return rows
}

export async function smooth({ url }) {
  const situations = JSON.parse(fs.readFileSync('data/sample/situations.json', 'utf8'))
  const situation = situations.find(({ key }) => key === 'overdue_without_letter') ?? situations[0]
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ['--no-sandbox', '--enable-precise-memory-info'] })
  try {
    console.log(`\nSmooth: ${slowness}; from an event to the next paint (events under 16 ms are not told), and what moved\n`)
    const { rows, beyond, memory, quiet, hidden } = await steps(browser, `${url}/bench/snippet.html`, situation)
    for (const { step, most, shift } of rows) console.log(`${step.padEnd(44)}${(most ? ms(most) : '-').padStart(10)}   layout shift ${shift.toFixed(3)}`)
    console.log(`\ncase on screen, from the last byte of the server's answer, median of 7: ${ms(beyond)}`)
    console.log(`WASM memory after all of it: ${(memory / 1048576).toFixed(2)} MiB, that of ballots included`)
    const empty = await asking(browser, `${url}/bench/static.html`)
    for (const [name, seen] of [['idle', quiet], ['hidden', hidden], ['a page without any script', empty]]) console.log(`${name}, 8 s: ${seen.script.toFixed(1)} ms of script, ${seen.timers} timers${seen.set.length ? ` (set for ${seen.set.join(', ')} ms)` : ''}, ${seen.frames} frames asked for`)
    console.log('\nMounted and removed again, after collecting garbage\n')
    console.table(await mounts(browser, url, situation))
  } finally {
    await browser.close()
  }
}
