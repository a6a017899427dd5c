// Time from the start of the navigation to the first usable input: the field for the case code is on screen and
// enabled, and a key pressed in it (through the browser, like a hand would) is in its value. Cold cache, slow 4G, a CPU
// six times slower; the pages take turns, so that whatever else the machine does meets all of them.
// The key is pressed in the moment the field is there, and nothing of the tool's own runs in the page until it has come:
// what a tool puts into a page to look around in it takes an old phone longer than a form does. A second figure is the
// longest that the page does nothing else from then until it has come to rest: what a key could have to wait for.
import { chromium } from 'playwright-core'
import { PAGES, hasElement, isRival, labelOf } from './pages.mjs'
import { median, slowCpu, slowNetwork, slowness, withLimit } from './slowly.mjs'

const CALM_MS = 4000
const KEYS = { text: { key: '7', code: 'Digit7', text: '7', windowsVirtualKeyCode: 55 }, radio: { key: ' ', code: 'Space', text: ' ', windowsVirtualKeyCode: 32 } }

// Runs in the page before anything else: finds the field wherever it is, and writes down when.
function watch() {
  const seen = (node) => node.checkVisibility?.() && node.getClientRects().length > 0
  const field = () => {
    const roots = [document, ...[...document.querySelectorAll('dung-hen, [class^=PostHogSurvey]')].map((e) => e.shadowRoot).filter(Boolean)]
    return roots
      .flatMap((root) => [...root.querySelectorAll('input[name="case_code"], #survey input[type=radio], button.ratings-number')])
      .find((input) => !input.disabled && !input.readOnly && seen(input.type === 'radio' ? input.closest('label') : input))
  }
  const times = {}
  let question
  const words = () => (field()?.closest('form') ?? document.body).textContent
  // A finger's answer is kept where it is marked, or where the next question is there.
  const kept = () => {
    const input = field()
    if (input?.name === 'case_code' || times.code) return !!input?.value.includes('7')
    return !input || input.checked || input.matches('.rating-active') || question !== words()
  }
  // A scale that takes no key is answered with a finger: where it is put.
  const finger = (input) => {
    if (input.localName !== 'button' && getComputedStyle(input).visibility === 'visible') return undefined
    const { x, y, width, height } = (input.closest('label') ?? input).getBoundingClientRect()
    return `${x + width / 2} ${y + height / 2}`
  }
  window.__bench = { times, field, kept, shift: 0, later: 0, longest: 0 }
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const free = entry.startTime + entry.duration
      if (times.field && free > times.field) window.__bench.longest = Math.max(window.__bench.longest, entry.duration)
    }
  }).observe({ type: 'longtask', buffered: true })
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      if (entry.hadRecentInput) continue
      window.__bench.shift += entry.value
      // What moves once the form is there moves because the module has come.
      if (times.field && entry.startTime > times.field) window.__bench.later += entry.value
    }
  }).observe({ type: 'layout-shift', buffered: true })

  addEventListener('dh-ready', () => (times.mounted ??= performance.now()))
  addEventListener('input', (event) => {
    const input = event.composedPath()[0]
    if (input.type === 'radio' ? input.checked : input.name === 'case_code' && input.value.includes('7')) times.typed ??= performance.now()
  }, true)

  addEventListener('click', (event) => {
    if (event.composedPath()[0].matches?.('button.ratings-number, #survey label, #survey label *')) times.typed ??= performance.now()
  }, true)

  // A frame is produced only when nothing blocks the rendering, so the field is then really on screen.
  let frames = 0
  const frame = () => {
    if (!times.field && field() && ++frames === 2) {
      const found = field()
      found.focus()
      times.field = performance.now()
      question = words()
      times.code = found.name === 'case_code'
      window.__benchField(finger(found) ?? found.type)
    }
    if (!times.field) requestAnimationFrame(frame)
  }
  requestAnimationFrame(frame)
}

async function once(browser, url, name) {
  // Some bring styles that a strict policy does not let in: they are measured as they are meant to be.
  const context = await browser.newContext({ viewport: { width: 360, height: 740 }, bypassCSP: isRival(name) })
  try {
    const page = await context.newPage()
    const cdp = await slowCpu(page)
    await slowNetwork(cdp)
    let found
    const field = new Promise((resolve) => (found = resolve))
    await cdp.send('Runtime.enable')
    await cdp.send('Runtime.addBinding', { name: '__benchField' })
    cdp.on('Runtime.bindingCalled', ({ payload }) => found(payload))
    await page.addInitScript(watch)

    const address = `${url}/bench/${name}.html`
    await page.goto(address, { waitUntil: 'commit' })
    // A scale is answered with the space bar, or with a finger where it takes no key; a field with a digit.
    const how = await withLimit(field, `no usable field on ${address}`)
    const key = KEYS[how]
    if (key) {
      await cdp.send('Input.dispatchKeyEvent', { type: 'keyDown', ...key })
      await cdp.send('Input.dispatchKeyEvent', { type: 'keyUp', ...key, text: undefined })
    } else {
      const [x, y] = how.split(' ').map(Number)
      const finger = { x, y, button: 'left', clickCount: 1 }
      await cdp.send('Input.dispatchMouseEvent', { type: 'mousePressed', ...finger })
      await cdp.send('Input.dispatchMouseEvent', { type: 'mouseReleased', ...finger })
    }
    // Until the page has come to rest: whatever is asked of it now would be in its way.
    await new Promise((rest) => setTimeout(rest, CALM_MS))
    await withLimit(page.waitForFunction(() => window.__bench.times.typed), `the key press did not arrive on ${address}`)
    if (hasElement(name)) {
      await withLimit(page.waitForFunction(() => window.__bench.times.mounted), `the element was not mounted on ${address}`)
    }
    const times = await page.evaluate(() => ({
      ...window.__bench.times,
      kept: window.__bench.kept(),
      paint: performance.getEntriesByName('first-contentful-paint')[0]?.startTime,
      shift: window.__bench.shift,
      later: window.__bench.later,
      longest: window.__bench.longest,
    }))
    // Usable is what answers a key, and the key was pressed when the field was there.
    return { ...times, usable: times.typed }
  } finally {
    await context.close()
  }
}

export async function firstInput({ url, runs, source }) {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ['--no-sandbox'] })
  console.log(
    `\nFirst usable input: Chromium ${browser.version()}, ${slowness}, cold cache,\n` +
      `median of ${runs} after a warm-up; the form is the one of ${source}\n`,
  )
  const results = Object.fromEntries(PAGES.map((name) => [name, []]))
  try {
    for (let run = 0; run <= runs; run++) {
      // Each run begins with another page and goes the other way round, and the page before it has ended: what one
      // page leaves to do must not always fall to the same next one.
      const turned = PAGES.map((_, at) => PAGES[(at + run) % PAGES.length])
      for (const name of run % 2 ? turned : turned.reverse()) {
        await new Promise((calm) => setTimeout(calm, 500))
        const result = await once(browser, url, name)
        if (run > 0) results[name].push(result)
      }
    }
  } finally {
    await browser.close()
  }

  const ms = (n) => (n === undefined ? '-' : `${Math.round(n)} ms`).padStart(10)
  const usable = (name) => median(results[name].map((r) => r.usable))
  const table = (names, base, snippet, rival) => {
    console.log(`${''.padEnd(24)}     paint    usable    factor      from … to       WASM mounted   typing kept   layout shift   of it after the form   longest task`)
    for (const name of names) {
      const of = (key) => results[name].map((r) => r[key])
      const sorted = of('usable').sort((a, b) => a - b)
      console.log(
        labelOf(name).padEnd(24) +
          ms(median(of('paint'))) +
          ms(usable(name)) +
          (usable(name) / usable(base)).toFixed(2).padStart(10) +
          `${Math.round(sorted[0])} … ${Math.round(sorted.at(-1))}`.padStart(15) +
          ms(median(of('mounted'))).padStart(19) +
          (of('kept').every(Boolean) ? 'yes' : 'NO').padStart(14) +
          Math.max(...of('shift')).toFixed(3).padStart(15) +
          Math.max(...of('later')).toFixed(3).padStart(20) +
          ms(median(of('longest'))).padStart(20),
      )
    }
    if (PAGES.includes(rival)) console.log(`SurveyJS takes ${(usable(rival) / usable(snippet)).toFixed(2)} times as long as the snippet\n`)
  }
  table(PAGES.filter((name) => !name.endsWith('-alone')), 'static', 'snippet', 'surveyjs')
  console.log('On a page without a sheet of its own:\n')
  table(PAGES.filter((name) => name.endsWith('-alone')), 'static-alone', 'snippet-alone', 'surveyjs-alone')
  return results
}
