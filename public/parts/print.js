// Prints one letter or notice and nothing else of the page, on one sheet; under our notice the QR code of the
// page that confirms it. A letter of the agency gets nothing of ours but the code of its case.
import { texts } from './kit.js'

const VI = {
  check: 'Kiểm tra thông báo này: {}',
}

const STYLE = `
@page { margin: 14mm }
* { box-sizing: border-box }
body { margin: 0; color: #000; background: #fff; font: 12pt/1.45 system-ui, "Noto Sans", sans-serif }
h2, h3, h4, h5, h6 { font-size: 15pt; line-height: 1.25; margin: 0 0 8pt }
p, dl { margin: 0 0 7pt }
.dh-over, .dh-disclaimer, .dh-seal { font-size: 10pt }
.dh-row { display: flex; gap: 10pt }
.dh-row dt { flex: 0 0 28%; color: #333 }
.dh-row dd { margin: 0 }
.dh-disclaimer { border-top: 1px solid #000; padding-top: 6pt; font-weight: bold }
.dh-warn { border: 1px solid #000; padding: 4pt 6pt }
.dh-seal { display: flex; gap: 12pt; align-items: center; break-inside: avoid }
.dh-seal svg { flex: none; width: 28mm; shape-rendering: crispEdges }
.dh-no-print, .dh-quiet { display: none }
@media (max-width: 150mm) {
  body { font-size: 9.5pt; line-height: 1.35 }
  h2, h3, h4, h5, h6 { font-size: 12.5pt; margin-bottom: 5pt }
  p, dl { margin-bottom: 4.5pt }
  .dh-over, .dh-disclaimer, .dh-seal { font-size: 8.5pt }
  .dh-seal svg { width: 24mm }
}
`

/** Prints the article the button stands in. */
export default async function (kit, button) {
  const article = button.closest('article')
  const frame = kit.make('iframe', { title: article.querySelector('h2, h3, h4, h5, h6').textContent, 'aria-hidden': 'true', tabindex: '-1', 'class': 'dh-quiet' })
  kit.base.append(frame)
  const page = frame.contentDocument
  page.documentElement.lang = kit.lang
  page.title = frame.title
  const copy = page.importNode(article, true)
  page.body.append(copy)
  try {
    // Made in the frame's own document; needs no inline style.
    const sheet = new frame.contentWindow.CSSStyleSheet()
    sheet.replaceSync(STYLE)
    page.adoptedStyleSheets = [sheet]
  } catch (error) { /* an old browser prints it plain */ }
  if (article.matches('.dh-notice')) await confirmable(kit, page, copy)
  // What was sent of a letter does not name the case.
  else copy.before(`${texts(kit, 'element', { case_code: 'Mã hồ sơ' })('case_code')}: ${kit.answer.case_code}`)
  const done = () => frame.remove()
  frame.contentWindow.addEventListener('afterprint', done)
  frame.contentWindow.print()
}

async function confirmable(kit, page, copy) {
  const notice = kit.answer && kit.answer.apology.notice
  if (!notice || !notice.page) return
  const box = kit.make('div', { 'class': 'dh-seal' }, texts(kit, 'print', VI)('check', kit.api + notice.page))
  copy.append(box)
  try {
    const answer = await kit.call(`${kit.api}api/v1/notices/${notice.number}/qr.svg`)
    // Its squares alone, drawn anew: to read markup, a page may forbid.
    const [, view, squares] = /viewBox="(.+?)"[^]* d="(.+?)"/.exec(await answer.text())
    const [image, path] = ['svg', 'path'].map((tag) => page.createElementNS('http://www.w3.org/2000/svg', tag))
    image.setAttribute('viewBox', view)
    path.setAttribute('d', squares)
    image.append(path)
    box.prepend(image)
  } catch (error) { /* number and address stand there in letters */ }
}
