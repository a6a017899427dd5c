// Asks now and then whether the case on show has changed, only while the page can be seen.
import { ask } from './kit.js'

/** When to ask: the first time after so many milliseconds, then less and less often. */
export const pace = { first: 40000, factor: 2, last: 960000 }

const watched = new WeakMap()

export default function (kit) {
  const begun = watched.get(kit)
  if (begun) begun()
  let timer
  let wait = pace.first
  let over = false
  const seen = () => document.visibilityState === 'visible' && kit.element.isConnected
  // What is being written must not be pulled away from under the fingers.
  const busy = () => {
    const at = kit.element.shadowRoot.activeElement
    return !!at && kit.out.contains(at) && !!at.closest('form')
  }
  const later = () => {
    clearTimeout(timer)
    if (!over && seen()) timer = setTimeout(look, wait)
  }
  async function look() {
    const { answer, asked } = kit
    if (over || !answer || !asked || !seen()) return
    if (busy()) return later()
    const got = await ask(kit, 'lookup', Object.assign({ have: answer.version }, asked), true)
    if (over || kit.answer !== answer) return
    wait = Math.min(wait * pace.factor, pace.last)
    if (got.ok && got.json.access === answer.access && !busy()) {
      wait = pace.first
      kit.changed(got.json) // and the look-out begins anew with the new answer
    }
    later()
  }
  const turn = () => {
    clearTimeout(timer)
    if (seen()) look()
  }
  document.addEventListener('visibilitychange', turn)
  const stop = () => {
    over = true
    clearTimeout(timer)
    document.removeEventListener('visibilitychange', turn)
  }
  watched.set(kit, stop)
  kit.onleave('watch', stop)
  later()
}
