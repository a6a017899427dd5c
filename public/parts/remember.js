// The box under a case: remember its code on this device, or forget it again.
import { remember, remembered, texts } from './kit.js'

const VI = {
  box: 'Nhớ mã hồ sơ này trên máy này',
  hint: 'Chỉ lưu mã hồ sơ, không lưu mã tra cứu. Không nên chọn trên máy dùng chung.',
  done: 'Đã nhớ mã hồ sơ trên máy này.',
  gone: 'Đã quên mã hồ sơ.',
  refused: 'Trình duyệt không cho lưu trên máy này.',
}

export default function (kit, node) {
  const { make, answer } = kit
  if (!answer || kit.element.hasAttribute('kiosk')) return
  const t = texts(kit, 'remember', VI)
  const code = answer.case_code
  const box = make('input', { type: 'checkbox', id: 'dh-remember', 'aria-describedby': 'dh-remember-hint' })
  box.checked = remembered(kit).includes(code)
  box.onchange = () => {
    const others = remembered(kit).filter((one) => one !== code)
    const kept = remember(kit, box.checked ? [code].concat(others) : others)
    if (!kept) box.checked = !box.checked
    kit.say(t(kept ? (box.checked ? 'done' : 'gone') : 'refused'), !kept)
  }
  node.classList.add('dh-no-print')
  node.append(make('label', { 'class': 'dh-choice' }, box, make('span', {}, t('box'))),
    make('p', { 'class': 'dh-hint', id: 'dh-remember-hint' }, t('hint')))
}
