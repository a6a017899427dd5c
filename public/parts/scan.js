// Reads the code from the QR code of a receipt with the device's camera. Only where the browser itself can
// (BarcodeDetector): no decoder is shipped, and no picture leaves the device.
import { texts } from './kit.js'

const VI = {
  title: 'Đưa mã QR hoặc mã vạch trên giấy hẹn vào trước máy ảnh',
  stop: 'Dừng quét',
  denied: 'Không mở được máy ảnh. Hãy nhập mã hồ sơ in trên giấy hẹn.',
  found: 'Đã đọc được mã hồ sơ.',
  nothing: 'Mã vừa quét không phải mã hồ sơ. Hãy nhập mã in trên giấy hẹn.',
}

/** The case code in what was read: the text itself, or what an address carries it in. */
export function codeIn(text) {
  const plain = text.trim()
  const linked = /#dung-hen=([^&]+)/.exec(plain) || /[?&](?:ma_?ho_?so|mahoso|case_code|code|sohoso)=([^&#]+)/i.exec(plain)
  if (linked) {
    try {
      return decodeURIComponent(linked[1])
    } catch (error) {
      return null
    }
  }
  if (/^[a-z]+:/i.test(plain)) return null
  // Receipts print several things, one after the other; a code has no blank in it and at least one digit.
  const word = plain.split(/[|;\s]+/).find((one) => /^[\w./-]{6,64}$/.test(one) && /\d/.test(one))
  return word || null
}

export default async function (kit, button) {
  const { make } = kit
  const t = texts(kit, 'scan', VI)
  let stream
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } })
  } catch (error) {
    kit.say(t('denied'), true)
    kit.code.focus()
    return
  }
  const detector = new BarcodeDetector()
  const video = make('video', { 'class': 'dh-video', 'aria-label': t('title'), playsinline: '' })
  video.muted = true
  const stop = make('button', { type: 'button', 'class': 'dh-button dh-second' }, t('stop'))
  const box = make('div', { 'class': 'dh-scanner' }, make('p', {}, t('title')), video, stop)
  let over = false
  const end = () => {
    over = true
    stream.getTracks().forEach((track) => track.stop())
    box.remove()
    button.hidden = false
  }
  stop.onclick = () => {
    end()
    button.focus()
  }
  kit.onleave('scan', end)
  button.after(box)
  button.hidden = true
  stop.focus()
  video.srcObject = stream
  await video.play()
  while (!over) {
    const found = await detector.detect(video).catch(() => [])
    if (over) return
    if (found.length) {
      const code = codeIn(found[0].rawValue)
      end()
      if (code) kit.code.value = code
      kit.say(t(code ? 'found' : 'nothing'), !code)
      kit.code.focus()
      return
    }
    await new Promise((next) => requestAnimationFrame(next))
  }
}
