// What the element does beyond its form: starts the module, hands it what it needs of the page, loads parts, and knows
// who is signed in. The build puts this into the glue (dung-hen.js), so that it is no request of its own; embed.js
// gives it the class, whose methods these become, and what both share.
import init, { mount, trapped } from 'glue'

const SLOW = 1000
const TIMEOUT = 20000

export default function extend(DungHen, { make, file, packs, tokens, module }) {
  // One module for all elements: a panic ends it for all, and each of them falls back to its form.
  const all = new Set()
  let dead = false
  let ready
  function started() {
    trapped(() => {
      dead = true
      all.forEach((element) => element._fall('panic'))
    })
    ready = ready || init({ module_or_path: module() })
    return ready
  }

  // Ends a call that has lasted too long; to end one that is over does nothing.
  function patience() {
    const abort = new AbortController()
    setTimeout(() => abort.abort(), TIMEOUT)
    return abort.signal
  }

  // The calls of each element that wait for a fresh token.
  const waiting = new WeakMap()

  const more = {
    // On the page, for the first time or again.
    _live() {
      all.add(this)
      if (!this._list) this._prepare()
      this._turned()
      this._set('debug')
      if (this.hasAttribute('procedure')) return this._set('procedure')
      this._mount()
      this._set('kiosk')
      addEventListener('hashchange', this._linked)
      this._link()
      if (this._stored('dung-hen')) this._part('list')
      // A rating that has not arrived yet: public/ballot/outbox.js.
      if (this._stored(`dung-hen.ratings ${this._api()}`)) this._part('rating')
    },

    _prepare() {
      this._turns = {} // of the parts that are here, by name
      this._leaves = {}
      this._raw = make('p', { 'class': 'dh-hint', hidden: '' })
      this._list = make('div', { 'class': 'dh-list' })
      this._note.before(this._raw, this._list)
      this._linked = () => this._link()
      // A list of codes, one a line: a field of one line would run them together.
      this._code.onpaste = (event) => {
        const lines = event.clipboardData.getData('text').split(/\n/).map((line) => line.trim()).filter(Boolean)
        if (lines.length < 2) return
        event.preventDefault()
        this._code.value = lines.join(', ')
      }
      // What the module leaves to a part, by name; and buttons whose part is loaded when they are pressed.
      new MutationObserver(() => this._out.querySelectorAll('[data-part]:not([data-filled])').forEach((node) => {
        node.dataset.filled = ''
        this._part(node.dataset.part, node)
      })).observe(this._out, { childList: true, subtree: true })
      this._out.addEventListener('click', (event) => {
        const button = event.target.closest('[data-load]')
        if (button) this._part(button.dataset.load, button)
      })
    },

    _end() {
      removeEventListener('hashchange', this._linked)
      all.delete(this)
      Object.values(this._leaves || {}).forEach((leave) => leave())
      clearTimeout(this._silence)
      clearTimeout(this._later)
      const handle = this._handle
      this._handle = null
      this._say('')
      if (handle && !dead) {
        handle.destroy()
        handle.free()
      }
    },

    _changed(name) {
      if (name === 'heading-level') this._call('set')
      this._set(name)
    },

    _turned() {
      if (!this._list) return
      // A text nobody has reviewed says so, in its own language and in Vietnamese.
      this._raw.hidden = packs[this._lang].reviewed !== false
      this._raw.textContent = `${this._text('unreviewed')} ${packs.vi.form.unreviewed}`
      this._call('set')
      Object.values(this._turns).forEach((turn) => turn())
    },

    // Attributes whose work is done by a part of that name.
    _set(name) {
      if (/^(kiosk|procedure|debug)$/.test(name) && this.hasAttribute(name)) this._part(name)
    },

    // Codes remembered on this device, none in kiosk mode: parts/list.js writes them.
    _stored(key) {
      try {
        return !this.hasAttribute('kiosk') && localStorage.getItem(key)
      } catch (error) { /* forbidden here: then nothing is remembered */ }
    },

    // A link with the code in the fragment, which no server sees; it leaves the address bar at once.
    _link() {
      const found = this.hasAttribute('from-link') && /^#dung-hen=(.+)/.exec(location.hash)
      if (!found) return
      history.replaceState(history.state, '', location.pathname + location.search)
      try {
        this._code.value = decodeURIComponent(found[1])
      } catch (error) {
        this._code.value = found[1]
      }
      this._submit()
    },

    // ---- signed in

    // Empty: the page has one, and wants to be asked. Null: it has none.
    set token(value) {
      const token = value == null ? null : String(value)
      tokens.set(this, token)
      if (token === '') return
      const wake = waiting.get(this)
      waiting.delete(this)
      if (wake) wake(token || '')
    },

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
    },

    // ---- the module

    async _mount() {
      if (this._handle || this._fallen || this._mounting) return
      this._mounting = true
      try {
        await started()
        if (dead) throw new Error('the module has panicked')
        if (this.isConnected && !this._fallen) {
          const element = this
          this._handle = mount(this._out, {
            get lang() { return packs[element._lang].server || element._lang },
            get pack() { return element._lang === 'vi' ? '' : element._lang },
            word: (name) => this._word('element', name),
            answered: (answer) => this._answered(answer),
            get level() { return element._level() },
            say: (text, shown) => this._say(text, shown),
            emit: (name, what) => this._emit(name, what),
            blame: (key) => this._blame(key),
            focusProof: () => this._proof.focus(),
            // After what was just decided is on the page; a case that is not there was not to be drawn.
            focus: (selector) => setTimeout(() => {
              const found = this._out.querySelector(selector)
              if (found) found.focus()
              else if (/case/.test(selector)) this._fall('panic')
            }),
            get api() { return element._api() },
            bearer: (again) => this._bearer(again),
            solve: (problem) => {
              clearTimeout(this._silence) // a puzzle takes as long as the phone needs
              return this._part('puzzle', problem)
            },
            patience: () => {
              clearTimeout(this._silence)
              this._silence = setTimeout(() => this._fall('panic'), TIMEOUT + 5 * SLOW)
              return patience()
            },
          })
          this._emit('dh-ready')
          if (this._kept) this._look()
        }
      } catch (error) {
        if (!this._fallen) console.warn('<dung-hen>:', error)
        this._fall(dead ? 'panic' : 'wasm_unavailable')
      }
      this._mounting = false
    },

    _call(method, ...values) {
      if (!this._handle || dead) return
      try {
        this._handle[method](...values)
      } catch (error) {
        this._fall('panic')
      }
    },

    _look() {
      this._kept = false
      this._say('')
      this._answer = null
      this._asked = { case_code: this._code.value, proof: this._proof.value.trim() || undefined }
      this._call('lookup', this._asked.case_code, this._asked.proof || '')
    },

    // As if nobody had been here.
    _clear() {
      this._code.value = this._proof.value = this._list.textContent = ''
      this._answer = this._asked = null
      this._blame('')
      this._say('')
      this._call('forget')
    },

    // Parts draw from the answer; and one of them asks whether it is still true.
    _answered(answer) {
      this._answer = answer
      clearTimeout(this._later)
      this._later = setTimeout(() => this.isConnected && this._part('watch'), 10 * SLOW)
    },

    // ---- parts

    _take(name, node) {
      this._kit = this._kit || this._tools()
      return import(file(`parts/${name}.js`)).then((part) => part.default(this._kit, node))
    },

    // What a part may use of the element: parts/*.js, each a function of this and of the node it fills.
    _tools() {
      const element = this
      return {
        element, make, patience,
        bearer: (again) => this._bearer(again),
        base: this._base, form: this._form, code: this._code, list: this._list, out: this._out,
        get lang() { return element._lang },
        get server() { return packs[element._lang].server || element._lang },
        get level() { return Number(element._level()) },
        get api() { return element._api() },
        get answer() { return element._answer },
        get asked() { return element._asked },
        word: (section, key) => this._word(section, key),
        say: (text, shown) => this._say(text, shown),
        emit: (name, what) => this._emit(name, what),
        submit: () => this._submit(),
        changed: (answer) => this._call('changed', answer),
        clear: () => this._clear(),
        // Called after each change of language, and when the element leaves the page; one of each for a part.
        onturn: (name, turn) => { this._turns[name] = turn },
        onleave: (name, leave) => { this._leaves[name] = leave },
        part: (name, node) => this._part(name, node),
      }
    },
  }
  Object.defineProperties(DungHen.prototype, Object.getOwnPropertyDescriptors(more))
}
