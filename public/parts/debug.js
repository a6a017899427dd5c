// For whoever builds a page around the element (attribute `debug`): tells on the console, in words, which text can
// hardly be read in the colours the page has chosen, and what the page's policy has refused. Never for visitors.

const TEXT = 4.5
const LARGE = 3 // from 24 px, or 18.66 px when bold (WCAG 2.2, 1.4.3)

// Any colour CSS can write, as the browser itself mixes it: [red, green, blue, alpha], 0 to 255.
const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true })
function mixed(layers) {
  canvas.canvas.width = canvas.canvas.height = 1
  layers.forEach((colour) => {
    canvas.fillStyle = colour
    canvas.fillRect(0, 0, 1, 1)
  })
  return Array.from(canvas.getImageData(0, 0, 1, 1).data)
}

function luminance([red, green, blue]) {
  const [r, g, b] = [red, green, blue].map((value) => {
    const share = value / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

export function contrast(front, back) {
  const [a, b] = [luminance(front), luminance(back)]
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
}

// The grounds a node stands on, the farthest first, from the page's canvas on.
function grounds(node) {
  const found = []
  for (let at = node; at; at = at.assignedSlot || at.parentElement || (at.getRootNode() instanceof ShadowRoot && at.getRootNode().host)) {
    found.unshift(getComputedStyle(at).backgroundColor)
  }
  return ['Canvas', ...found]
}

const seen = (node) => node.getClientRects().length && getComputedStyle(node).visibility === 'visible'
const own = (node) => Array.from(node.childNodes).some((child) => child.nodeType === Node.TEXT_NODE && child.textContent.trim())

/** Texts below `base` that stand out too little: what, by how much, and how much is needed. */
export function faint(base) {
  return [base, ...base.querySelectorAll('*')].filter((node) => seen(node) && (own(node) || node.localName === 'input')).map((node) => {
    const style = getComputedStyle(node)
    const back = grounds(node)
    const size = parseFloat(style.fontSize)
    const needed = size >= 24 || (size >= 18.66 && style.fontWeight >= 700) ? LARGE : TEXT
    return { node, needed, colour: style.color, ratio: contrast(mixed([...back, style.color]), mixed(back)) }
  }).filter((one) => one.ratio < one.needed - 0.01)
}

const started = new WeakSet()

export default function debug(kit) {
  if (started.has(kit)) return
  started.add(kit)
  const told = new Set()
  const tell = (text) => {
    if (told.has(text)) return
    told.add(text)
    console.warn(`<dung-hen debug>: ${text}`)
  }
  const look = () => {
    if (!kit.element.hasAttribute('debug')) return
    faint(kit.base).forEach(({ node, ratio, needed, colour }) => tell(
      `contrast ${ratio.toFixed(2)}:1, ${needed}:1 is needed: .${node.className || node.localName} in ${colour}. Change --dh-color-… or --dh-background (docs/EMBED.md).`,
    ))
  }
  let due
  const soon = () => {
    clearTimeout(due)
    due = setTimeout(look, 200)
  }
  const watch = new MutationObserver(soon)
  watch.observe(kit.element, { attributes: true })
  watch.observe(kit.base, { childList: true, subtree: true, attributes: true, characterData: true })
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', soon)
  soon()
  document.addEventListener('securitypolicyviolation', (event) => {
    if (kit.element.hasAttribute('debug')) tell(`the page's policy refused ${event.blockedURI || 'something inline'}: allow it in ${event.effectiveDirective}.`)
  })
}
