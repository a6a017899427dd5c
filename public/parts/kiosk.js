// Kiosk mode: when nobody has touched the element for a while, a countdown that can be seen and heard
// offers to go on; at its end everything that was typed and shown is gone. Nothing is stored in this mode.
import { heading, texts } from './kit.js'

const VI = {
  title: 'Ông/bà còn ở đây không?',
  left: 'Màn hình sẽ được xóa sau {} giây.',
  on: 'Tôi vẫn đang xem',
  now: 'Xóa ngay',
  cleared: 'Đã xóa. Mời người tiếp theo.',
  end: 'Xong, xóa màn hình',
}

/** Seconds without a touch before the countdown begins, and how many it counts. */
export const IDLE = 60
export const COUNT = 20
/** The clock: one call a second. Tests put their own in its place. */
export const clock = { tick: (call) => setInterval(call, 1000), stop: (timer) => clearInterval(timer) }

const at = new WeakMap()

/** `kiosk`, or `kiosk="90"`: seconds before the countdown begins, 15 to 600. */
function idle(kit) {
  const given = Number(kit.element.getAttribute('kiosk'))
  return given >= 15 && given <= 600 ? given : IDLE
}

export default function kiosk(kit) {
  if (at.has(kit)) return
  const { make, element } = kit
  let quiet = 0
  let box = null
  let count
  const used = () => kit.code.value || kit.form.elements.proof.value || kit.answer || kit.out.children.length || kit.list.children.length
  const close = () => {
    if (box) box.remove()
    box = null
    quiet = 0
  }
  const clear = () => {
    close()
    kit.clear()
    // After the module, which has nothing to say any more.
    setTimeout(() => kit.say(texts(kit, 'kiosk', VI)('cleared'), true))
    kit.code.focus()
    kit.emit('dh-cleared')
  }
  const open = () => {
    const t = texts(kit, 'kiosk', VI)
    const title = heading(kit, 1, t('title'))
    title.id = 'dh-kiosk'
    count = make('p', { 'class': 'dh-count', role: 'timer' })
    const on = make('button', { type: 'button', 'class': 'dh-button' }, t('on'))
    const now = make('button', { type: 'button', 'class': 'dh-button dh-second' }, t('now'))
    on.onclick = close
    now.onclick = clear
    box = make('dialog', { 'class': 'dh-kiosk', 'aria-labelledby': 'dh-kiosk' }, title, count, make('p', { 'class': 'dh-buttons' }, on, now))
    box.oncancel = close
    kit.base.append(box)
    // In the way of everything else, for fingers and for screen readers.
    if (box.showModal) box.showModal()
    else box.setAttribute('open', '')
    on.focus()
  }
  const touch = () => {
    if (!box) quiet = 0
  }
  for (const kind of ['pointerdown', 'keydown', 'input', 'scroll', 'touchstart']) element.addEventListener(kind, touch, { passive: true })
  // A page that is left may be brought back as it was, by whoever comes next.
  const gone = () => element.hasAttribute('kiosk') && clear()
  addEventListener('pagehide', gone)
  const timer = clock.tick(() => {
    if (!element.hasAttribute('kiosk') || !used()) {
      close()
      return
    }
    quiet++
    const left = idle(kit) + COUNT - quiet
    if (left <= 0) return clear()
    if (left > COUNT) return
    if (!box) open()
    const words = texts(kit, 'kiosk', VI)('left', left)
    count.textContent = words
    // Every second to the eye; to the ear at the beginning and at five.
    if (left === COUNT || left === 5) kit.say(words, false)
  })
  // The button for whoever is done.
  const t = texts(kit, 'kiosk', VI)
  const end = make('button', { type: 'button', 'class': 'dh-button dh-second dh-end' }, t('end'))
  end.onclick = clear
  kit.form.append(end)
  kit.onturn('kiosk', () => { end.textContent = texts(kit, 'kiosk', VI)('end') })
  at.set(kit, true)
  kit.onleave('kiosk', () => {
    clock.stop(timer)
    removeEventListener('pagehide', gone)
    close()
    end.remove()
    at.delete(kit)
  })
}
