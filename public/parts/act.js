// What can be done about a broken promise, with the text prepared: ask, report, complain. Nothing is sent by itself.
import { date, heading, texts } from './kit.js'

const VI = {
  title: 'Việc ông/bà có thể làm ngay',
  ask: 'Hỏi cơ quan',
  ask_text: 'Xin cho biết vì sao hồ sơ {code} không có kết quả vào ngày đã hẹn, {date}[, và bao giờ có].',
  object: 'Phản ánh tại đây',
  object_text: 'Hồ sơ {code} không có kết quả vào ngày đã hẹn, {date}. Đề nghị xem xét và trả lời tôi.',
  complain: 'Khiếu nại',
  complain_how: 'Đơn khiếu nại gửi bằng văn bản đến người đứng đầu cơ quan đã hẹn trả kết quả: {agency}.',
  complain_text: 'Kính gửi: Người đứng đầu {agency}\n\nTôi khiếu nại việc hồ sơ {code} không được trả kết quả vào ngày đã hẹn, {date}.\nĐề nghị xem xét, cho biết lý do[ và thông báo ngày hẹn mới] bằng văn bản.\n\n(họ tên, địa chỉ, ngày, chữ ký)',
  copy: 'Chép nội dung này',
  copied: 'Đã chép.',
  show: 'Xem nội dung soạn sẵn',
  use: 'Điền vào mục phản ánh bên dưới',
}

export default function (kit, node) {
  const { make, answer } = kit
  const promise = answer && answer.dates_held && answer.dates_held.promise
  if (!promise) return
  const t = texts(kit, 'act', VI)
  const values = { code: answer.case_code, date: date(kit, promise), agency: answer.agency.name }
  // What stands between brackets is for a case that still waits.
  const over = answer.dates_held.finished || answer.dates_held.returned
  const words = (key) => t(key).replace(/\[(.*?)]/g, over ? '' : '$1').replace(/{(\w+)}/g, (all, name) => values[name])
  // Three of a kind: to those who only hear it, each says what it belongs to.
  const about = (key) => make('span', { 'class': 'dh-quiet' }, `: ${t(key.slice(0, -5))}`)
  const button = (press, ...text) => {
    const one = make('button', { type: 'button', 'class': 'dh-button dh-second' }, ...text)
    one.onclick = press
    return one
  }
  const prepared = (key, ...more) => make('details', { 'class': 'dh-details' },
    make('summary', {}, t('show'), about(key)),
    make('p', { 'class': 'dh-note dh-prepared' }, words(key)),
    make('p', { 'class': 'dh-buttons' }, button(() => copy(kit, words(key), t('copied')), t('copy'), about(key)), ...more))
  const form = () => kit.out.querySelector('.dh-objection')
  const use = button(async () => {
    const box = form()
    box.open = true
    await kit.part('object', box)
    const field = box.querySelector('textarea')
    if (!field) return // told, or sent already
    if (!field.value) {
      field.value = words('object_text')
      field.dispatchEvent(new Event('input', { bubbles: true }))
    }
    const late = box.querySelector('[value=late]')
    if (late) late.click()
    ;(late || box.querySelector('input') || field).focus()
  }, t('use'))
  node.append(heading(kit, 3, t('title')), make('ul', { 'class': 'dh-plain dh-act' },
    make('li', {}, make('p', { 'class': 'dh-strong' }, t('ask')), contact(kit, answer.agency.contact), prepared('ask_text')),
    form() ? make('li', {}, make('p', { 'class': 'dh-strong' }, t('object')), prepared('object_text', use)) : '',
    make('li', {}, make('p', { 'class': 'dh-strong' }, t('complain')), make('p', {}, words('complain_how')), prepared('complain_text'))))
}

// Where to ask, as the province wrote it; its hotline can be called with a touch.
function contact(kit, text) {
  if (!text) return ''
  const line = kit.make('p', { lang: 'vi' })
  text.split(/(\b1\d{3}\b|\b0\d{9,10}\b)/).forEach((piece, at) => {
    line.append(at % 2 ? kit.make('a', { href: `tel:${piece}` }, piece) : piece)
  })
  return line
}

async function copy(kit, text, done) {
  try {
    await navigator.clipboard.writeText(text)
  } catch (error) {
    return // the text stands there to be copied by hand
  }
  kit.say(done, true)
}
