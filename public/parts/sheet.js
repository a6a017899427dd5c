// What some are asked after the rating: the sixteen criteria where the lot fell on them, the three levels where they filed
// online. A step for each group, each question may be left out, and nothing goes before the last step.
import { heading, said, texts } from './kit.js'

const THREE = 'three-levels-tt32-1'

const VI = {
  offer: 'Mời ông/bà trả lời thêm {} câu ngắn',
  lot: 'Máy rút thăm một số người đã đánh giá để hỏi kỹ hơn, lần này trúng ông/bà. Không bắt buộc, bỏ qua câu nào cũng được. Câu trả lời được gửi riêng, không kèm đánh giá vừa rồi, và chỉ được cộng vào số chung.',
  online: 'Hồ sơ này được nộp trực tuyến, nên xin hỏi thêm theo thang ba mức. Không bắt buộc. Câu trả lời được gửi riêng và chỉ được cộng vào số chung.',
  start: 'Trả lời thêm',
  no: 'Thôi, không trả lời',
  step: 'Phần {} trên {}',
  next: 'Tiếp',
  back: 'Quay lại',
  send: 'Gửi các câu trả lời',
  sending: 'Đang gửi…',
  none: 'Chưa có câu nào được trả lời. Hãy chọn ít nhất một câu, hoặc thôi.',
  kept: 'Chưa gửi được, đang thử lại. Câu trả lời được giữ trên máy này và sẽ tự gửi khi có mạng.',
  open: 'Chưa gửi được, đang thử lại. Đừng đóng trang này: máy này không giữ lại gì.',
  thanks: 'Cảm ơn ông/bà đã trả lời thêm.',
  refused: 'Các câu trả lời thêm không gửi được. Đánh giá đã gửi vẫn được giữ nguyên.',
}

export default async function sheet(kit, node) {
  const { ids, online, ask } = node.more
  const asked = []
  for (const id of ids) {
    const got = id === THREE && !online ? null : await ask(id)
    if (got && got.ok && got.json.questions) asked.push(got.json)
  }
  const state = { node, asked }
  kit.onturn('sheet', () => draw(kit, state))
  begin(kit, state)
}

// The next questionnaire, or none.
function begin(kit, state, told) {
  const one = state.asked.shift()
  const grouped = one ? one.questions.filter((question) => question.criteria.length) : []
  const groups = grouped.length ? grouped.map(({ text, criteria }) => ({ text, questions: criteria })) : [one]
  Object.assign(state, { one, groups, step: -1, answers: {}, told })
  draw(kit, state, !!told)
}

function draw(kit, state, focus) {
  const { node, one, groups, step, answers, told } = state
  const { make } = kit
  const t = texts(kit, 'sheet', VI)
  const out = []
  const button = (key, call, second) => {
    const made = make('button', { type: 'button', 'class': `dh-button${second ? ' dh-second' : ''}` }, t(key))
    made.onclick = call
    return made
  }
  const go = (to) => { Object.assign(state, { step: to, told: '' }); draw(kit, state, true) }
  const head = (text) => {
    const made = heading(kit, 3, text)
    made.tabIndex = -1
    out.push(made)
  }
  if (told) out.push(make('p', { role: 'status', tabindex: '-1' }, t(told)))
  if (one && step < 0) {
    head(t('offer', groups.reduce((sum, group) => sum + group.questions.length, 0)))
    out.push(make('p', {}, t(one.id === THREE ? 'online' : 'lot')),
      make('p', { 'class': 'dh-buttons' }, button('start', () => go(0)), button('no', () => begin(kit, state), true)))
  } else if (one) {
    const group = groups[step]
    const last = step === groups.length - 1
    const busy = !!state.busy
    if (groups.length > 1) {
      head(`${t('step', step + 1, groups.length)}: ${said(kit, group.text)}`)
      out.push(make('progress', { value: step, max: groups.length, 'aria-hidden': true }))
    }
    const scale = node.more.scale(kit, one.scale.points, busy)
    const next = button(busy ? 'sending' : last ? 'send' : 'next', () => (last ? send(kit, state) : go(step + 1)))
    if (busy) next.setAttribute('aria-disabled', 'true')
    out.push(...group.questions.map((question) => scale(question, `dh-sheet-${question.name}`, answers[question.name], (level) => { answers[question.name] = level })),
      make('p', { 'class': 'dh-buttons' }, next, step ? button('back', () => go(step - 1), true) : '', button('no', () => begin(kit, state), true)))
  }
  node.replaceChildren(...out)
  if (focus) {
    const found = node.querySelector('[tabindex]')
    if (found) setTimeout(() => found.focus())
  }
}

async function send(kit, state) {
  const { node, one, groups, answers } = state
  if (state.busy) return
  if (!Object.keys(answers).length) {
    state.told = 'none'
    return draw(kit, state, true)
  }
  Object.assign(state, { busy: true, told: '' })
  draw(kit, state)
  const questions = groups.reduce((all, group) => all.concat(group.questions), [])
  const got = await node.more.send({
    instrument: one.id, language: kit.server, answers: questions.map(({ name }) => ({ question: name, level: answers[name] || null })),
  }, (kept) => {
    state.told = kept ? 'kept' : 'open'
    draw(kit, state, true)
  })
  state.busy = false
  if (got) begin(kit, state, got.receipt ? 'thanks' : 'refused')
}
