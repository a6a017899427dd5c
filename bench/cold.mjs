// From nothing to the case on the screen: a cold cache, code and proof put into the form in the moment it is there and sent
// at once, then the module, the look-up, the case and the frame that shows it. Beside it the plain form, which goes to
// the server's own page. Nobody types so quickly: it is what the machines take, whatever a person adds.
import fs from 'node:fs'
import { chromium } from 'playwright-core'
import { median, slowCpu, slowNetwork, slowness, withLimit } from './slowly.mjs'

const PAGES = {
  static: 'plain form, the server\'s page',
  snippet: 'documented snippet',
  bare: 'bare element',
}

// Runs in each document before anything else. What is told is the clock of the machine: a plain form leads elsewhere.
function watch() {
  const now = () => performance.timeOrigin + performance.now()
  const element = () => document.querySelector('dung-hen')
  const form = () => (element() ? element().shadowRoot?.querySelector('.dh-form') : document.querySelector('form'))
  let asked = false
  const frame = () => {
    const shown = element()?.shadowRoot?.querySelector('.dh-holder') ?? document.querySelector('p.promise')
    if (shown) {
      // The frame with the case in it has been drawn.
      scheduler.postTask(() => window.__benchTold(`case ${now()}`), { priority: 'user-blocking' })
      return
    }
    const code = form()?.querySelector('[name=case_code]')
    if (!asked && code?.checkVisibility()) {
      asked = true
      code.focus()
      window.__benchTold(`form ${now()} ${performance.timeOrigin}`)
    }
    requestAnimationFrame(frame)
  }
  requestAnimationFrame(frame)
}

async function once(browser, url, { case_code, proof }) {
  const context = await browser.newContext({ viewport: { width: 360, height: 740 } })
  try {
    const page = await context.newPage()
    const cdp = await slowCpu(page)
    await slowNetwork(cdp)
    const told = {}
    const waits = Object.fromEntries(['form', 'case'].map((what) => [what, new Promise((resolve) => (told[what] = resolve))]))
    await cdp.send('Runtime.enable')
    await cdp.send('Runtime.addBinding', { name: '__benchTold' })
    cdp.on('Runtime.bindingCalled', ({ payload }) => {
      const [what, ...times] = payload.split(' ')
      told[what](times.map(Number))
    })
    await page.addInitScript(watch)
    await page.goto(url, { waitUntil: 'commit' })
    const [form, began] = await withLimit(waits.form, `no form on ${url}`)
    const press = async (key) => {
      await cdp.send('Input.dispatchKeyEvent', { type: 'keyDown', ...key })
      await cdp.send('Input.dispatchKeyEvent', { type: 'keyUp', ...key, text: undefined })
    }
    await cdp.send('Input.insertText', { text: case_code })
    await press({ key: 'Tab', code: 'Tab', windowsVirtualKeyCode: 9 })
    await cdp.send('Input.insertText', { text: proof })
    await press({ key: 'Enter', code: 'Enter', text: '\r', windowsVirtualKeyCode: 13 })
    const [shown] = await withLimit(waits.case, `no case on ${url}`)
    return { form: form - began, shown: shown - began }
  } finally {
    await context.close()
  }
}

export async function cold({ url, runs }) {
  const situations = JSON.parse(fs.readFileSync('data/sample/situations.json', 'utf8'))
  const situation = situations.find(({ key }) => key === 'overdue_without_letter') ?? situations[0]
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ['--no-sandbox'] })
  const names = Object.keys(PAGES)
  const seen = Object.fromEntries(names.map((name) => [name, []]))
  try {
    for (let run = 0; run <= runs; run++) {
      for (const name of run % 2 ? names : [...names].reverse()) {
        await new Promise((calm) => setTimeout(calm, 500))
        const one = await once(browser, `${url}/bench/${name}.html`, situation)
        if (run > 0) seen[name].push(one)
      }
    }
  } finally {
    await browser.close()
  }
  console.log(`\nFrom cold to the case on screen: ${slowness}, cold cache, sent in the moment the form is there; median of ${runs} after a warm-up\n`)
  console.log(`${''.padEnd(32)}      form   case on screen      from … to`)
  const ms = (n) => `${Math.round(n)} ms`
  for (const name of names) {
    const shown = seen[name].map((one) => one.shown).sort((a, b) => a - b)
    console.log(
      PAGES[name].padEnd(32) + ms(median(seen[name].map((one) => one.form))).padStart(10) + ms(median(shown)).padStart(17) +
        `${Math.round(shown[0])} … ${Math.round(shown.at(-1))}`.padStart(15),
    )
  }
}
