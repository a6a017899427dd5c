// Why the date is the date, below the one sentence: the check, the calendar of the count, every day as a
// table, the law. All of it was computed and worded by the server; here it is only laid out.
import { date, details, heading, said, texts, time, weekday } from './kit.js'

const VI = {
  agrees: 'Ngày hẹn khớp với ngày tính theo quy định.',
  differs: 'Ngày hẹn khác với ngày chúng tôi tính được. Ngày ghi trên giấy hẹn là ngày có giá trị.',
  later: 'Ngày hẹn nằm sau khi hết thời hạn đã công bố.',
  possible: 'Những ngày có thể là ngày hết hạn',
  assuming: 'Với giả định:',
  because: 'Điều chưa được quyết định',
  mark_verified: 'đã đọc trong văn bản',
  mark_secondary: 'theo nguồn dẫn lại',
  mark_reading: 'cách hiểu của hệ thống về quy định hiện hành',
  mark_open: 'chưa xác nhận được câu chữ',
  moved: 'Ngày tính được đã thay đổi thế nào',
  limit: 'Thời hạn',
  starts: 'Tính từ sau ngày',
  starts_again: 'Tính lại từ sau ngày',
  computed: 'Ngày tính được',
  published_limit: 'Thời hạn đã công bố',
  basis: 'Căn cứ',
  month: 'Tháng {} năm {}',
  weekday_letters: 'T2|T3|T4|T5|T6|T7|CN',
  cell_start: 'nộp',
  cell_off: 'nghỉ',
  cell_holiday: 'lễ',
  cell_moved: 'chuyển',
  cell_due: 'hẹn',
  key: 'Số nhỏ trong ô là ngày thứ mấy của thời hạn.',
  key_due: 'Ngày hẹn trả được đóng khung đậm.',
  special: 'Các ngày đặc biệt',
  day_by_day: 'Xem từng ngày dạng bảng',
  col_day: 'Ngày',
  col_count: 'Đếm',
  col_reason: 'Lý do',
  not_counted: 'không tính',
  nth: 'ngày thứ {}',
  hours: '{} giờ',
  hours_minutes: '{} giờ {} phút',
  day_start: 'Ngày bắt đầu, chưa tính',
  day_working: 'Ngày làm việc',
  day_swapped_working: 'Làm việc bù, được tính',
  day_counted_day_off: 'Ngày nghỉ, vẫn tính',
  day_weekend: 'Nghỉ cuối tuần',
  day_holiday: 'Nghỉ lễ, tết',
  day_in_lieu: 'Nghỉ bù',
  day_swapped_off: 'Nghỉ hoán đổi',
  day_not_counted: 'Không tính',
  day_rolled_to: 'Chuyển sang ngày làm việc tiếp theo',
  add: 'Thêm ngày hẹn vào lịch của tôi',
  event: 'Hẹn trả kết quả hồ sơ {}',
}

// A calendar of more months says less than the table.
const MOST_MONTHS = 4
// What the days beside plain working days and weekends are.
const SPECIAL = ['swapped_working', 'holiday', 'in_lieu', 'swapped_off', 'rolled_to']

/** Fills the card of a case. */
export default function (kit, node) {
  const view = kit.answer
  const why = view && view.deadline
  if (why) node.append(...draw(kit, why, view.dates_held.promise, view))
}

/** The same for whatever has days: a case, or what would be if one filed today. */
export function draw(kit, why, promise, view, depth = 3) {
  const { make } = kit
  const t = texts(kit, 'why', VI)
  const out = []
  if (why.agrees === true) out.push(make('p', { 'class': 'dh-agrees' }, t('agrees')))
  if (why.agrees === false) out.push(make('p', { 'class': 'dh-warn dh-differs' }, t('differs')))
  if (why.later) out.push(make('p', { 'class': 'dh-warn' }, t('later')))
  if (why.caution) out.push(make('p', { 'class': 'dh-warn' }, said(kit, why.caution)))
  if (why.possible && why.possible.length) {
    out.push(make('div', { 'class': 'dh-basis' }, heading(kit, depth, t('possible')),
      make('ul', {}, ...why.possible.map((one) => make('li', {}, make('strong', {}, one.due_time ? `${one.due_time}, ` : '', time(kit, one.due)), ` ${said(kit, one.condition)}`))),
      why.assuming ? make('p', { 'class': 'dh-muted' }, `${t('assuming')} ${said(kit, why.assuming)}`) : ''))
  }
  if (why.because && why.because.length) out.push(list(kit, depth, t('because'), why.because.map((one) => said(kit, one))))
  if (why.days.length) {
    const months = calendar(kit, t, why.days, promise || why.due)
    if (months) out.push(months)
    out.push(special(kit, t, why.days))
    out.push(details(kit, 'days', t('day_by_day'), table(kit, t, why.days)))
  }
  const row = (label, ...value) => make('div', { 'class': 'dh-row' }, make('dt', {}, label), make('dd', {}, ...value))
  const facts = make('dl', { 'class': 'dh-facts' }, row(t('limit'), said(kit, why.limit)))
  // Hours begin on the very day.
  if (!why.due_time) facts.append(row(t(why.restarted ? 'starts_again' : 'starts'), time(kit, why.starts)))
  if (why.due) facts.append(row(t('computed'), why.due_time ? `${why.due_time}, ` : '', time(kit, why.due)))
  const published = view && view.procedure.limit_as_published
  if (published) facts.append(row(t('published_limit'), make('span', { lang: 'vi' }, published)))
  out.push(facts)
  if (why.basis.length) {
    out.push(list(kit, depth, t('basis'), why.basis.map((law) => said(kit, law) + (VI[`mark_${law.mark}`] ? ` – ${t(`mark_${law.mark}`)}` : ''))))
  }
  if (why.moved && why.moved.length) out.push(list(kit, depth, t('moved'), why.moved.map((one) => said(kit, one.why))))
  if (view && promise && promise >= view.as_of.slice(0, 10)) {
    const add = make('button', { type: 'button', 'class': 'dh-button dh-second' }, t('add'))
    add.onclick = () => keep(kit, t, view, promise)
    out.push(make('p', { 'class': 'dh-no-print' }, add))
  }
  return out
}

const list = (kit, depth, title, items) => kit.make('div', { 'class': 'dh-basis' }, heading(kit, depth, title),
  kit.make('ul', {}, ...items.map((item) => kit.make('li', {}, item))))

// ---- the calendar

function calendar(kit, t, days, promise) {
  const { make } = kit
  const known = new Map(days.map((day) => [day.date, day]))
  const dates = days.map((day) => day.date).concat(promise || []).sort()
  const first = dates[0].slice(0, 7)
  const last = dates[dates.length - 1].slice(0, 7)
  const months = []
  for (let month = first; month <= last && months.length <= MOST_MONTHS; month = after(month)) months.push(month)
  if (months.length > MOST_MONTHS) return null
  // A picture of the table below it, which is what a screen reader reads.
  return make('div', { 'class': 'dh-months', 'aria-hidden': 'true' }, ...months.map((month) => {
    const [year, number] = month.split('-').map(Number)
    const grid = make('div', { 'class': 'dh-month' })
    for (const name of t('weekday_letters').split('|')) grid.append(make('span', { 'class': 'dh-weekday' }, name))
    for (let blank = weekday(`${month}-01`); blank > 0; blank--) grid.append(make('span'))
    for (let day = 1; day <= new Date(Date.UTC(year, number, 0)).getUTCDate(); day++) {
      const iso = `${month}-${String(day).padStart(2, '0')}`
      grid.append(cell(kit, t, day, known.get(iso), iso === promise))
    }
    return make('div', {}, make('p', { 'class': 'dh-strong' }, t('month', number, year)), grid)
  }), make('p', { 'class': 'dh-muted' }, [days.some((day) => day.number) && t('key'), promise && t('key_due')].filter(Boolean).join(' ')))
}

function after(month) {
  const [year, number] = month.split('-').map(Number)
  return number === 12 ? `${year + 1}-01` : `${year}-${String(number + 1).padStart(2, '0')}`
}

function cell(kit, t, number, day, due) {
  const mark = day && day.mark
  const counted = day && (day.number || day.minutes)
  const small = !day ? '' : day.number ? String(day.number)
    : day.minutes ? hours(t, day.minutes)
    : mark === 'start' ? t('cell_start')
    : mark === 'holiday' || mark === 'in_lieu' ? t('cell_holiday')
    : mark === 'rolled_to' ? t('cell_moved')
    : t('cell_off')
  const kind = counted || mark === 'rolled_to' ? 'counted' : mark === 'start' ? 'start' : day ? 'off' : 'outside'
  return kit.make('span', { 'class': `dh-day dh-day-${kind}${due ? ' dh-day-due' : ''}` },
    kit.make('b', {}, String(number)), kit.make('small', {}, due && !small ? t('cell_due') : small))
}

function special(kit, t, days) {
  const { make } = kit
  const found = days.filter((day) => SPECIAL.includes(day.mark))
  return found.length ? make('ul', { 'class': 'dh-special', 'aria-label': t('special') }, ...found.map((day) => (
    make('li', {}, time(kit, day.date), `: ${reason(kit, t, day)}`)
  ))) : ''
}

// ---- the table

function table(kit, t, days) {
  const { make } = kit
  const head = make('thead', {}, make('tr', {}, ...['col_day', 'col_count', 'col_reason'].map((key) => make('th', { scope: 'col' }, t(key)))))
  const body = make('tbody', {}, ...days.map((day) => (
    make('tr', { 'class': day.number || day.minutes ? 'dh-counted' : 'dh-skipped' }, make('th', { scope: 'row' }, time(kit, day.date)),
      make('td', {}, day.minutes ? hours(t, day.minutes) : day.number ? t('nth', day.number) : t('not_counted')),
      make('td', {}, reason(kit, t, day)))
  )))
  return make('table', { 'class': 'dh-table dh-days' }, make('caption', { 'class': 'dh-quiet' }, t('day_by_day')), head, body)
}

function hours(t, minutes) {
  const [whole, rest] = [Math.floor(minutes / 60), minutes % 60]
  return rest ? t('hours_minutes', whole, rest) : t('hours', whole)
}

// A mark of a newer server is left to its note.
function reason(kit, t, day) {
  const mark = VI[`day_${day.mark}`] ? t(`day_${day.mark}`) : ''
  return [mark, said(kit, day.note)].filter(Boolean).join(': ')
}

// ---- my own calendar

/** The event as a file of RFC 5545: the day, and of the case only the code. Not the procedure: calendars are shared. */
export function event(code, iso, title, stamp) {
  const compact = (text) => text.replace(/[-:]/g, '')
  const next = new Date(Date.parse(`${iso}T00:00Z`) + 864e5).toISOString().slice(0, 10)
  const escape = (text) => text.replace(/[\\;,]/g, '\\$&').replace(/\n/g, '\\n')
  const lines = ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//Dung Hen//dung-hen//VI', 'BEGIN:VEVENT',
    `UID:${code.replace(/[^\w.-]/g, '_')}-${compact(iso)}@dung-hen`, `DTSTAMP:${stamp}`,
    `DTSTART;VALUE=DATE:${compact(iso)}`, `DTEND;VALUE=DATE:${compact(next)}`, `SUMMARY:${escape(title)}`,
    'TRANSP:TRANSPARENT', 'END:VEVENT', 'END:VCALENDAR', '']
  return lines.map(fold).join('\r\n')
}

// Lines of at most 75 octets; what goes on begins with a blank. No letter is cut in two.
function fold(line) {
  const size = (text) => new TextEncoder().encode(text).length
  let out = ''
  let row = ''
  for (const letter of line) {
    if (size(row + letter) > 75) {
      out += `${row}\r\n`
      row = ' '
    }
    row += letter
  }
  return out + row
}

function keep(kit, t, view, promise) {
  // The server's moment, not the device's.
  const stamp = `${new Date(view.as_of).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`
  const file = new Blob([event(view.case_code, promise, t('event', view.case_code), stamp)], { type: 'text/calendar' })
  const link = kit.make('a', { href: URL.createObjectURL(file), download: `hen-tra-${promise}.ics` })
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60000)
}

export { date }
