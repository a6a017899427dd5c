// What the element does beyond its form: starts the module, hands it what it needs of the page, loads parts, and knows
// who is signed in. The build puts this into the glue (dung-hen.js), so that it is no request of its own; embed.js
// gives it the class, whose methods these become, and what both share.
import init, { mount, trapped, trust, trusted } from 'glue'

const VI = {
  unreviewed: 'Bản dịch này do máy làm, chưa có người kiểm tra.',
}

const SLOW = 1000
const TIMEOUT = 20000

// When nothing else is to be done; where a browser cannot tell, soon.
const idle = self.requestIdleCallback || setTimeout

// A case with something of everything, for `_rehearse`.
const DAY = '2026-01-01'
const HOUR = `${DAY}T00:00:00Z`
const WORDS = { vi: 'Hồ sơ', en: 'Hồ sơ' }
const NOBODY = {
  access: 'holder', case_code: 'H', as_of: HOUR, status: 'processing', status_text: WORDS, step: 3, steps: 5, channel: 'direct',
  procedure: { name: 'H' }, agency: { name: 'H' }, place: { unit: 'H', officer: 'H', since: HOUR },
  dates_held: { received: HOUR, promise: DAY, history: [{ due: DAY, recorded: HOUR, cause: 'receipt', who: WORDS }] },
  timeliness: 'overdue', timeliness_text: WORDS, timeline: [{ at: HOUR, kind: 'received', unit: 'H', note: 'H' }],
  deadline: { sentence: WORDS }, clocks: { agency: { working_days: 1, spans: [{}] } },
  apology: { notice: { number: 'H', title: WORDS, paragraphs: [WORDS], disclaimer: WORDS, fingerprint: 'H' } },
  rating: 'open', objections: ['date_moved'],
}

export default function extend(DungHen, { make, file, packs, tokens, module }, policy) {
  trust(policy)
  // One module for all elements: a panic ends it for all, and each of them falls back to its form.
  const all = new Set()
  let dead = false
  let rehearsed
  let ready
  function started() {
    trapped(() => {
      dead = true
      all.forEach((element) => element._fall('panic'))
    })
    return ready = ready || init({ module_or_path: module() })
  }

  // A call that ends when it has lasted too long; it fails with whether it has. Its answer comes whole, and nothing waits
  // for it any more then.
  async function call(what, options) {
    const abort = new AbortController()
    const timer = setTimeout(() => abort.abort(), TIMEOUT)
    try {
      const answer = await fetch(what, { credentials: 'omit', signal: abort.signal, ...options })
      return new Response(await answer.text() || null, answer)
    } catch (error) {
      throw abort.signal.aborted
    } finally {
      clearTimeout(timer)
    }
  }

  // After the next frame.
  function painted(then) {
    requestAnimationFrame(() => setTimeout(then))
  }

  // How often each part did not come: some browsers keep that, so the next try goes by another address.
  const failed = {}

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
      // First what has been drawn is painted.
      new MutationObserver(() => painted(() => {
        if (this._out.firstElementChild) this._out.classList.remove('dh-new')
        this._out.querySelectorAll('[data-part]:not([data-filled])').forEach((node) => {
          const fill = () => node.open === false || this._part(node.dataset.part, node) // what is folded waits
          node.dataset.filled = ''
          node.ontoggle = fill
          fill()
        })
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
      this._raw.textContent = `${this._word('live', 'unreviewed') || ''} ${VI.unreviewed}`
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
        const timer = setTimeout(wake, TIMEOUT, '')
        waiting.set(this, (fresh) => {
          clearTimeout(timer)
          if (before) before(fresh)
          wake(fresh)
        })
      })
      if (!asked) this._emit('dh-token-needed')
      return come
    },

    // One call in the visitor's name. A token that was refused is replaced once by a fresh one; a puzzle is solved once,
    // unless nobody waits for the answer.
    async _send(request, idly, ours) {
      let again
      let solution
      for (;;) {
        const token = await this._bearer(again)
        const headers = new Headers(request.headers)
        if (token) headers.set('authorization', `Bearer ${token}`)
        if (solution) headers.set('x-puzzle', solution)
        if (ours) {
          clearTimeout(this._silence)
          this._silence = setTimeout(() => this._fall('panic'), TIMEOUT + 5 * SLOW)
        }
        const answer = await call(request.clone(), { headers })
        if (answer.status === 428 && !solution && !idly) {
          if (ours) clearTimeout(this._silence) // a puzzle takes as long as the phone needs
          solution = await this._part('puzzle', await answer.clone().json())
          if (solution) continue
        }
        if (again || !token || answer.status !== 401) return answer
        again = true
      }
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
          const host = {
            get lang() { return packs[element._lang].server || element._lang },
            get pack() { return element._lang === 'vi' ? '' : element._lang },
            word: (at) => this._word('screen', at), // by its place: scripts/assemble.mjs
            answered: (answer) => this._answered(answer),
            get level() { return element._level() },
            say: (text, shown) => this._say(text, shown),
            emit: (name, what) => this._emit(name, what),
            blame: (key) => {
              if (!key) cancelAnimationFrame(this._frame) // another question
              this._blame(key)
            },
            focusProof: () => this._proof.focus(),
            // When what was just decided is on the page, and before it is painted: it is seen where the focus takes it.
            // A case that is not there was not to be drawn. Whoever types another code meanwhile goes on with that.
            focus: (selector) => {
              clearTimeout(this._silence) // the module has answered
              this._frame = requestAnimationFrame(() => {
                const found = this._out.querySelector(selector)
                const case_ = /case/.test(selector)
                if (found) case_ && this._asked && this._asked.case_code !== this._code.value || found.focus()
                else if (case_) this._fall('panic')
              })
            },
            get api() { return element._api() },
            send: (request) => this._send(request, false, true),
          }
          this._handle = mount(this._out, host)
          this._emit('dh-ready')
          if (this._kept) this._look()
          else this._rehearse(host)
        }
      } catch (error) {
        if (!this._fallen) console.warn('<dung-hen>:', error)
        this._fall(dead ? 'panic' : 'wasm_unavailable')
      }
      this._mounting = false
    },

    // Draws a case of nobody's where nobody sees it, once, when nothing else is to be done and nobody types: the first real
    // one then finds code compiled and fonts loaded, and is there sooner on an old phone. Each step ends within its task.
    _rehearse(host) {
      if (rehearsed || !self.requestIdleCallback) return
      const typed = this._code.value + this._proof.value
      setTimeout(() => {
        if (typed !== this._code.value + this._proof.value) this._rehearse(host)
        else idle(() => this._draft(host))
      }, SLOW)
    },

    _draft(host) {
      if (rehearsed || dead || !this._handle || this._asked) return
      rehearsed = true
      try {
        make('p').innerHTML = trusted('<b>') // a page may forbid it: then there is nothing to rehearse
      } catch (error) {
        return
      }
      const stage = make('div', { 'class': 'dh-out' })
      const strike = () => {
        if (dead) return
        this._base.append(stage)
        stage.getBoundingClientRect() // lays it out
        stage.remove()
        handle.destroy()
        handle.free()
      }
      // Nothing of it leaves the page, is told to anybody or waited for.
      const nothing = () => {}
      const handle = mount(stage, Object.assign(Object.create(host), {
        send: async () => new Response(JSON.stringify(NOBODY)),
        answered: () => idle(strike), blame: nothing, emit: nothing, focus: nothing, say: nothing,
      }))
      handle.lookup('', '')
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
      this._out.classList.add('dh-new')
      this._asked = { case_code: this._code.value, proof: this._proof.value.trim() || undefined }
      this._call('lookup', this._asked.case_code, this._asked.proof || '')
    },

    // As if nobody had been here.
    _clear() {
      this._code.value = this._proof.value = this._list.textContent = ''
      this._answer = this._asked = null
      this._blame('')
      this._say('')
      cancelAnimationFrame(this._frame)
      this._call('forget')
    },

    // Parts draw from the answer; and one of them, for which nobody waits, asks now and then whether it is still true.
    _answered(answer) {
      this._answer = answer
      const watch = () => this.isConnected && this._answer === answer && this._part('watch')
      painted(() => idle(watch))
    },

    // ---- parts

    _take(name, node) {
      this._kit = this._kit || this._tools()
      const tries = failed[name] || ''
      const coming = import(file(`parts/${name}.js${tries && `?${tries}`}`))
      coming.catch(() => { failed[name] = tries + 1 })
      return coming.then((part) => {
        // What is folded opens at once, as long as it may be: it is laid out while nobody waits.
        if (node && node.nodeType) idle(() => node.querySelectorAll('details > :last-child').forEach((one) => one.getBoundingClientRect()))
        return part.default(this._kit, node)
      })
    },

    // What a part may use of the element: parts/*.js, each a function of this and of the node it fills.
    _tools() {
      const element = this
      return {
        element, make, call,
        bearer: (again) => this._bearer(again),
        send: (request, idly) => this._send(request, idly),
        base: this._base, form: this._form, code: this._code, list: this._list, out: this._out,
        get lang() { return element._lang },
        get server() { return packs[element._lang].server || element._lang },
        get level() { return Number(element._level()) },
        get api() { return element._api() },
        // When what was just changed has been painted; where nobody looks, soon.
        shown: () => new Promise((done) => {
          painted(done)
          setTimeout(done, 100)
        }),
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
