// The rating of a case: the whole, then its factors, then what was wrong with bad ones, then a comment; what became of
// it; its correction by the receipt number. And, without a node, what waits on this device is sent.
import { fresh, load, readNumber } from '../ballot/crypto.js'
import * as outbox from '../ballot/outbox.js'
import { alone, correct, deliver, now } from '../ballot/send.js'
import { away, date, heading, said, texts } from './kit.js'

const INSTRUMENT = 'five-factors-1'
const MOST = 1000
/** A level up to this one asks what was wrong. */
const BAD = 2

const VI = {
  title: 'Đánh giá việc phục vụ',
  more: 'Đánh giá thêm từng mặt (không bắt buộc)',
  wrong: 'Điều nào chưa đạt?',
  comment: 'Góp ý thêm (không bắt buộc)',
  comment_hint: 'Xin đừng ghi tên, số điện thoại hay số giấy tờ. Cơ quan chỉ đọc góp ý theo nhóm ít nhất năm lời, không kèm hồ sơ, ngày hay thủ tục.',
  comment_numbers: 'Góp ý có vẻ chứa số điện thoại, số giấy tờ hoặc địa chỉ thư. Nên xóa đi để không ai biết là ông/bà. Vẫn gửi được.',
  secret: 'Câu trả lời đi đâu, ai không xem được?',
  secret_1: 'Câu trả lời được gửi riêng, không kèm mã hồ sơ, tên hay số điện thoại. Máy chủ chỉ biết có một người có hồ sơ thuộc nhóm này đã trả lời.',
  secret_2: 'Cán bộ tiếp nhận và cơ quan giải quyết hồ sơ không xem được ai trả lời gì; họ chỉ thấy số tổng hợp từ năm câu trả lời trở lên.',
  secret_3: 'Ai giữ số biên nhận thì sửa được đánh giá, nhưng không xem lại được câu trả lời.',
  secret_4: 'Đừng viết vào góp ý điều chỉ mình ông/bà biết.',
  missing: 'Hãy chọn một mức trước khi gửi.',
  send: 'Gửi đánh giá',
  sending: 'Đang gửi…',
  asking: 'Đang tải câu hỏi…',
  no_questions: 'Chưa tải được câu hỏi. Hãy kiểm tra mạng.',
  again: 'Thử lại',
  now: 'Gửi ngay',
  drop: 'Bỏ, không gửi nữa',
  dropped: 'Đã bỏ. Không có gì được gửi.',
  kept: 'Chưa gửi được. Đánh giá được giữ trên máy này và sẽ tự gửi khi có mạng. Có thể đóng trang; lần sau mở lại trang này trên máy này, đánh giá sẽ được gửi tiếp.',
  begun: 'Chưa gửi được, đang thử lại. Hãy để trang này mở. Nếu phải đóng, lần sau hãy tra cứu lại hồ sơ này trên máy này để gửi tiếp.',
  open: 'Chưa gửi được, đang thử lại. Đừng đóng trang này: máy này không giữ lại gì.',
  unsure: 'Có thể máy chủ đã nhận; gửi lại cũng chỉ tính một lần.',
  refused: 'Không gửi được',
  ballot_keys: 'Máy chủ không chứng minh được rằng phiếu của ông/bà giống phiếu của mọi người, nên câu trả lời chưa được gửi đi. Xin báo cho cơ quan.',
  nonsense: 'Máy chủ trả lời không đúng. Câu trả lời chưa được ghi nhận.',
  thanks: 'Cảm ơn ông/bà đã đánh giá',
  changed: 'Đã sửa đánh giá',
  arrived: 'Đánh giá giữ trên máy này vừa được gửi',
  repeated: 'Đánh giá này đã được ghi nhận từ trước và chỉ được tính một lần.',
  receipt: 'Số biên nhận',
  receipt_hint: 'Hãy ghi lại số này nếu muốn sửa đánh giá, trên máy nào cũng được. Ai có số này đều sửa được. Trang này không lưu số. Sửa được đến hết',
  change: 'Sửa đánh giá',
  change_hint: 'Câu trả lời mới thay toàn bộ câu trả lời cũ. Góp ý đã gửi thì không sửa được.',
  change_send: 'Gửi đánh giá đã sửa',
  change_kept: 'Chưa sửa được. Lựa chọn vẫn còn, hãy bấm gửi lại.',
  mistyped: 'Số biên nhận có chỗ chưa đúng. Xin xem lại từng nhóm bốn ký tự.',
  given: 'Phiếu đánh giá của hồ sơ này đã được cấp. Nếu chính ông/bà đã đánh giá thì sửa được bằng số biên nhận.',
  not_me: 'Không phải tôi',
  not_me_how: 'Nếu không phải ông/bà, xin đăng nhập cổng dịch vụ công rồi mở hồ sơ từ đó để nhận phiếu khác, hoặc cho biết trong mục phản ánh bên dưới. Mã tra cứu và các số cuối thì người khác cũng có thể biết.',
  not_me_signed: 'Ông/bà đang đăng nhập. Nếu không phải ông/bà đã lấy phiếu, ông/bà được nhận một phiếu khác, một lần.',
  not_me_form: 'Phiếu mới của ông/bà. Phiếu trước vẫn được tính, nhưng bảng số liệu sẽ nói rõ nó bị báo là không phải của người nộp và có thể làm thay đổi con số đến đâu.',
  found: 'Trên máy này có một đánh giá chưa gửi được: “{}”. Đó có phải là đánh giá cho hồ sơ này không?',
  found_yes: 'Đúng, gửi cho hồ sơ này',
  found_elsewhere: 'Đánh giá này không phải của hồ sơ này. Nó vẫn được giữ trên máy.',
}

const places = new WeakMap() // of each element: the states of its cases, what is being sent
const place = (kit) => {
  if (!places.has(kit)) {
    places.set(kit, { cases: new Map(), busy: new Set(), questions: null })
    // The next one at a kiosk sees nothing of this; what is being sent goes on.
    kit.element.addEventListener('dh-cleared', () => place(kit).cases.clear())
  }
  return places.get(kit)
}

/** Fills the card of a case; without a node, sends what waits. */
export default function rating(kit, node) {
  drain(kit)
  if (!node) return
  const view = kit.answer
  if (!view || !view.case_code) return
  const { cases } = place(kit)
  if (!cases.has(view.case_code)) cases.set(view.case_code, { phase: 'choosing', answers: empty(), rating: view.rating })
  const state = cases.get(view.case_code)
  Object.assign(state, { node, view, asked: kit.asked })
  kit.onturn('rating', () => draw(kit, state))
  load().catch(() => {}) // while the citizen reads
  if (view.rating === 'ballot_given') {
    kit.bearer().then((token) => {
      state.signed = !!token
      if (!state.contest) draw(kit, state)
    })
  }
  questions(kit, state)
}

const empty = () => ({ overall: 0, factors: {}, wrong: {}, comment: '' })
const here = (kit) => kit.element.isConnected

async function questions(kit, state) {
  const shared = place(kit)
  if (!shared.questions) {
    draw(kit, state)
    const got = await alone(kit, `instruments/${INSTRUMENT}`)
    shared.questions = got && got.ok && got.json.questions ? got.json : null
    state.without = !shared.questions
  }
  draw(kit, state)
}

// ---- sending

/** What is waiting with its ballot needs nobody: it is sent, and told. */
function drain(kit) {
  for (const entry of outbox.all(kit)) {
    if (!entry.ballot || place(kit).busy.has(entry.number)) continue
    place(kit).busy.add(entry.number)
    deliver(kit, entry, null, () => {}, () => here(kit)).then((got) => {
      place(kit).busy.delete(entry.number)
      if (!got || !here(kit) || entry.answers.answers) return
      const card = kit.make('div', { 'class': 'dh-card dh-rating dh-arrived' })
      const show = () => card.replaceChildren(...told(kit, got, 'arrived', 1))
      show()
      kit.list.after(card)
      kit.say(texts(kit, 'rating', VI)(got.receipt ? 'arrived' : 'refused'), false)
      report(kit, got)
    })
  }
}

function report(kit, got) {
  if (got.receipt) kit.emit('dh-rated', '')
  else kit.emit('dh-error', got.fault.reason)
}

async function send(kit, state, found) {
  if (state.phase === 'sending' || state.phase === 'waiting') return
  if (!found && !state.answers.overall) {
    state.phase = 'missing'
    return draw(kit, state, '[role=alert]')
  }
  const plain = state.phase === 'choosing' && !found
  Object.assign(state, { phase: 'sending', ballot: false })
  lock(kit, state, plain)
  await kit.shown() // to make a ballot takes an old phone longer than to answer the press
  let entry = found
  try {
    entry = entry || Object.assign({ answers: sent(kit, state.answers) }, state.contest && { contest: true }, await fresh())
  } catch (error) {
    state.phase = 'unmade' // the module did not come: nothing has begun
    return draw(kit, state, '[role=alert]')
  }
  // Before anything is asked: whatever happens now, this device can go on where it stopped.
  state.kept = outbox.put(kit, entry)
  state.entry = entry
  place(kit).busy.add(entry.number)
  let gone = false
  state.stop = () => { gone = true }
  const about = Object.assign({ view: state.view }, state.asked)
  const got = await deliver(kit, entry, about, (fault, given) => {
    Object.assign(state, { phase: 'waiting', ballot: given, fault })
    draw(kit, state, '[role=alert]')
  }, () => !gone && here(kit), !!found)
  place(kit).busy.delete(entry.number)
  if (!got || !here(kit)) return
  const elsewhere = found && got.fault && !entry.ballot
  Object.assign(state, { phase: elsewhere ? 'elsewhere' : got.receipt ? 'done' : 'refused', got, number: entry.number })
  draw(kit, state, '[tabindex]')
  report(kit, got)
}

function sent(kit, answers) {
  const bad = (name) => answers.factors[name] && answers.factors[name] <= BAD
  const wrong = Object.keys(answers.wrong).filter((name) => answers.wrong[name] && bad(answers.wrong[name]))
  const body = {
    instrument: INSTRUMENT, language: kit.server, overall: answers.overall,
    factors: Object.keys(answers.factors).map((factor) => ({ factor, level: answers.factors[factor] })), wrong,
  }
  if (answers.comment.trim()) body.comment = answers.comment.trim()
  return body
}

async function change(kit, state) {
  const t = texts(kit, 'rating', VI)
  if (state.changing === 'sending') return
  const number = state.number || (await readNumber(state.typed || '').catch(() => null))
  if (!number || !state.answers.overall) {
    state.told = t(number ? 'missing' : 'mistyped')
    return draw(kit, state, '[role=alert]')
  }
  const plain = !state.told
  Object.assign(state, { changing: 'sending', told: '' })
  lock(kit, state, plain)
  const got = await correct(kit, number, sent(kit, Object.assign({}, state.answers, { comment: '' })))
  if (!here(kit)) return
  if (got.receipt) Object.assign(state, { phase: 'done', changing: '', changed: true, got, number })
  else Object.assign(state, { changing: 'open', told: got.fault.again ? t('change_kept') : said(kit, got.fault.message) || t('nonsense') })
  draw(kit, state, got.receipt ? '[tabindex]' : '[role=alert]')
}

// ---- drawing

// Under way: what is on show is locked as it stands. Drawing it anew would keep an old phone from answering the press.
function lock(kit, state, plain) {
  if (!plain || state.node.querySelector('.dh-found')) return draw(kit, state)
  state.node.querySelectorAll('input, textarea').forEach((field) => { field.disabled = true })
  const button = state.node.querySelector('[type=submit]')
  button.textContent = texts(kit, 'rating', VI)('sending')
  button.setAttribute('aria-disabled', 'true')
}

function draw(kit, state, focus) {
  const { make } = kit
  const t = texts(kit, 'rating', VI)
  const { questions: asked } = place(kit)
  const again = (label, call, second) => {
    const button = make('button', { type: 'button', 'class': `dh-button${second ? ' dh-second' : ''}` }, label)
    button.onclick = call
    return button
  }
  const alert = (...inside) => make('div', { 'class': 'dh-warn', role: 'alert', tabindex: '-1', 'data-reason': (state.fault || {}).reason || '' }, ...inside)
  const out = []
  if (state.phase === 'done') {
    out.push(...told(kit, state.got, state.changed ? 'changed' : 'thanks'))
    if (state.changing) out.push(...form(kit, t, asked, state, true))
    else {
      if (state.entry && (state.got.receipt.more || []).length) state.sheet = state.sheet || more(kit, state)
      if (state.sheet) out.push(state.sheet)
      out.push(make('p', {}, again(t('change'), () => { state.changing = 'open'; draw(kit, state, '.dh-scale input') }, true)))
    }
  } else {
    out.push(heading(kit, 2, t('title')))
    const busy = ['sending', 'waiting'].includes(state.phase)
    if (!busy) out.push(...offers(kit, t, asked, state, alert, again))
    if (state.phase === 'elsewhere') out.push(alert(make('p', {}, t('found_elsewhere'))))
    if (state.phase === 'refused') out.push(...told(kit, state.got))
    else if (state.rating === 'ballot_given' && !busy) {
      if (state.contest && asked) out.push(make('p', {}, t('not_me_form')), ...form(kit, t, asked, state, false))
      else {
        out.push(make('p', {}, t('given')), make('p', {}, t(state.signed ? 'not_me_signed' : 'not_me_how')))
        if (asked && state.signed) {
          out.push(make('p', {}, again(t('not_me'), () => {
            state.contest = true
            draw(kit, state, '.dh-scale input')
          }, true)))
        }
        if (asked) out.push(byNumber(kit, t, asked, state))
      }
    } else if (asked) out.push(...form(kit, t, asked, state, false))
    else if (state.without) out.push(alert(make('p', {}, t('no_questions')), make('p', {}, again(t('again'), () => questions(kit, state)))))
    else out.push(make('p', { 'class': 'dh-muted', role: 'status' }, t('asking')))
    if (state.phase === 'missing') out.push(alert(make('p', {}, t('missing'))))
    if (state.phase === 'unmade') out.push(alert(make('p', {}, t('no_questions'))))
    if (state.phase === 'waiting') {
      const where = !state.kept ? 'open' : state.ballot ? 'kept' : 'begun'
      out.push(alert(make('p', {}, t(where)), make('p', {}, t('unsure')), make('p', { 'class': 'dh-buttons' }, again(t('now'), now),
        again(t('drop'), () => drop(kit, state), true))))
    }
  }
  // Whoever has gone on to something else is told, and not called back.
  const gone = away(state.node)
  state.node.replaceChildren(...out)
  if (focus) {
    const first = state.node.querySelector(focus)
    if (first && gone) return first.closest('[role=alert]') || kit.say(first.textContent, false)
    // Of a question that has an answer, the answer.
    const chosen = first && first.type === 'radio' && state.node.querySelector(`[name=${first.name}]:checked`)
    if (first) setTimeout(() => (chosen || first).focus())
  }
}

// Gives up what has not arrived. What may have arrived cannot be taken back; the answers stay on the screen.
function drop(kit, state) {
  state.stop()
  outbox.wipe(kit, state.entry.number)
  now()
  state.phase = 'choosing'
  draw(kit, state)
  kit.say(texts(kit, 'rating', VI)('dropped'), true)
}

/** Ratings begun on this device that have no ballot yet: only the citizen knows whether they are of this case. */
function offers(kit, t, asked, state, alert, again) {
  if (!asked || state.phase === 'refused') return []
  return outbox.all(kit).filter((one) => !one.ballot && !place(kit).busy.has(one.number)).map((entry) => {
    const level = asked.scale.points.find((point) => point.value === entry.answers.overall)
    return kit.make('div', { 'class': 'dh-found', role: 'group' }, kit.make('p', {}, t('found', level ? said(kit, level.text) : '?')),
      kit.make('p', { 'class': 'dh-buttons' }, again(t('found_yes'), () => send(kit, state, entry)),
        again(t('drop'), () => { outbox.wipe(kit, entry.number); draw(kit, state) }, true)))
  })
}

/** What came of it: a receipt, or a refusal. */
function told(kit, got, title, depth = 2) {
  const { make } = kit
  const t = texts(kit, 'rating', VI)
  const head = heading(kit, depth, t(got.receipt ? title : 'refused'))
  head.tabIndex = -1
  if (!got.receipt) {
    const words = said(kit, got.fault.message) || t(VI[got.fault.reason] ? got.fault.reason : 'nonsense')
    return [make('div', { 'class': 'dh-warn', role: 'alert', 'data-reason': got.fault.reason }, head, make('p', {}, words))]
  }
  head.id = 'dh-rated'
  const { receipt, repeated, correct_until: until } = got.receipt
  return [head, make('p', {}, `${t('receipt')}: `, make('strong', { 'class': 'dh-receipt' }, receipt)),
    make('p', {}, `${t('receipt_hint')} ${date(kit, until)}.`), repeated ? make('p', {}, t('repeated')) : '']
}

/** A question with the points of its scale, side by side. */
const scale = (kit, points, busy) => (question, name, value, set) => kit.make('fieldset', { 'class': 'dh-scale' },
  kit.make('legend', {}, said(kit, question.text)), kit.make('div', { 'class': 'dh-choices' }, ...points.map((point) => {
    const input = kit.make('input', { type: 'radio', name, value: point.value })
    input.checked = point.value === value
    input.disabled = busy
    input.onchange = () => set(point.value)
    return kit.make('label', { 'class': 'dh-choice' }, input, kit.make('span', {}, said(kit, point.text)))
  })))

/** What this rater is asked beside the rating: a part of its own, which needs the ballot and how to send. */
function more(kit, state) {
  const { number, ballot } = state.entry
  const node = kit.make('div', { 'class': 'dh-sheet' })
  node.more = {
    ids: state.got.receipt.more, online: state.view.channel === 'online', scale,
    ask: (id) => alone(kit, `instruments/${id}`),
    send(answers, tell) {
      const entry = { number: `${number} ${answers.instrument}`, ballot, answers }
      const kept = outbox.put(kit, entry)
      place(kit).busy.add(entry.number)
      return deliver(kit, entry, null, () => tell(kept), () => here(kit)).finally(() => place(kit).busy.delete(entry.number))
    },
  }
  kit.part('sheet', node)
  return node
}

/** The questions, as the instrument has them. */
function form(kit, t, asked, state, changing) {
  const { make } = kit
  const { answers } = state
  const busy = changing ? state.changing === 'sending' : ['sending', 'waiting'].includes(state.phase)
  const [whole, ...factors] = asked.questions
  const ask = scale(kit, asked.scale.points, busy)
  const factor = (question, index) => {
    const wrong = make('fieldset', { 'class': 'dh-wrong' }, make('legend', {}, t('wrong')), ...question.criteria.map((one) => {
      const box = make('input', { type: 'checkbox', name: 'dh-wrong', value: one.name })
      box.checked = !!answers.wrong[one.name]
      box.disabled = busy
      box.onchange = () => { answers.wrong[one.name] = box.checked && question.name }
      return make('label', { 'class': 'dh-choice' }, box, make('span', {}, said(kit, one.text)))
    }))
    const bad = () => { wrong.hidden = !(answers.factors[question.name] <= BAD) }
    bad()
    return make('div', { 'class': 'dh-factor' }, ask(question, `dh-factor-${index}`, answers.factors[question.name], (value) => {
      answers.factors[question.name] = value
      bad()
    }), wrong)
  }
  const more = make('details', { 'class': 'dh-details' }, make('summary', {}, t('more')), ...factors.map(factor))
  more.open = !!state.more
  more.ontoggle = () => { state.more = more.open }
  const node = make('form', { novalidate: '' }, ask(whole, 'dh-overall', answers.overall, (value) => {
    answers.overall = value
    if (state.phase === 'missing') {
      state.phase = 'choosing'
      const alert = state.node.querySelector('[role=alert]')
      if (alert) alert.remove()
    }
  }), more)
  if (changing) node.append(make('p', { 'class': 'dh-muted' }, t('change_hint')))
  else node.append(...comment(kit, t, answers, busy), secret(kit, t, state))
  if (changing && state.told) node.append(make('div', { 'class': 'dh-warn', role: 'alert', tabindex: '-1' }, make('p', {}, state.told)))
  if (state.phase !== 'waiting') {
    const button = make('button', { type: 'submit', 'class': 'dh-button' }, t(busy ? 'sending' : changing ? 'change_send' : 'send'))
    if (busy) button.setAttribute('aria-disabled', 'true')
    node.append(button)
  }
  node.onsubmit = (event) => {
    event.preventDefault()
    // The listeners of the case are not ours.
    event.stopPropagation()
    if (changing) change(kit, state)
    else send(kit, state)
  }
  return [node]
}

function comment(kit, t, answers, busy) {
  const { make } = kit
  const area = make('textarea', { 'class': 'dh-input', id: 'dh-comment', name: 'dh-comment', rows: 3, maxlength: MOST, 'aria-describedby': 'dh-comment-hint' })
  area.value = answers.comment
  area.disabled = busy
  const warning = make('p', { 'class': 'dh-warn', role: 'status' })
  const look = () => {
    const words = revealing(area.value) ? t('comment_numbers') : ''
    if (warning.textContent !== words) warning.textContent = words
    warning.hidden = !words
  }
  area.oninput = () => {
    answers.comment = area.value
    look()
  }
  look()
  return [make('div', { 'class': 'dh-field' }, make('label', { 'class': 'dh-label', 'for': 'dh-comment' }, t('comment')),
    make('p', { 'class': 'dh-hint', id: 'dh-comment-hint' }, t('comment_hint')), area), warning]
}

/** Whether a text seems to hold a phone or identity number, or an address of e-mail. */
export const revealing = (text) => (text.match(/\d(?:[\s.,-]?\d){8,}/g) || []).length > 0 || /\S@\S+\.\S/.test(text)

function secret(kit, t, state) {
  const node = kit.make('details', { 'class': 'dh-details' }, kit.make('summary', {}, t('secret')),
    kit.make('ul', {}, ...[1, 2, 3, 4].map((line) => kit.make('li', {}, t(`secret_${line}`)))))
  node.open = !!state.secret
  node.ontoggle = () => { state.secret = node.open }
  return node
}

/** The correction of a rating sent on any device. */
function byNumber(kit, t, asked, state) {
  const { make } = kit
  const input = make('input', { 'class': 'dh-input', id: 'dh-number', name: 'dh-number', type: 'text', maxlength: 64, autocomplete: 'off', autocapitalize: 'characters', spellcheck: 'false' })
  input.value = state.typed || ''
  input.oninput = () => { state.typed = input.value }
  const [questions] = form(kit, t, asked, state, true)
  questions.prepend(make('div', { 'class': 'dh-field' }, make('label', { 'class': 'dh-label', 'for': 'dh-number' }, t('receipt')), input))
  const node = make('details', { 'class': 'dh-details dh-change' }, make('summary', {}, t('change')), questions)
  node.open = !!state.byNumber
  node.ontoggle = () => { state.byNumber = node.open }
  return node
}
