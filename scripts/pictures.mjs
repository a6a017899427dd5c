// node scripts/pictures.mjs DIST PICTURES, through `make pictures`.
// Looks up every case of /demo/samples.json on the portal page, the way a citizen does, and takes the whole page.
import fs from 'node:fs'
import path from 'node:path'
import { chromium } from 'playwright-core'
import { startServer } from './server.mjs'

const WIDTHS = [360, 1280]
const [dist, into] = process.argv.slice(2)

const slug = (text) =>
  text
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/đ/gi, 'd')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 60)

// The fields are inside the open shadow root; playwright looks into it by itself.
const inside = (page, selector) => page.locator('dung-hen').first().locator(selector).locator('visible=true').first()

async function open(page, url) {
  await page.goto(url, { waitUntil: 'networkidle' })
  await inside(page, 'input[name="case_code"]').waitFor({ timeout: 15_000 })
}

async function lookUp(page, code, proof) {
  await inside(page, 'input[name="case_code"]').fill(code)
  if (proof) await inside(page, 'input[name="proof"]').fill(proof)
  const answered = page.evaluate(
    () =>
      new Promise((resolve, reject) => {
        for (const kind of ['dh-case-shown', 'dh-error']) addEventListener(kind, (e) => resolve(`${kind} ${JSON.stringify(e.detail)}`), { once: true })
        setTimeout(() => reject(new Error('no answer after 15 s')), 15_000)
      }),
  )
  await inside(page, 'input[name="case_code"]').press('Enter')
  const answer = await answered
  await page.waitForTimeout(200) // the element draws in the next frames
  return answer
}

const server = await startServer({ dist })
let failed = 0
try {
  const response = await fetch(`${server.url}/demo/samples.json`)
  if (!response.ok) throw new Error(`/demo/samples.json answers ${response.status}`)
  const samples = await response.json()
  const known = samples[0]
  const situations = [
    { title: { en: 'portal' } },
    ...(known ? [{ ...known, proof: '', title: { en: 'code alone' } }, { ...known, proof: 'XXXXXX', title: { en: 'wrong proof' }, refused: true }] : []),
    ...samples,
  ]

  fs.rmSync(into, { recursive: true, force: true })
  fs.mkdirSync(into, { recursive: true })
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ['--no-sandbox'] })
  try {
    for (const width of WIDTHS) {
      for (const [index, situation] of situations.entries()) {
        const context = await browser.newContext({ viewport: { width, height: 800 }, locale: 'vi-VN', reducedMotion: 'reduce' })
        const page = await context.newPage()
        const troubles = []
        page.on('pageerror', (error) => troubles.push(error.message))
        page.on('console', (line) => {
          if (line.type() === 'error' && !situation.refused) troubles.push(line.text())
        })
        const name = `${String(index).padStart(2, '0')}-${slug(situation.title?.en ?? situation.case_code)}-${width}.png`
        try {
          await open(page, `${server.url}/`)
          if (situation.case_code) {
            const answer = await lookUp(page, situation.case_code, situation.proof)
            if (answer.startsWith('dh-error') && !situation.refused) troubles.push(answer)
          }
          const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
          if (over > 0) troubles.push(`the page is ${over} px wider than the screen`)
        } catch (error) {
          troubles.push(error.message.split('\n')[0])
        }
        await page.screenshot({ path: path.join(into, name), fullPage: true })
        console.log(`${troubles.length ? 'TROUBLE' : 'ok'.padEnd(7)}  ${name}${troubles.map((t) => `\n         ${t}`).join('')}`)
        if (troubles.length) failed++
        await context.close()
      }
    }
  } finally {
    await browser.close()
  }
  console.log(`${situations.length * WIDTHS.length} pictures in ${into}/, ${failed} with trouble`)
} finally {
  await server.stop()
}
process.exitCode = failed ? 1 : 0
