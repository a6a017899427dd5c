// What the parts share. The build puts it into each part that uses it.

// Dates in Vietnamese; the names are those of src/i18n/vi.rs and of the section `element` of a language pack.
const DATES = {
  date_long: '{w}, ngày {d} tháng {m} năm {y}',
  date_short: '{d} tháng {m} năm {y}',
  weekdays: 'Thứ Hai|Thứ Ba|Thứ Tư|Thứ Năm|Thứ Sáu|Thứ Bảy|Chủ Nhật',
  months: '1|2|3|4|5|6|7|8|9|10|11|12',
}

/** Puts values in the places marked {}, in order. */
export const fill = (text, ...values) => text.replace(/{}/g, () => values.shift())

/** The texts of a part: those of the language pack, Vietnamese where it has none. */
export const texts = (kit, section, vi) => (key, ...values) => fill(kit.word(section, key) || vi[key], ...values)

/** A text that the server has worded in both languages. */
export const said = (kit, text) => (text ? text[kit.server] || text.vi : '')

/** The weekday of an ISO date, Monday 0 to Sunday 6. */
export const weekday = (iso) => (new Date(`${iso}T00:00Z`).getUTCDay() + 6) % 7

/** An ISO date in words; `short` leaves the weekday out. */
export function date(kit, iso, short) {
  const t = texts(kit, 'element', DATES)
  const [y, m, d] = iso.split('-').map(Number)
  const value = { w: t('weekdays').split('|')[weekday(iso)], d, m: t('months').split('|')[m - 1], y }
  return t(short ? 'date_short' : 'date_long').replace(/{(.)}/g, (all, key) => value[key])
}

/** The same as an element. */
export const time = (kit, iso, short) => kit.make('time', { datetime: iso }, date(kit, iso, short))

/** A heading `depth` below the form's title. */
export const heading = (kit, depth, text) => kit.make(`h${Math.min(6, kit.level + depth)}`, {}, text)

/** Details that stay open when they are drawn again. */
export function details(kit, name, summary, ...inside) {
  const open = kit.open = kit.open || {}
  const node = kit.make('details', { 'class': 'dh-details' }, kit.make('summary', {}, summary), ...inside)
  node.open = !!open[name]
  node.ontoggle = () => { open[name] = node.open }
  return node
}

/**
 * One question to the server, in the visitor's name where the page has a token: its answer, or the `reason` why there is
 * none. `idly` where nobody waits for it: then it solves no puzzle.
 */
export async function ask(kit, path, body, idly) {
  try {
    const request = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
    const answer = await kit.send(new Request(`${kit.api}api/v1/${path}`, request), idly)
    return { ok: answer.ok, status: answer.status, json: (await answer.json()) || {} }
  } catch (error) {
    return { reason: error === true ? 'timeout' : error === false ? 'offline' : 'nonsense' }
  }
}

/** Whether the visitor has gone on to something outside a node that is to be drawn again. */
export function away(node) {
  const at = node.getRootNode().activeElement
  return at ? !node.contains(at) : document.activeElement !== document.body
}

// ---- codes remembered on this device: only codes, only when asked for, never in kiosk mode

const KEY = 'dung-hen'
export const MOST = 20

/** The codes remembered here, newest first. */
export function remembered(kit) {
  if (kit.element.hasAttribute('kiosk')) return []
  try {
    return (localStorage.getItem(KEY) || '').split('\n').filter(Boolean).slice(0, MOST)
  } catch (error) {
    return []
  }
}

/** Remembers exactly these. False where this device allows nothing to be kept. */
export function remember(kit, codes) {
  if (kit.element.hasAttribute('kiosk')) return false
  try {
    if (codes.length) localStorage.setItem(KEY, codes.slice(0, MOST).join('\n'))
    else localStorage.removeItem(KEY)
    return true
  } catch (error) {
    return false
  }
}
