// The report about a case, or about a receipt whose code nobody knows: what is wrong, a few words, a reference number.
// What was written lives as long as the look-up: a case that is drawn again, in another language or state, keeps it.
import { ask, away, heading, said, texts } from './kit.js'

/** Longest text, in characters: MAX_OBJECTION_TEXT of crates/domain. */
const MOST = 2000
/** The kind that needs no case; beneath an unknown code it is the only one. */
const UNKNOWN = 'unknown_code'
/** Kinds that keep off the case unless the citizen says otherwise. */
const CONFIDENTIAL = ['asked_to_pay_extra', 'conduct']

const VI = {
  kind: 'Có việc gì chưa đúng?',
  not_received: 'Hệ thống ghi đã trả kết quả, nhưng tôi chưa nhận được',
  closed_without_result: 'Hồ sơ bị kết thúc mà không có kết quả',
  late: 'Hồ sơ bị trễ hẹn',
  date_moved: 'Ngày hẹn trả bị thay đổi',
  stopped_without_ground: 'Hồ sơ bị dừng hoặc trả lại không có căn cứ',
  asked_to_pay_extra: 'Tôi bị đòi thêm tiền ngoài quy định',
  conduct: 'Cán bộ gây khó khăn hoặc có thái độ không đúng',
  text: 'Kể ngắn gọn việc đã xảy ra (không bắt buộc)',
  hint: 'Tối đa 2000 ký tự. Không cần ghi số giấy tờ hay điện thoại.',
  name_case: 'Phản ánh về đòi tiền hoặc thái độ: gửi kèm mã hồ sơ (cơ quan bị phản ánh vẫn không thấy).',
  contact: 'Cách liên hệ với ông/bà (không bắt buộc; có số phản ánh là xem được câu trả lời)',
  contact_consent: 'Tôi đồng ý cho lưu thông tin liên hệ để trả lời phản ánh này; thông tin được xóa sau khi trả lời.',
  send: 'Gửi phản ánh',
  sending: 'Đang gửi…',
  missing: 'Hãy chọn một việc trước khi gửi.',
  too_long: 'Nội dung dài quá 2000 ký tự. Hãy rút ngắn rồi gửi lại.',
  offline: 'Không kết nối được máy chủ. Hãy kiểm tra mạng rồi thử lại.',
  timeout: 'Máy chủ trả lời quá lâu. Hãy thử lại sau ít phút.',
  nonsense: 'Máy chủ trả lời không đúng. Hãy thử lại; nếu vẫn vậy, hãy gọi tổng đài 1022.',
  kept: 'Nội dung đã viết vẫn còn. Bấm gửi lại; gửi mấy lần cũng chỉ tính một.',
  wait: 'Có thể thử lại sau {} phút.',
  done: 'Đã nhận phản ánh',
  reference: 'Số phản ánh',
  keep: 'Hãy ghi lại số này: nhập vào ô mã hồ sơ để xem câu trả lời. Ai có số này đều xem được.',
}

const reports = new WeakMap() // of each look-up

/** Fills the details of the case on show, or of the code that nobody knows. */
export default function object(kit, node) {
  const { answer, asked } = kit
  if (!asked || node.querySelector('form')) return
  if (!reports.has(asked)) reports.set(asked, { asked, known: !!answer, values: answer ? {} : { kind: UNKNOWN } })
  const report = reports.get(asked)
  // Those of a newer server have no words here and are left out.
  const kinds = answer ? answer.objections.filter((kind) => VI[kind]) : []
  draw(kit, node, report, kinds)
}

function draw(kit, node, report, kinds) {
  const { make } = kit
  const { values } = report
  const t = texts(kit, 'object', VI)
  // Nothing is chosen or ticked beforehand.
  const choice = (type, name, value, key) => {
    const input = make('input', { type, name, value })
    input.checked = type === 'radio' ? values[name] === value : !!values[name]
    return make('label', { 'class': 'dh-choice' }, input, make('span', {}, t(key)))
  }
  const field = (tag, name, attributes) => {
    const input = make(tag, Object.assign({ id: `dh-object-${name}`, 'class': 'dh-input', name }, attributes))
    input.value = values[name] || ''
    return input
  }
  const label = (name) => make('label', { 'class': 'dh-label', 'for': `dh-object-${name}` }, t(name))
  const outcome = make('div')
  const button = make('button', { type: 'submit', 'class': 'dh-button' })
  const form = make('form', { novalidate: '' },
    kinds[0] ? make('fieldset', { 'class': 'dh-scale dh-kinds' }, make('legend', {}, t('kind')),
      make('div', { 'class': 'dh-choices' }, ...kinds.map((kind) => choice('radio', 'kind', kind, kind)))) : '',
    label('text'), make('p', { 'class': 'dh-hint', id: 'dh-object-hint' }, t('hint')),
    field('textarea', 'text', { rows: 4, 'aria-describedby': 'dh-object-hint' }),
    kinds.some((kind) => CONFIDENTIAL.includes(kind)) ? choice('checkbox', 'name_case', 'on', 'name_case') : '',
    label('contact'), field('input', 'contact', { autocomplete: 'off', maxlength: 200 }),
    choice('checkbox', 'contact_consent', 'on', 'contact_consent'), outcome, button)

  report.show = (focus) => {
    const sending = report.phase === 'sending'
    const gone = away(node)
    form.querySelectorAll('input, textarea').forEach((input) => { input.disabled = sending })
    button.textContent = t(sending ? 'sending' : 'send')
    button.setAttribute('aria-disabled', sending)
    if (report.phase === 'done') form.replaceChildren(...done(kit, t, report.receipt))
    else outcome.replaceChildren(...wrong(kit, t, report))
    outcome.hidden = !outcome.firstChild
    const found = focus && form.querySelector('[tabindex]')
    // Whoever has gone on to something else is told, and not called back; an alert is told by itself.
    if (found && !gone) setTimeout(() => found.focus())
    else if (found && !found.getAttribute('role')) kit.say(found.textContent, false)
  }
  form.oninput = ({ target }) => {
    values[target.name] = target.type === 'checkbox' ? target.checked : target.value
    report.number = '' // other words are another report
    if (!/missing|too_long/.test(report.phase)) return
    report.phase = ''
    report.show()
  }
  form.onsubmit = (event) => {
    event.preventDefault()
    send(kit, report)
  }
  report.show()
  node.append(form)
}

async function send(kit, report) {
  const { asked, known, values } = report
  const { kind, contact = '', contact_consent = false, name_case = false } = values
  const text = values.text || ''
  if (report.phase === 'sending') return
  report.phase = !kind ? 'missing' : [...text].length > MOST ? 'too_long' : 'sending'
  if (report.phase !== 'sending') return report.show(true)
  // The same for every attempt to send the same words, so that they arrive once.
  report.number = report.number || number()
  report.show()
  const got = await ask(kit, 'objections', {
    case_code: asked.case_code, proof: known ? asked.proof || '' : undefined, kind, text: text.trim() || undefined, contact, contact_consent,
    name_case, number: report.number,
  })
  if (kit.asked !== asked || !kit.element.isConnected) return
  const receipt = got.ok && got.json.reference
  if (receipt) Object.assign(report, { phase: 'done', receipt: got.json })
  else Object.assign(report, { phase: 'failed', fault: fault(got) })
  report.show(true)
  if (receipt) kit.emit('dh-objected', '')
  else kit.emit('dh-error', report.fault.reason)
}

/** Why it was not taken; `again` where the same may succeed later. */
function fault({ reason, ok, status, json }) {
  if (reason) return { reason, again: true }
  if (ok || !json.code) return { reason: 'nonsense', again: true }
  return { reason: json.code, message: json.message, again: status >= 500, wait: json.retry_after_s }
}

// 32 bytes from the browser's generator, base64url without padding.
function number() {
  const text = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32))))
  return text.replace(/\+/g, '-').replace(/\//g, '_').replace(/=/g, '')
}

// ---- what came of it

function wrong(kit, t, { phase, fault: why }) {
  const { make } = kit
  if (/missing|too_long/.test(phase)) return [make('p', { 'class': 'dh-warn', role: 'alert', tabindex: -1 }, t(phase))]
  if (phase !== 'failed') return []
  const words = [said(kit, why.message) || t(why.reason)].concat(why.again ? t('kept') : [])
  return [make('div', { 'class': 'dh-warn', role: 'alert', tabindex: -1, 'data-reason': why.reason }, make('p', {}, words.join(' ')),
    why.wait == null ? '' : make('p', {}, t('wait', Math.max(1, Math.ceil(why.wait / 60)))))]
}

function done(kit, t, receipt) {
  const { make } = kit
  const head = heading(kit, 2, t('done'))
  head.id = 'dh-objected'
  head.tabIndex = -1
  return [head, make('p', {}, `${t('reference')}: `, make('strong', { 'class': 'dh-receipt' }, receipt.reference)),
    make('p', {}, said(kit, receipt.due_text)), make('p', {}, said(kit, receipt.goes_to)), make('p', {}, t('keep'))]
}
