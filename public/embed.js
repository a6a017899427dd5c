// <dung-hen>: the custom element. Contract: docs/EMBED.md.
//
// This file owns the look-up form for good: it shows it at once, takes over what was typed into the
// plain form in the element, and works on its own by sending the form to the server's page. The
// WebAssembly module (src/) draws everything below the form. Nothing is put on `window`.
//
// Parses as ES2017, apart from import() and import.meta.
//
// The build (scripts/assemble.mjs) shortens every name that begins with _, and puts in:
//   FILES          where the other files are, seen from this one
//   FORM_STYLES    tokens, base and form, so that the form waits for nothing
//   SUMS           integrity of styles and module, where the address of this file is pinned; else empty
/* global FILES, FORM_STYLES, SUMS */

const at = (path) => new URL(path, import.meta.url).href
const file = (name) => at(FILES + name)
const API = at('../../')
const SLOW = 1000
const TIMEOUT = 20000

const TEXTS = {
  vi: {
    title: 'Tra cứu hồ sơ',
    code: 'Mã hồ sơ',
    codeHint: 'Ghi trên giấy tiếp nhận hồ sơ và hẹn trả kết quả.',
    proof: 'Mã tra cứu hoặc các số cuối',
    proofHint: 'Mã tra cứu trên giấy hẹn, hoặc 6 số cuối số định danh, hoặc 4 số cuối điện thoại. Có thể để trống.',
    send: 'Tra cứu',
    empty: 'Hãy nhập mã hồ sơ.',
    wrong: 'Mã hồ sơ chưa đúng. Hãy nhập lại đúng như trên giấy hẹn.',
    loading: 'Đang tải…',
    fallen: 'Trình duyệt không hiện được kết quả tại chỗ. Biểu mẫu vẫn dùng được: bấm Tra cứu, kết quả hiện ở trang khác.',
    other: 'English',
  },
  en: {
    title: 'Look up a case',
    code: 'Case code',
    codeHint: 'It stands on the receipt you were given when you filed.',
    proof: 'Look-up code or last digits',
    proofHint: 'The look-up code on the receipt, or the last 6 digits of your identity number, or the last 4 of your phone. May be left empty.',
    send: 'Look up',
    empty: 'Enter the case code.',
    wrong: 'This is not a case code. Type it again as it stands on your receipt.',
    loading: 'Loading…',
    fallen: 'This browser cannot show the result in place. The form still works: press Look up and the result opens on another page.',
    other: 'Tiếng Việt',
  },
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
const sheets = adopts && [sheetOf(FORM_STYLES)]
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
  const adopt = () => { root.adoptedStyleSheets = sheets }
  adopt()
  rest.then(adopt, () => linked(root, 'dung-hen.css'))
}

// One module for all elements: a panic ends it for all, and each of them falls back to its form.
const live = new Set()
let dead = false
let module
function load() {
  if (module) return module
  const wasm = got('dung-hen_bg.wasm') // not after the glue has come
  wasm.catch(() => {}) // told below
  module = import(file('dung-hen.js')).then(async (glue) => {
    await glue.default({ module_or_path: wasm })
    glue.start(() => {
      dead = true
      live.forEach((element) => element._fall('panic'))
    })
    return glue
  })
  return module
}

// Ends a call that has lasted too long; to end one that is over does nothing.
function patience() {
  const abort = new AbortController()
  setTimeout(() => abort.abort(), TIMEOUT)
  return abort.signal
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

// Signed-in visitors: each element's token, and the calls that wait for a fresh one. Out of reach of
// whatever else runs on the page: the property can be set, never read.
const tokens = new WeakMap()
const waiting = new WeakMap()

class DungHen extends HTMLElement {
  static get observedAttributes() {
    return ['api', 'lang', 'heading-level']
  }

  constructor() {
    super()
    // Not delegatesFocus: it takes a click on any text for a wish to focus, and breaks selecting it.
    this.attachShadow({ mode: 'open' }).append(this._slot = make('slot'))
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
    this._switch = text('button', 'other', { type: 'button', 'class': 'dh-switch' })
    this._switch.onclick = () => this._speak(this._lang === 'vi' ? 'en' : 'vi')
    this._head = make('div', { 'class': 'dh-top' }, this._switch)
    this._tongue = make('input', { type: 'hidden', name: 'lang' })
    this._form = make('form', { 'class': 'dh-form', method: 'post', novalidate: '' }, this._head, code,
      proof, this._tongue, text('button', 'send', { type: 'submit', 'class': 'dh-button dh-main' }))
    this._form.onsubmit = (event) => this._submit(event)
    this._code.oninput = () => this._blame('')
    this._note = make('p', { 'class': 'dh-live dh-quiet', role: 'status' })
    this._out = make('div', { 'class': 'dh-out' })
    this._base = make('div', { 'class': 'dh', part: 'base', translate: 'no', dir: 'ltr' }, this._form, this._note, this._out)
    // A form around the whole page would press its own button.
    const keep = (event) => { if (event.key === 'Enter') event.stopPropagation() }
    this._base.onkeydown = this._base.onkeypress = keep
  }

  connectedCallback() {
    live.add(this)
    if (Object.prototype.hasOwnProperty.call(this, 'token')) { // set before this file came
      const token = this.token
      delete this.token
      this.token = token
    }
    if (!this._lang) this._speak(this._tag())
    this._settle()
    if (!this._waiting) this._show()
    this._mount()
  }

  disconnectedCallback() {
    // A move fires this and then connectedCallback; only a real removal ends the view.
    queueMicrotask(() => {
      if (this.isConnected) return
      live.delete(this)
      const handle = this._handle
      this._handle = null
      this._say('')
      if (handle && !dead) {
        handle.destroy()
        handle.free()
      }
    })
  }

  connectedMoveCallback() {}

  attributeChangedCallback(name) {
    if (!this._lang || !this.isConnected) return
    if (name === 'lang') this._speak(this._tag())
    this._settle()
    if (name === 'heading-level') this._call('set', name, this._level())
  }

  focus(options) {
    (this._shown ? this._code : this.querySelector('input') || this._code).focus(options)
  }

  // ---- signed in

  // Empty: the page has one, and wants to be asked. Null: it has none.
  set token(value) {
    const token = value == null ? null : String(value)
    tokens.set(this, token)
    if (token === '') return
    const wake = waiting.get(this)
    waiting.delete(this)
    if (wake) wake(token || '')
  }

  // What goes with a call; `again` when the last one was refused. The page is asked at most once a call.
  _bearer(again) {
    const token = tokens.get(this)
    if (token == null || (token && !again)) return Promise.resolve(token || '')
    const asked = waiting.has(this)
    const come = new Promise((wake) => {
      const before = waiting.get(this)
      waiting.set(this, (fresh) => {
        if (before) before(fresh)
        wake(fresh)
      })
      setTimeout(wake, TIMEOUT, '')
    })
    if (!asked) this._emit('dh-token-needed')
    return come
  }

  // Keeps the light form on show until there are styles; then both are swapped in one frame.
  _show() {
    this._waiting = true
    watch(this)
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
      }
      this._slot.replaceWith(this._base)
      if (!caret) return
      caret[0].focus({ preventScroll: true })
      if (caret[1] !== null) caret[0].setSelectionRange(caret[1], caret[2])
    }
    // After the last word's input event.
    this.addEventListener('compositionend', () => { if (due) setTimeout(swap) })
    const linking = styles(this.shadowRoot)
    if (!linking) return swap()
    linking.then(swap)
    // The light form can be used meanwhile, so it may wait longer than an empty element.
    setTimeout(swap, this.querySelector('form') ? 5 * SLOW : SLOW)
  }

  // ---- settings

  _tag() {
    const near = this.closest('[lang]') || document.documentElement
    const tag = near.lang.slice(0, 2).toLowerCase()
    if (TEXTS[tag]) return tag
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
    const title = make(tag, { 'class': 'dh-title' }, TEXTS[this._lang].title)
    this._texts = this._texts.filter(([, key]) => key !== 'title').concat([[title, 'title']])
    if (this._title) this._title.remove()
    this._head.prepend(this._title = title)
  }

  _speak(tag) {
    this._lang = this._base.lang = this._tongue.value = tag
    this._texts.forEach(([node, key]) => { node.textContent = TEXTS[tag][key] })
    this._switch.lang = tag === 'vi' ? 'en' : 'vi'
    this._blame(this._blamed)
    if (this._noted) this._tell(this._noted)
    this._call('set', 'lang', tag)
  }

  // ---- the module

  async _mount() {
    if (this._handle || this._fallen || this._mounting) return
    this._mounting = true
    try {
      const glue = await load()
      if (dead) throw new Error('the module has panicked')
      if (this.isConnected && !this._fallen) {
        const element = this
        this._handle = glue.mount(this._out, {
          get lang() { return element._lang },
          get level() { return element._level() },
          say: (text, shown) => this._say(text, shown),
          emit: (name, what) => this._emit(name, what),
          blame: (key) => this._blame(key),
          focusProof: () => this._proof.focus(),
          // After what was just decided is on the page.
          focus: (selector) => setTimeout(() => {
            const found = this._out.querySelector(selector)
            if (found) found.focus()
          }),
          get api() { return element._api() },
          bearer: (again) => this._bearer(again),
          patience,
        })
        this._emit('dh-ready')
        if (this._kept) this._look()
      }
    } catch (error) {
      if (!this._fallen) console.warn('<dung-hen>:', error)
      this._fall(dead ? 'panic' : 'wasm_unavailable')
    }
    this._mounting = false
  }

  _call(method, ...values) {
    if (!this._handle || dead) return
    try {
      this._handle[method](...values)
    } catch (error) {
      this._fall('panic')
    }
  }

  // Never blank: the form stays, and from now on it goes to the server's page.
  _fall(reason) {
    if (this._fallen) return
    this._fallen = true
    this._handle = null
    this._out.textContent = ''
    this._tell('fallen')
    this._emit('dh-error', reason)
    if (this._kept) this._form.submit()
  }

  _submit(event) {
    if (!this._code.value.trim()) {
      event.preventDefault()
      this._blame('empty')
      this._code.focus()
    } else if (!this._fallen) {
      event.preventDefault()
      this._kept = true // until the module is here
      if (this._handle) this._look()
      else setTimeout(() => this._kept && !this._fallen && this._tell('loading'), SLOW)
    }
  }

  _look() {
    this._kept = false
    this._say('')
    this._call('lookup', this._code.value, this._proof.value)
  }

  // ---- telling

  _say(text, shown) {
    this._noted = ''
    this._note.textContent = text
    this._note.classList.toggle('dh-quiet', !shown)
  }

  _tell(key) {
    this._say(TEXTS[this._lang][key], true)
    this._noted = key
  }

  _blame(key) {
    this._blamed = key
    this._error.textContent = key ? TEXTS[this._lang][key] : ''
    this._error.hidden = !key
    this._code.setAttribute('aria-invalid', !!key)
    this._code.setAttribute('aria-describedby', `${key ? 'dh-code-error ' : ''}dh-code-hint`)
  }

  _emit(name, what) {
    const detail = what ? { [name === 'dh-error' ? 'reason' : 'access']: what } : {}
    this.dispatchEvent(new CustomEvent(name, { bubbles: true, composed: true, detail }))
  }
}

function define() {
  if (!customElements.get('dung-hen')) customElements.define('dung-hen', DungHen)
}

// A second copy of this file on the page leaves the first in charge.
if (!customElements.get('dung-hen')) {
  load().catch(() => {}) // fetched at once; every element tells of a failure itself
  Array.from(document.querySelectorAll('dung-hen')).forEach(watch)
  define()
}
