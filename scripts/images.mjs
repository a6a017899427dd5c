// node scripts/images.mjs DIST INTO: the pictures of the README, taken of the real demonstration; through
// `scripts/pictures --readme`.
import fs from 'node:fs'
import path from 'node:path'
import { chromium } from 'playwright-core'
import { startServer } from './server.mjs'

const [dist, into] = process.argv.slice(2)
const samples = JSON.parse(fs.readFileSync('data/sample/situations.json', 'utf8'))
const server = await startServer({ dist })
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ['--no-sandbox'] })

async function page(width, key) {
  const context = await browser.newContext({ viewport: { width, height: 900 }, locale: 'vi-VN', reducedMotion: 'reduce', colorScheme: 'light' })
  const opened = await context.newPage()
  await opened.goto(server.url)
  const one = samples.find((sample) => sample.key === key)
  await opened.locator('dung-hen input[name=case_code]').locator('visible=true').fill(one.case_code)
  await opened.locator('dung-hen input[name=proof]').locator('visible=true').fill(one.proof)
  await opened.locator('dung-hen .dh-main').click()
  await opened.locator('dung-hen .dh-holder .dh-month, dung-hen .dh-holder .dh-not').first().waitFor()
  await opened.locator('dung-hen .dh-rating input').first().waitFor({ state: 'attached' }).catch(() => {})
  await opened.evaluate(() => { document.activeElement.blur(); scrollTo(0, 0) })
  return opened
}

try {
  const wide = await page(1280, 'overdue_without_letter')
  await wide.screenshot({ path: path.join(into, 'overdue-1280.png'), clip: { x: 0, y: 0, width: 1280, height: 1500 }, fullPage: true, animations: 'disabled' })
  const letter = await page(360, 'overdue_letter_in_time')
  await letter.locator('dung-hen .dh-letter').first().screenshot({ path: path.join(into, 'letter-360.png'), animations: 'disabled' })
  const days = await page(360, 'on_time_over_holidays')
  await days.locator('dung-hen .dh-deadline').screenshot({ path: path.join(into, 'day-by-day-360.png'), animations: 'disabled' })
} finally {
  await browser.close()
  await server.stop()
}
