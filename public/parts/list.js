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

const shown = new WeakMap() // answers by code, for the redrawing in another language

/** Draws the list: of what stands in the field where there are several codes, else of what is remembered. */
export default async function list(kit) {
  const typed = kit.code.value.replace(/(-\d+)\s+(?=\S+-)/g, '$1,').split(/[,;]/).map((code) => code.trim()).filter(Boolean)
  const several = typed.length > 1
  const codes = Array.from(new Set(several ? typed : remembered(kit)))
  const answers = new Map()
  shown.set(kit, { codes: codes.slice(0, MOST), answers, several, left: codes.length > MOST })
  kit.onturn('list', () => draw(kit))
  draw(kit)
  if (several) focusFirst(kit)
  // One after the other: it is a list, not an attack.
  for (const code of codes.slice(0, MOST)) {
    const got = await ask(kit, 'lookup', { case_code: code })
    if (shown.get(kit).answers !== answers) return
    answers.set(code, got || { ok: false, status: 0 })
    draw(kit)
  }
}

function focusFirst(kit) {
  const first = kit.list.querySelector('[tabindex]')
  if (first) first.focus()
}

function draw(kit) {
  const { make } = kit
  const t = texts(kit, 'list', VI)
  const { codes, answers, several, left } = shown.get(kit)
  const had = kit.element.shadowRoot.activeElement
  const focused = had && kit.list.contains(had) ? had.dataset.at : null
  kit.list.textContent = ''
  if (!codes.length) return
  const title = heading(kit, 1, t(several ? 'title' : 'remembered'))
  title.tabIndex = -1
  title.dataset.at = 'title'
  const rows = codes.map((code) => {
    const got = answers.get(code)
    const state = !got ? '…' : got.ok ? said(kit, got.json.status_text) : t(got.status === 404 ? 'unknown' : got.status === 0 ? 'offline' : 'invalid')
    // Of a code that was not found there is nothing to see; asked alone, it is told what can be done.
    const label = t(got && !got.ok ? 'alone' : 'open')
    const open = make('button', { type: 'button', 'class': 'dh-button dh-second', 'data-at': `open ${code}`, 'aria-label': `${label}: ${code}` }, label)
    open.onclick = () => {
      kit.code.value = code
      if (several) clear(kit)
      kit.submit()
    }
    const row = make('li', {}, make('span', { 'class': 'dh-code' }, code), make('span', { 'class': 'dh-muted' }, state), open)
    if (!several) {
      const forget = make('button', { type: 'button', 'class': 'dh-button dh-second', 'data-at': `forget ${code}`, 'aria-label': `${t('forget')}: ${code}` }, t('forget'))
      forget.onclick = () => drop(kit, [code])
      row.append(forget)
    }
    return row
  })
  const card = make('div', { 'class': 'dh-card dh-cases' }, title, make('ul', { 'class': 'dh-plain' }, ...rows))
  if (left) card.append(make('p', { 'class': 'dh-muted' }, t('most', MOST)))
  if (!several && codes.length > 1) {
    const all = make('button', { type: 'button', 'class': 'dh-button dh-second', 'data-at': 'all' }, t('forget_all'))
    all.onclick = () => drop(kit, codes)
    card.append(all)
  }
  kit.list.append(card)
  const back = focused && Array.from(kit.list.querySelectorAll('[data-at]')).find((node) => node.dataset.at === focused)
  if (back) back.focus()
}

function clear(kit) {
  shown.set(kit, { codes: [], answers: new Map() })
  kit.list.textContent = ''
}

function drop(kit, codes) {
  const state = shown.get(kit)
  state.codes = state.codes.filter((code) => !codes.includes(code))
  remember(kit, remembered(kit).filter((code) => !codes.includes(code)))
  draw(kit)
  kit.say(texts(kit, 'list', VI)('forgotten'), true)
  const next = kit.list.querySelector('[tabindex]') || kit.code
  next.focus()
}
