// node scripts/pictures.mjs DIST PICTURES [NAME…], through `make pictures`.
//
// Goes to every state of scripts/states.mjs and looks up every sample situation, the way a citizen does, on a phone and
// on a desk; takes a picture in light and in dark; and has axe look at each, every rule on. Names pick states.
import fs from 'node:fs'
import path from 'node:path'
import { chromium } from 'playwright-core'
import { startServer } from './server.mjs'
import { states } from './states.mjs'

const WIDTHS = [360, 1280]
const SCHEMES = ['light', 'dark']
const [dist, into, ...names] = process.argv.slice(2)
const axe = fs.readFileSync(process.env.AXE_JS ?? 'node_modules/axe-core/axe.min.js', 'utf8')

// The browser of the pictures has no BarcodeDetector: the button that needs one is pictured all the same.
const BARCODES = 'window.BarcodeDetector ??= class { detect() { return new Promise(() => {}) } }'

/** What a state needs to get there: the page, and the hands of a person. */
function toolbox(page, url, samples) {
  const root = (selector) => page.locator('dung-hen').first().locator(selector).locator('visible=true').first()
  const t = {
    page, root,
    sample: (key) => samples.find((one) => one.key === key),
    async open(at) {
      await page.goto(url + at, { waitUntil: 'load' })
      // The element's own form: the page's, which was there before, would go to another page.
      if (at === '/' || at.startsWith('/hosts/')) {
        await page.waitForFunction(() => [...document.querySelectorAll('dung-hen')].every((one) => one.shadowRoot?.querySelector('input[name="case_code"]')))
      }
    },
    sees: (selector) => root(selector).waitFor({ timeout: 15_000 }),
    says: (text) => page.waitForFunction((words) => document.querySelector('dung-hen').shadowRoot.querySelector('.dh').innerText.includes(words), text, { timeout: 25_000 }),
    press: (selector, text) => page.locator('dung-hen').first().locator(selector).filter({ hasText: text }).locator('visible=true').first().click(),
    /** Types and sends; without `stay` on a page opened anew. */
    async ask(code, proof, stay) {
      if (!stay) await t.open('/')
      await root('input[name="case_code"]').fill(code)
      await root('input[name="proof"]').fill(proof)
      await root('input[name="case_code"]').press('Enter')
    },
    async lookUp(key, stay) {
      const one = t.sample(key)
      await t.ask(one.case_code, one.proof, stay)
      await t.says(one.case_code)
      await t.sees('.dh-holder')
    },
    /** Reports that the date was moved; the reference number. */
    async report(key) {
      await t.lookUp(key)
      await t.press('.dh-objection summary', '')
      await t.press('.dh-objection label', 'Ngày hẹn trả bị thay đổi')
      await t.press('.dh-objection .dh-button', 'Gửi')
      await t.sees('.dh-objection .dh-receipt')
      return root('.dh-objection .dh-receipt').innerText()
    },
    cut: (address) => page.route(address, (route) => route.abort()),
    hold: (address) => page.route(address, () => {}),
    mend: () => page.unrouteAll({ behavior: 'ignoreErrors' }),
    async slow(times) {
      await (await page.context().newCDPSession(page)).send('Emulation.setCPUThrottlingRate', { rate: times })
    },
    /** Shows what the button “print” of this article would print, in place of the page. */
    async paper(article) {
      await page.evaluate((selector) => {
        const { shadowRoot } = document.querySelector('dung-hen')
        return new Promise((done, fail) => {
          const append = Element.prototype.append
          Element.prototype.append = function (...nodes) {
            append.apply(this, nodes)
            const frame = nodes.find((one) => one.localName === 'iframe')
            if (frame) frame.contentWindow.print = () => {
              const { documentElement, adoptedStyleSheets } = frame.contentDocument
              document.adoptedStyleSheets = adoptedStyleSheets.map((one) => {
                const sheet = new CSSStyleSheet()
                sheet.replaceSync(Array.from(one.cssRules, (rule) => rule.cssText).join('\n'))
                return sheet
              })
              const body = document.importNode(documentElement.querySelector('body'), true)
              document.head.querySelectorAll('link, style').forEach((one) => one.remove())
              document.body.replaceWith(body)
              done()
            }
          }
          setTimeout(fail, 20000, new Error('nothing was printed'))
          shadowRoot.querySelector(`${selector} [data-load=print]`).click()
        })
      }, article)
    },
  }
  return t
}

/** Everything axe finds, a line each. */
async function found(page, what) {
  if (!(await page.evaluate('typeof axe === "object"'))) await page.evaluate(axe)
  return page.evaluate((foreign) => axe.run((foreign && document.querySelector('dung-hen')) || document, { resultTypes: ['violations'] }).then((all) => all.violations.map((one) => `axe: ${one.id}: ${one.nodes.map((node) => node.target.join(' ')).join(' | ')}`)), what === 'foreign')
}

async function take(page, what, file) {
  if (what === 'element') {
    // What lies at the end of a tall element is pictured too.
    await page.locator('dung-hen').first().screenshot({ path: file, animations: 'disabled' })
  } else await page.screenshot({ path: file, fullPage: what !== 'screen', animations: 'disabled' })
}

function situations(samples) {
  return samples.map((one) => [one.key.replaceAll('_', '-'), 'element', (t) => t.lookUp(one.key)])
}

const all = []
fs.rmSync(into, { recursive: true, force: true })
fs.mkdirSync(into, { recursive: true })
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM,
  args: ['--no-sandbox', '--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream'],
})
try {
  for (const width of WIDTHS) {
    const server = await startServer({ dist }) // ratings and reports leave traces
    try {
      const samples = JSON.parse(fs.readFileSync('data/sample/situations.json', 'utf8'))
      const wanted = [...situations(samples), ...states].filter(([name]) => !names.length || names.includes(name))
      for (const [name, what, go] of wanted) {
        const context = await browser.newContext({ viewport: { width: what === 'paper' ? 559 : width, height: what === 'paper' ? 794 : 800 }, locale: 'vi-VN', reducedMotion: 'reduce', colorScheme: 'light' })
        await context.addInitScript(BARCODES)
        const page = await context.newPage()
        const troubles = []
        page.on('pageerror', (error) => troubles.push(error.message))
        try {
          await go(toolbox(page, server.url, samples))
          if (what === 'paper' || what === 'print') await page.emulateMedia({ media: 'print', reducedMotion: 'reduce' })
        } catch (error) {
          troubles.push(error.message.split('\n').slice(0, 2).join(' '))
        }
        for (const scheme of what === 'paper' || what === 'print' ? ['light'] : SCHEMES) {
          const file = `${name}-${width}-${scheme}.png`
          try {
            await page.emulateMedia({ colorScheme: scheme })
            const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
            if (over > 0 && what !== 'foreign') troubles.push(`the page is ${over} px wider than the screen`)
            if (what !== 'paper' && what !== 'print') troubles.push(...(await found(page, what)).map((one) => `${scheme}: ${one}`))
            await take(page, what === 'print' ? 'page' : what, path.join(into, file))
          } catch (error) {
            troubles.push(`${scheme}: ${error.message.split('\n')[0]}`)
          }
          all.push(file)
        }
        console.log(`${troubles.length ? 'TROUBLE' : 'ok     '}  ${name}-${width}${troubles.map((one) => `\n         ${one}`).join('')}`)
        if (troubles.length) process.exitCode = 1
        await context.close()
      }
    } finally {
      await server.stop()
    }
  }
} finally {
  await browser.close()
}
fs.writeFileSync(path.join(into, 'index.html'), `<!doctype html><html lang="en"><meta charset="utf-8"><title>Pictures</title><style>
body { font: 14px system-ui; background: #888 } main { display: flex; flex-wrap: wrap; align-items: start; gap: 8px } figure { margin: 0 } img { max-width: 360px; display: block }
</style><main>${all.map((file) => `<figure><figcaption>${file}</figcaption><a href="${file}"><img loading="lazy" src="${file}" alt="${file}"></a></figure>`).join('\n')}</main></html>\n`)
console.log(`${all.length} pictures in ${into}/, with index.html beside them; ${process.exitCode ? 'with trouble' : 'nothing wrong'}`)
