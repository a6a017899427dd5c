// Several cases as a list: those remembered on this device, and those typed or pasted together.
// Codes only, never a proof; nothing is remembered that was not asked for; nothing at all in kiosk mode.
import { ask, heading, MOST, remember, remembered, said, texts } from './kit.js'

const VI = {
  title: 'Các hồ sơ',
  remembered: 'Đã nhớ trên máy này',
  open: 'Xem',
  alone: 'Tra cứu riêng mã này',
  forget: 'Quên mã này',
  forget_all: 'Quên tất cả',
  forgotten: 'Đã quên mã hồ sơ.',
  unknown: 'Không tìm thấy hồ sơ có mã này.',
  invalid: 'Mã không đúng.',
  offline: 'Chưa hỏi được máy chủ.',
  most: 'Chỉ hiện {} mã đầu tiên.',
}

/** Draws the list: of what stands in the field where there are several codes, else of what is remembered. */
export default async function list(kit) {
  const typed = kit.code.value.replace(/(-\d+)[^!-~]+(?=\S+-)/g, '$1,').split(/[,;]/).map((code) => code.trim()).filter(Boolean)
  const several = !!typed[1]
  // In a message commas part sentences: these are not codes.
  const found = typed.filter((text) => /^\S*\d\S*$|\d{6}\W+\d{4}/.test(text))
  const codes = Array.from(new Set(!several ? remembered(kit) : found[0] ? found : typed))
  if (several && !codes[1]) {
    kit.code.value = codes
    return kit.submit()
  }
  const answers = new Map()
  // For the redrawing in another language.
  kit.cases = { codes: codes.slice(0, MOST), answers, several, left: codes.length > MOST }
  kit.onturn('list', () => draw(kit))
  draw(kit)
  if (several) focus(kit)
  // One after the other: it is a list, not an attack.
  for (const code of kit.cases.codes) {
    const got = await ask(kit, 'lookup', { case_code: code })
    if (kit.cases.answers !== answers) return
    answers.set(code, got)
    draw(kit)
  }
}

// On the heading of the list; where there is none, on the field.
function focus(kit) {
  (kit.list.querySelector('[tabindex]') || kit.code).focus()
}

function draw(kit) {
  const { make } = kit
  const t = texts(kit, 'list', VI)
  const { codes, answers, several, left } = kit.cases
  const had = kit.element.shadowRoot.activeElement
  const focused = had && kit.list.contains(had) ? had.dataset.at : null
  kit.list.textContent = ''
  if (!codes.length) return
  const title = heading(kit, 1, t(several ? 'title' : 'remembered'))
  title.tabIndex = -1
  title.dataset.at = 'title'
  const button = (at, text, about, press) => {
    const one = make('button', { type: 'button', 'class': 'dh-button dh-second', 'data-at': at + about, 'aria-label': text + about }, text)
    one.onclick = press
    return one
  }
  const rows = codes.map((code) => {
    const got = answers.get(code)
    const state = !got ? '…' : got.ok ? said(kit, got.json.status_text) : t(!got.status ? 'offline' : got.status === 404 ? 'unknown' : 'invalid')
    const about = `: ${code}`
    const row = make('li', {}, make('span', { 'class': 'dh-code' }, code), make('span', { 'class': 'dh-muted' }, state),
      // Of a code that was not found there is nothing to see; asked alone, it is told what can be done.
      button('open', t(got && !got.ok ? 'alone' : 'open'), about, () => {
        kit.code.value = code
        kit.submit()
      }))
    if (!several) row.append(button('forget', t('forget'), about, () => drop(kit, [code])))
    return row
  })
  const card = make('div', { 'class': 'dh-card dh-cases' }, title, make('ul', { 'class': 'dh-plain' }, ...rows))
  if (left) card.append(make('p', { 'class': 'dh-muted' }, t('most', MOST)))
  if (!several && codes[1]) card.append(button('all', t('forget_all'), '', () => drop(kit, codes)))
  kit.list.append(card)
  const back = focused && Array.from(kit.list.querySelectorAll('[data-at]')).find((node) => node.dataset.at === focused)
  if (back) back.focus()
}

function drop(kit, codes) {
  const state = kit.cases
  state.codes = state.codes.filter((code) => !codes.includes(code))
  remember(kit, remembered(kit).filter((code) => !codes.includes(code)))
  draw(kit)
  kit.say(texts(kit, 'list', VI)('forgotten'), true)
  focus(kit)
}
