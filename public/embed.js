// <dung-hen>: the custom element. Contract: docs/EMBED.md.
//
// This file owns the look-up form for good: it shows it at once, takes over what was typed into the
// plain form in the element, and works on its own by sending the form to the server's page. What the form can do
// without is in parts/live.js, which comes with the glue of the module; the WebAssembly module (src/) draws everything
// below the form. Nothing is put on `window`.
//
// Parses as ES2017, apart from import() and import.meta.
//
// The build (scripts/assemble.mjs) shortens every name that begins with _, and puts in:
//   FILES          where the other files are, seen from this one
//   FORM_STYLES    tokens, base and form, so that the form waits for nothing
//   PINNED         whether the address of this file is
//   SUMS           integrity of styles, glue and module, where it is; else empty
/* global FILES, FORM_STYLES, PINNED, SUMS */

const at = (path) => new URL(path, import.meta.url).href
const file = (name) => at(FILES + name)
const API = at('../../')
const SLOW = 1000
const CALM = 200

let framed
requestAnimationFrame(() => { framed = true })

// The words of this file in Vietnamese; every other language is a pack, fetched when it is asked for.
const VI = {
  form: {
    title: 'Tra cứu hồ sơ',
    code: 'Mã hồ sơ',
    codeHint: 'Ghi trên giấy tiếp nhận hồ sơ và hẹn trả kết quả, cạnh mã QR hoặc mã vạch.',
    proof: 'Mã tra cứu hoặc các số cuối',
    proofHint: 'Mã tra cứu trên giấy hẹn, hoặc 6 số cuối số định danh, hoặc 4 số cuối điện thoại. Có thể để trống.',
    send: 'Tra cứu',
    scan: 'Quét mã QR',
    empty: 'Hãy nhập mã hồ sơ.',
    wrong: 'Mã hồ sơ chưa đúng. Hãy nhập lại đúng như trên giấy hẹn.',
    loading: 'Đang tải…',
    fallen: 'Trình duyệt không hiện được kết quả tại chỗ. Biểu mẫu vẫn dùng được: bấm Tra cứu, kết quả hiện ở trang khác.',
    missing: 'Chưa tải được phần này. Hãy kiểm tra mạng rồi thử lại.',
  },
}
const NAMES = { vi: 'Tiếng Việt', en: 'English', zh: '中文' } // lang/*.json
const packs = { vi: VI }
function pack(tag) {
  if (!packs[tag]) {
    packs[tag] = got(`lang/${tag}.json`).then((answer) => answer.json())
    packs[tag].then((read) => { packs[tag] = read }, () => { packs[tag] = null })
  }
  return packs[tag]
}

// Adopted sheets need no inline style and are shared by all elements. The rest is fetched at once and
// is here before there is a case to draw. Older browsers get both as <link>.
const adopts = 'adoptedStyleSheets' in Document.prototype
function sheetOf(text) {
  const made = new CSSStyleSheet()
  made.replaceSync(text)
  return made
}
function got(name) {
  return fetch(file(name), { integrity: SUMS[name] || '' }).then((answer) => (answer.ok ? answer : Promise.reject(new Error(`${name}: ${answer.status}`))))
}
const sheets = []
const rest = adopts && got('dung-hen.css').then((answer) => answer.text()).then((text) => { sheets[1] = sheetOf(text) })
if (rest) rest.catch(() => {}) // told by every element that misses it
function linked(root, name) {
  return new Promise((done) => {
    const node = make('link', { rel: 'stylesheet', href: file(name) })
    node.onload = node.onerror = done
    root.prepend(node)
  })
}
// Resolves when the form may be shown.
function styles(root) {
  if (!adopts) return Promise.all([linked(root, 'dung-hen.css'), linked(root, 'form.css')])
  sheets[0] = sheets[0] || sheetOf(FORM_STYLES)
  const adopt = () => { root.adoptedStyleSheets = sheets }
  adopt()
  rest.then(adopt, () => linked(root, 'dung-hen.css'))
}

// One module and one part for all elements.
let wasm
function module() {
  if (!wasm) {
    wasm = got('dung-hen_bg.wasm') // not after the glue has come
    wasm.catch(() => {}) // told by every element that misses it
  }
  return wasm
}
let more
let policy
function load() {
  const glue = () => import(file('dung-hen.js'))
  // As a script of the page: of such a module Safari checks the sum, too. import() then gets what has been checked.
  return more = more || (PINNED ? new Promise((come, fail) => {
    // Where a page asks for trusted types, a script is one; the glue draws by the same policy.
    const same = (text) => text
    let src = file('dung-hen.js')
    try {
      policy = trustedTypes.createPolicy('dung-hen', { createHTML: same, createScriptURL: same })
      src = policy.createScriptURL(src)
    } catch (error) { /* unknown here, or not allowed: the browser refuses what follows */ }
    const node = make('script', { type: 'module', crossorigin: '', integrity: SUMS['dung-hen.js'], src })
    node.onload = come
    node.onerror = fail
    document.head.append(node)
  }).then(glue) : glue()).then((part) => part.default(DungHen, { make, file, packs, tokens, module }, policy))
}

function make(tag, attributes, ...children) {
  const node = document.createElement(tag)
  Object.keys(attributes || {}).forEach((name) => node.setAttribute(name, attributes[name])) // pages add to Object.prototype
  node.append(...children)
  return node
}

// Elements in which a word is being composed: it would be cut off if its field were replaced.
const composing = new WeakSet()
function watch(element) {
  const note = (event) => composing[event.type === 'compositionend' ? 'delete' : 'add'](element)
  for (const name of ['start', 'update', 'end']) element.addEventListener(`composition${name}`, note)
}

// Signed-in visitors: each element's token. Out of reach of whatever else runs on the page: the property can be set,
// never read.
const tokens = new WeakMap()

class DungHen extends HTMLElement {
  static get observedAttributes() {
    return ['api', 'lang', 'heading-level', 'kiosk', 'procedure', 'debug']
  }

  constructor() {
    super()
    // Not delegatesFocus: it takes a click on any text for a wish to focus, and breaks selecting it.
    this.attachShadow({ mode: 'open' }).append(this._slot = make('slot'))
    watch(this)
  }

  _build() {
    this._texts = [] // [node, key]: rewritten when the language changes
    this._warned = {}
    const text = (tag, key, attributes) => {
      const node = make(tag, attributes)
      this._texts.push([node, key])
      return node
    }
    const field = (name, key, extra) => {
      const id = `dh-${key}`
      const input = make('input', Object.assign({
        'class': 'dh-input', id, name, type: 'text', maxlength: 200, autocomplete: 'off', autocapitalize: 'none',
        spellcheck: 'false', 'aria-describedby': `${id}-hint`,
      }, extra))
      return [make('div', { 'class': 'dh-field' }, text('label', key, { 'class': 'dh-label', 'for': id }),
        text('p', `${key}Hint`, { 'class': 'dh-hint', id: `${id}-hint` }), input), input]
    }
    const [code, codeInput] = field('case_code', 'code', { 'aria-required': 'true' })
    const [proof, proofInput] = field('proof', 'proof')
    this._code = codeInput
    this._proof = proofInput
    this._error = make('p', { 'class': 'dh-field-error', id: 'dh-code-error', hidden: '' })
    code.insertBefore(this._error, codeInput)
    this._switch = make('button', { type: 'button', 'class': 'dh-switch' })
    this._switch.onclick = () => this._speak(this._other())
    this._head = make('div', { 'class': 'dh-top' }, this._switch)
    this._tongue = make('input', { type: 'hidden', name: 'lang' })
    this._form = make('form', { 'class': 'dh-form', method: 'post', novalidate: '' }, this._head, code,
      proof, this._tongue, text('button', 'send', { type: 'submit', 'class': 'dh-button dh-main' }))
    this._form.onsubmit = (event) => this._submit(event)
    // Pressed twice, or Enter held down, is one question: every wrong one counts against the case.
    this._form.onclick = this._form.onkeydown = (event) => {
      if (event.detail > 1 || event.repeat && event.key === 'Enter') event.preventDefault()
    }
    this._code.oninput = () => this._blame('')
    if ('BarcodeDetector' in self) {
      const scan = text('button', 'scan', { type: 'button', 'class': 'dh-button dh-second dh-scan' })
      scan.onclick = () => this._part('scan', scan)
      code.append(scan)
    }
    this._note = make('p', { 'class': 'dh-live dh-quiet', role: 'status' })
    this._out = make('div', { 'class': 'dh-out' })
    this._base = make('div', { 'class': 'dh', part: 'base', translate: 'no', dir: 'ltr' }, this._form, this._note, this._out)
    // A form around the whole page would press its own button.
    const keep = (event) => { if (event.key === 'Enter') event.stopPropagation() }
    this._base.onkeydown = this._base.onkeypress = keep
  }

  connectedCallback() {
    if (Object.keys(this).includes('token')) { // set before this file came
      const token = this.token
      delete this.token
      this.token = token
    }
    const begin = () => {
      if (!this.isConnected) return
      if (!this._lang) {
        this._build()
        this._turn('vi')
        this._speak(this._tag())
      }
      this._settle()
      if (!this._waiting) this._show()
      load().then(() => this.isConnected && this._live()).catch((error) => {
        console.warn('<dung-hen>:', error)
        this._fall('wasm_unavailable')
      })
    }
    if (this._form || !this.querySelector('form')) begin()
    // A form that has been painted can be used: the first moment is the visitor's. One that has not is never seen.
    else setTimeout(() => setTimeout(begin, framed || performance.getEntriesByType('paint')[0] ? CALM : 0))
  }

  disconnectedCallback() {
    // A move fires this and then connectedCallback; only a real removal ends the view.
    queueMicrotask(() => this.isConnected || !this._lang || this._end())
  }

  connectedMoveCallback() {}

  attributeChangedCallback(name) {
    if (!this._lang || !this.isConnected) return
    if (name === 'lang') this._speak(this._tag())
    this._settle()
    this._changed(name)
  }

  // What parts/live.js does with these, once it is here.
  _end() {}
  _changed() {}
  _turned() {}

  focus(options) {
    const field = this._shown ? this._code : this.querySelector('input') || this._code
    if (field) field.focus(options)
  }

  // ---- signed in

  set token(value) {
    tokens.set(this, value == null ? null : String(value))
  }

  // Keeps the light form on show until there are styles; then both are swapped in one frame.
  _show() {
    this._waiting = true
    let due = false
    const swap = () => {
      due = true
      if (this._shown || composing.has(this)) return
      this._shown = true
      const active = this.getRootNode().activeElement
      let caret
      for (const ours of [this._code, this._proof]) {
        // Inside a form of the page the parser drops the light one, and keeps its fields.
        const theirs = this.querySelector(`[name=${ours.name}]`)
        if (!theirs || typeof theirs.value !== 'string') continue
        ours.value = ours.value || theirs.value
        if (theirs === active) caret = [ours, theirs.selectionStart, theirs.selectionEnd]
        theirs.value = '' // a form around it is the page's, and may be sent
      }
      this._slot.replaceWith(this._base)
      if (!caret) return
      caret[0].focus({ preventScroll: true })
      if (caret[1] !== null) caret[0].setSelectionRange(caret[1], caret[2])
    }
    // After the last word's input event.
    this.addEventListener('compositionend', () => { if (due) setTimeout(swap) })
    const linking = styles(this.shadowRoot)
    // Light fields can be typed into between this task and the next.
    if (!linking && this._lang === this._wish) return this.querySelector('form') ? setTimeout(swap) : swap()
    Promise.all([linking, this._spoken]).then(swap)
    // The light form can be used meanwhile, so it may wait longer than an empty element.
    setTimeout(swap, this.querySelector('form') ? 5 * SLOW : SLOW)
  }

  // ---- settings

  _tag() {
    const near = this.closest('[lang]') || document.documentElement
    const tag = near.lang.slice(0, 2).toLowerCase()
    if (NAMES[tag]) return tag
    if (near === this) this._warn('lang', 'vi')
    return 'vi'
  }

  _api() {
    const given = this.getAttribute('api')
    if (given === null) return API
    try {
      const url = new URL(given.replace(/\/*$/, '/'), document.baseURI)
      if (/^https?:$/.test(url.protocol)) return url.href
    } catch (error) { /* told below */ }
    return this._warn('api', API)
  }

  _level() {
    const given = this.getAttribute('heading-level')
    return given === null ? '2' : /^[2-5]$/.test(given) ? given : this._warn('heading-level', '2')
  }

  _warn(name, instead) {
    const value = this.getAttribute(name)
    if (this._warned[name] !== value) console.warn(`<dung-hen>: ${name}="${value}" is not valid; using ${instead}.`)
    this._warned[name] = value
    return instead
  }

  _settle() {
    this._form.action = `${this._api()}tra-cuu`
    const tag = `h${this._level()}`
    if (this._title && this._title.localName === tag) return
    const title = make(tag, { 'class': 'dh-title' }, this._text('title'))
    this._texts = this._texts.filter(([, key]) => key !== 'title').concat([[title, 'title']])
    if (this._title) this._title.remove()
    this._head.prepend(this._title = title)
  }

  // Turns to a language as soon as its pack is here; without it, nothing changes.
  _speak(tag) {
    this._wish = tag
    this._spoken = Promise.resolve(pack(tag)).then(() => this._wish === tag && this._turn(tag)).catch((error) => this._miss(error))
  }

  _turn(tag) {
    this._lang = this._base.lang = this._tongue.value = tag
    this._texts.forEach(([node, key]) => { node.textContent = this._text(key) })
    this._switch.textContent = NAMES[this._switch.lang = this._other()]
    this._blame(this._blamed)
    if (this._noted) this._tell(this._noted)
    else this._say('') // what did not come is asked for again
    this._turned()
  }

  // Vietnamese, or what the page asks for beside it.
  _other() {
    const asked = this._tag()
    return this._lang !== 'vi' ? 'vi' : asked === 'vi' ? 'en' : asked
  }

  _text(key) {
    return this._word('form', key) || VI.form[key]
  }

  _word(section, key) {
    return (packs[this._lang][section] || {})[key]
  }

  // ---- with the module, or without

  // Never blank: the form stays, and from now on it goes to the server's page.
  _fall(reason) {
    if (this._fallen) return
    this._fallen = true
    this._handle = null
    this._out.textContent = ''
    this._note.className = 'dh-warn' // nothing is under way
    this._tell('fallen')
    this._emit('dh-error', reason)
    if (this._kept) this._form.submit()
  }

  _submit(event) {
    if (event && (!this._fallen || !this._code.value.trim())) event.preventDefault()
    if (!this._code.value.trim()) {
      this._blame('empty')
      this._code.focus()
    } else if (/[,;]|-\d+[^!-~]+\S+-/.test(this._code.value)) {
      event && event.preventDefault()
      this._part('list')
    } else if (!this._fallen) {
      this._kept = true // until the module is here
      if (this._handle) this._look()
      else setTimeout(() => this._kept && !this._fallen && this._tell('loading'), SLOW)
    }
  }

  // What the first answer does not need, loaded when it is asked for.
  _part(name, node) {
    return load().then(() => this._take(name, node)).catch((error) => this._miss(error))
  }

  _miss(error) {
    console.warn('<dung-hen>:', error)
    this._say(this._text('missing'), true)
    this._emit('dh-error', 'part_unavailable')
  }

  // ---- telling

  _say(text, shown) {
    this._noted = ''
    this._note.textContent = text
    this._note.classList.toggle('dh-quiet', !shown)
    this._note.classList.toggle('dh-busy', /[…%]/.test(text)) // under way: “Loading…”, “40 %”
  }

  _tell(key) {
    this._say(this._text(key), true)
    this._noted = key
  }

  _blame(key) {
    this._blamed = key
    this._error.textContent = key ? this._text(key) : ''
    this._error.hidden = !key
    this._code.setAttribute('aria-invalid', !!key)
    this._code.setAttribute('aria-describedby', `${key ? 'dh-code-error ' : ''}dh-code-hint`)
  }

  _emit(name, what) {
    clearTimeout(this._silence) // the module is alive
    const detail = what ? { [name === 'dh-error' ? 'reason' : 'access']: what } : {}
    this.dispatchEvent(new CustomEvent(name, { bubbles: true, composed: true, detail }))
  }
}

// A second copy of this file on the page leaves the first in charge.
if (!customElements.get('dung-hen')) {
  // Fetched at once, unless no element here looks anything up; every element tells of a failure itself.
  if (document.querySelector('dung-hen:not([procedure])') || !document.querySelector('dung-hen')) module()
  load().catch(() => {})
  customElements.define('dung-hen', DungHen)
}
