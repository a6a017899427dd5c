// "If I file today": for pages of a portal about one procedure. <dung-hen procedure="1.004222">
import { date, heading, said, texts } from './kit.js'
import { draw } from './why.js'

const VI = {
  title: 'Nếu nộp hôm nay',
  wait: 'Đang tính…',
  failed: 'Chưa tính được lúc này. Hãy kiểm tra mạng rồi thử lại.',
  again: 'Thử lại',
  full: 'Tính cho hồ sơ đầy đủ, được tiếp nhận ngày {}.',
  channel: 'Cách nộp',
  online: 'Trực tuyến',
  direct: 'Trực tiếp',
  postal: 'Qua bưu chính',
}
const CHANNELS = ['online', 'direct', 'postal']

const at = new WeakMap()

export default async function procedure(kit) {
  const state = at.get(kit) || { channel: CHANNELS[0] }
  at.set(kit, state)
  kit.form.hidden = true
  kit.onturn('procedure', () => show(kit, state))
  const code = kit.element.getAttribute('procedure')
  const asked = state.asked = `${code}/${state.channel}`
  if (state.shown !== asked) state.view = undefined
  show(kit, state)
  let view = null
  try {
    const answer = await kit.call(`${kit.api}api/v1/procedures/${encodeURIComponent(code)}/deadline?channel=${state.channel}`)
    view = answer.ok ? await answer.json() : null
  } catch (error) { /* told below */ }
  if (state.asked !== asked) return
  state.view = view
  state.shown = asked
  show(kit, state)
  kit.emit(view ? 'dh-ready' : 'dh-error', view ? '' : 'offline')
}

function show(kit, state) {
  const { make } = kit
  const t = texts(kit, 'procedure', VI)
  const { view } = state
  const card = make('div', { 'class': 'dh-card dh-filed' }, heading(kit, 0, t('title')))
  if (view === undefined) card.append(make('p', { role: 'status' }, t('wait')))
  else if (!view) {
    const again = make('button', { type: 'button', 'class': 'dh-button' }, t('again'))
    again.onclick = () => procedure(kit)
    card.append(make('p', { 'class': 'dh-warn', role: 'alert' }, t('failed')), again)
  } else {
    if (view.procedure.name) card.append(make('p', { 'class': 'dh-lead', lang: 'vi' }, view.procedure.name))
    const choice = make('fieldset', { 'class': 'dh-scale' }, make('legend', {}, t('channel')))
    for (const channel of CHANNELS) {
      const radio = make('input', { type: 'radio', name: 'dh-channel', value: channel })
      radio.checked = channel === state.channel
      radio.onchange = () => {
        state.channel = channel
        state.back = true // the choice is drawn anew twice: waiting, then answered
        procedure(kit)
      }
      choice.append(make('label', { 'class': 'dh-choice' }, radio, make('span', {}, t(channel))))
    }
    card.append(choice)
    const why = view.deadline
    const box = make('div', { 'class': 'dh-fill', 'aria-live': 'polite' })
    box.append(make('p', { 'class': 'dh-sentence dh-strong' }, said(kit, why ? why.sentence : view.not_computed.text)))
    if (view.note) box.append(make('p', { 'class': 'dh-warn' }, said(kit, view.note)))
    if (why) box.append(make('p', { 'class': 'dh-muted' }, t('full', date(kit, view.received.slice(0, 10)))), ...draw(kit, why, null, null, 1))
    card.append(box)
  }
  kit.list.textContent = ''
  kit.list.append(card)
  const chosen = state.back && kit.list.querySelector('input[name="dh-channel"]:checked')
  if (!chosen) return
  state.back = false
  chosen.focus()
}
