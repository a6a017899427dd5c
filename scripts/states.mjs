// Every state a citizen or an officer can meet, each with the way there, for scripts/pictures.mjs: [name, what is
// pictured, how to get there]. `t` is the toolbox of one browser page on a fresh demonstration.

const NOTICE = 'TBQH-'
const LATE = 'overdue_without_letter'

/** What an agency's officer types in the demonstration. */
const KEYS = { letters: 'can-bo-mau', hotline: 'tong-dai-mau', inspectorate: 'thanh-tra-mau' }

async function openAll(t) {
  await t.page.evaluate(() => document.querySelector('dung-hen').shadowRoot.querySelectorAll('details').forEach((one) => { one.open = true }))
}

async function choose(t, word) {
  await t.press('.dh-rating .dh-scale label', word)
}

async function rate(t, key, word) {
  await t.lookUp(key)
  await choose(t, word)
  await t.press('.dh-rating form > button, .dh-rating form .dh-button', 'Gửi đánh giá')
}

async function rated(t, key, word) {
  await rate(t, key, word)
  await t.sees('.dh-rating .dh-receipt')
}

/** Another element in place of the portal's, with these attributes. */
async function element(t, attributes) {
  await t.page.evaluate((given) => {
    document.querySelector('dung-hen').remove()
    const made = document.createElement('dung-hen')
    for (const [name, value] of Object.entries(given)) made.setAttribute(name, value)
    document.querySelector('#tra-cuu').append(made)
  }, attributes)
}

async function officer(t, key) {
  await t.open('/officer')
  await t.page.fill('#key', key)
  await t.page.click('form[action="/officer"] button')
  await t.page.waitForSelector('.desk')
}

async function plain(t, key) {
  await t.open('/tra-cuu')
  const one = t.sample(key)
  await t.page.fill('#case_code', one.case_code)
  await t.page.fill('#proof', one.proof)
  await t.page.click('main button')
  await t.page.waitForSelector('h2')
}

async function seconds(t, count) {
  await t.page.evaluate((n) => { for (let i = 0; i < n; i++) window.__second() }, count)
}

async function kiosk(t) {
  await t.open('/')
  await t.page.evaluate(async () => {
    const { version } = await (await fetch('/embed/v1/manifest.json')).json()
    const { clock } = await import(`/embed/${version}/parts/kiosk.js`)
    clock.tick = (call) => { window.__second = call; return 1 }
  })
  await element(t, { kiosk: '30' })
  await t.sees('.dh-end')
}

const WHOLE = 'page'
const PART = 'element'

export const states = [
  // ---- looking up
  ['portal', WHOLE, (t) => t.open('/')],
  ['form', PART, (t) => t.open('/')],
  ['form-empty', PART, async (t) => { await t.open('/'); await t.press('.dh-main', 'Tra cứu'); await t.sees('#dh-code-error:not([hidden])') }],
  ['form-wrong-code', PART, async (t) => { await t.ask('đơn của tôi!', ''); await t.sees('#dh-code-error:not([hidden])') }],
  ['no-match', PART, async (t) => { await t.ask('H98.101-260901-9876', '000001'); await t.sees('.dh-fault'); await openAll(t) }],
  ['too-many-tries', PART, async (t) => {
    for (let i = 0; i < 6; i++) { await t.ask(t.sample('due_soon').case_code, `99999${i}`); await t.sees('.dh-fault') }
    await t.says('quá nhiều lần')
  }],
  ['looking', PART, async (t) => { await t.open('/'); await t.hold('**/api/v1/lookup'); await t.ask(t.sample('due_today').case_code, '', true); await t.says('Đang tìm') }],
  ['offline', PART, async (t) => { await t.open('/'); await t.cut('**/api/v1/lookup'); await t.ask(t.sample('due_today').case_code, '', true); await t.sees('.dh-fault') }],
  ['nonsense', PART, async (t) => { await t.open('/'); await t.page.route('**/api/v1/lookup', (r) => r.fulfill({ status: 200, contentType: 'text/html', body: '<h1>Proxy</h1>' })); await t.ask(t.sample('due_today').case_code, '', true); await t.sees('.dh-fault') }],
  ['scan', PART, async (t) => { await t.open('/'); await t.press('.dh-scan', 'Quét'); await t.sees('video') }],
  ['scan-refused', PART, async (t) => {
    await t.open('/')
    await t.page.evaluate(() => { navigator.mediaDevices.getUserMedia = () => Promise.reject(new Error('no')) })
    await t.press('.dh-scan', 'Quét')
    await t.says('Không mở được máy ảnh')
  }],
  ['list', PART, async (t) => {
    await t.ask([LATE, 'due_today', 'collect_result'].map((key) => t.sample(key).case_code).concat('H98.101-260901-9999').join(', '), '')
    await t.sees('.dh-cases li:nth-child(4)')
    await t.says('Không tìm thấy')
  }],
  ['remembered', PART, async (t) => {
    await t.open('/')
    await t.page.evaluate((codes) => localStorage.setItem('dung-hen', codes.join('\n')), [LATE, 'due_today'].map((key) => t.sample(key).case_code))
    await t.open('/')
    await t.sees('.dh-cases li:nth-child(2)')
    await t.says('Đang xử lý')
  }],
  ['code-alone', PART, async (t) => { await t.ask(t.sample(LATE).case_code, ''); await t.sees('.dh-public') }],
  ['fallen', PART, async (t) => { await t.cut('**/dung-hen_bg.wasm'); await t.open('/'); await t.says('Biểu mẫu vẫn dùng được') }],
  ['part-missing', PART, async (t) => { await t.cut('**/parts/why.js'); await t.lookUp('within_time'); await t.says('Chưa tải được phần này') }],

  // ---- every sample situation comes here: scripts/pictures.mjs

  // ---- a case, opened
  ['everything-open', PART, async (t) => { await t.lookUp(LATE); await openAll(t) }],
  ['second-postponement-open', PART, async (t) => { await t.lookUp('second_postponement'); await openAll(t) }],
  ['possible-dates-open', PART, async (t) => { await t.lookUp('calendar_not_settled'); await openAll(t) }],
  ['holidays-open', PART, async (t) => { await t.lookUp('on_time_over_holidays'); await openAll(t) }],
  ['hours-open', PART, async (t) => { await t.lookUp('working_hours'); await openAll(t) }],
  ['english', PART, async (t) => { await t.lookUp(LATE); await t.press('.dh-switch', 'English'); await t.says('Overdue by') }],
  ['machine-made-language', PART, async (t) => { await t.lookUp(LATE); await t.page.evaluate(() => document.querySelector('dung-hen').setAttribute('lang', 'zh')); await t.sees('.dh[lang=zh]') }],
  ['theme-do-vang', PART, (t) => theme(t, 'do-vang')],
  ['theme-xanh-la', PART, (t) => theme(t, 'xanh-la')],
  ['theme-tuong-phan', PART, (t) => theme(t, 'tuong-phan')],
  ['changed', PART, async (t) => {
    await t.lookUp('within_time')
    const kept = await t.page.evaluate(async ([case_code, proof]) => (await fetch('/api/v1/lookup', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ case_code, proof }) })).json(), [t.sample('within_time').case_code, t.sample('within_time').proof])
    const later = Object.assign(kept, { status: 'finished', status_text: { vi: 'Đã xử lý xong, chờ trả kết quả', en: 'Done, result to be handed over' }, step: 4, version: 'later' })
    await t.page.route('**/api/v1/lookup', (r) => r.fulfill({ json: later }))
    await t.page.waitForFunction(() => performance.getEntriesByType('resource').some((one) => one.name.includes('parts/watch')), null, { timeout: 20_000 })
    await t.page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')))
    await t.says('chờ trả kết quả')
  }],

  // ---- rating
  ['rating-missing', PART, async (t) => { await t.lookUp(LATE); await t.press('.dh-rating .dh-button', 'Gửi đánh giá'); await t.says('Hãy chọn một mức') }],
  ['rating-factors', PART, async (t) => {
    await t.lookUp(LATE)
    await choose(t, 'Không hài lòng')
    await t.press('.dh-rating summary', 'từng mặt')
    await t.page.evaluate(() => document.querySelector('dung-hen').shadowRoot.querySelectorAll('.dh-rating fieldset input[value="1"]').forEach((one) => { if (one.name !== 'dh-overall') one.click() }))
    await t.root('#dh-comment').fill('Gọi tôi: 0912 345 678')
    await t.press('.dh-rating summary', 'ai không xem được')
  }],
  ['rating-questions-missing', PART, async (t) => { await t.cut('**/api/v1/instruments/**'); await t.lookUp(LATE); await t.says('Chưa tải được câu hỏi') }],
  ['rating-sending', PART, async (t) => { await t.open('/'); await t.hold('**/api/v1/ballots'); await rate(t, LATE, 'Hài lòng'); await t.says('Đang gửi') }],
  ['rating-waits-begun', PART, async (t) => { await t.cut('**/api/v1/ballots'); await rate(t, LATE, 'Bình thường'); await t.says('Hãy để trang này mở') }],
  ['rating-waits-kept', PART, async (t) => { await t.cut('**/api/v1/ratings'); await rate(t, 'overdue_letter_late', 'Hài lòng'); await t.says('được giữ trên máy này') }],
  ['rating-arrived-later', PART, async (t) => {
    await t.cut('**/api/v1/ratings')
    await rate(t, 'finished_late_without_letter', 'Hài lòng')
    await t.says('được giữ trên máy này')
    await t.mend()
    await t.open('/')
    await t.says('vừa được gửi')
  }],
  ['rating-found', PART, async (t) => {
    await t.cut('**/api/v1/ballots')
    await rate(t, 'finished_late_with_letter', 'Rất không hài lòng')
    await t.says('Hãy để trang này mở')
    await t.mend()
    await t.lookUp('finished_late_with_letter')
    await t.sees('.dh-found')
  }],
  ['rating-refused', PART, async (t) => {
    await t.open('/')
    await t.page.evaluate(() => document.querySelector('dung-hen').setAttribute('ballot-keys', '0'.repeat(64)))
    await t.lookUp('second_postponement', true)
    await choose(t, 'Hài lòng')
    await t.press('.dh-rating .dh-button', 'Gửi đánh giá')
    await t.says('không chứng minh được')
  }],
  ['rated', PART, (t) => rated(t, 'overdue_letter_in_time', 'Không hài lòng')],
  ['rating-changing', PART, async (t) => { await rated(t, 'returned_by_post', 'Bình thường'); await t.press('.dh-rating .dh-button', 'Sửa đánh giá'); await t.sees('.dh-rating form') }],
  ['rating-corrected', PART, async (t) => {
    await rated(t, 'electronic_result', 'Bình thường')
    await t.press('.dh-rating .dh-button', 'Sửa đánh giá')
    await choose(t, 'Rất hài lòng')
    await t.press('.dh-rating .dh-button', 'Gửi đánh giá đã sửa')
    await t.says('Đã sửa đánh giá')
  }],
  ['rating-already-given', PART, async (t) => { await rated(t, 'withdrawn', 'Bình thường'); await t.lookUp('withdrawn'); await t.says('đã được cấp'); await openAll(t) }],

  // ---- report and what can be done
  ['what-to-do', PART, async (t) => { await t.lookUp(LATE); await t.page.evaluate(() => document.querySelector('dung-hen').shadowRoot.querySelectorAll('.dh-act details').forEach((one) => { one.open = true })) }],
  ['report', PART, async (t) => { await t.lookUp(LATE); await t.press('.dh-objection summary', '') }],
  ['report-without-consent', PART, async (t) => {
    await t.lookUp(LATE)
    await t.press('.dh-objection summary', '')
    await t.press('.dh-objection label', 'đòi thêm tiền')
    await t.root('#dh-object-contact').fill('gọi chị Mẫu')
    await t.press('.dh-objection .dh-button', 'Gửi')
    await t.says('đồng ý cho giữ')
  }],
  ['report-sent', PART, async (t) => { await t.report('date_moved_unexplained') }],
  ['report-answered', PART, async (t) => {
    const reference = await t.report('date_moved_unexplained')
    await t.page.evaluate((given) => fetch('/api/v1/officer/objections/answers', { method: 'POST', headers: { 'content-type': 'application/json', authorization: 'Bearer can-bo-mau' }, body: JSON.stringify({ reference: given, text: 'Ngày hẹn đã được giữ như cũ.' }) }), reference)
    await t.ask(reference, '')
    await t.says('Ngày hẹn đã được giữ như cũ.')
  }],

  // ---- a kiosk, a page about a procedure
  ['kiosk', PART, kiosk],
  ['kiosk-countdown', 'screen', async (t) => { await kiosk(t); await t.lookUp('due_today', true); await seconds(t, 32); await t.sees('dialog') }],
  ['kiosk-cleared', PART, async (t) => { await kiosk(t); await t.lookUp('due_today', true); await seconds(t, 60); await t.says('Mời người tiếp theo') }],
  ['procedure', PART, async (t) => { await t.open('/'); await element(t, { procedure: '1.004222' }); await t.sees('.dh-filed dl') }],
  ['procedure-open', PART, async (t) => { await t.open('/'); await element(t, { procedure: '1.004222', lang: 'en' }); await t.sees('.dh-filed dl'); await openAll(t) }],
  ['procedure-unknown', PART, async (t) => { await t.open('/'); await element(t, { procedure: '9.999999' }); await t.says('Chưa thể tính') }],
  ['procedure-offline', PART, async (t) => { await t.open('/'); await t.cut('**/procedures/**'); await element(t, { procedure: '1.004222' }); await t.says('Chưa tính được') }],

  // ---- paper
  ['paper-notice-a5', 'paper', async (t) => { await t.lookUp(LATE); await t.paper('.dh-notice') }],
  ['paper-letter-a5', 'paper', async (t) => { await t.lookUp('second_postponement'); await t.paper('.dh-letter') }],
  ['paper-case', 'print', (t) => t.lookUp('overdue_letter_in_time')],

  // ---- pages without a script
  ['plain-form', WHOLE, (t) => t.open('/tra-cuu')],
  ['plain-case', WHOLE, (t) => plain(t, LATE)],
  ['plain-letter', WHOLE, (t) => plain(t, 'second_postponement')],
  ['plain-supplement', WHOLE, (t) => plain(t, 'supplement_waiting')],
  ['plain-wrong', WHOLE, async (t) => { await t.open('/tra-cuu'); await t.page.fill('#case_code', 'H98.101-260901-9876'); await t.page.fill('#proof', '000001'); await t.page.click('main button'); await t.page.waitForSelector('.alert') }],
  ['plain-rated', WHOLE, async (t) => { await plain(t, 'refused'); await t.page.check('input[name=overall][value="2"]'); await t.page.click('form[action="/danh-gia"] button'); await t.page.waitForSelector('strong.number') }],
  ['plain-correction', WHOLE, (t) => t.open('/sua-danh-gia')],
  ['plain-reported', WHOLE, async (t) => {
    await plain(t, LATE)
    await t.page.evaluate(() => document.querySelectorAll('details').forEach((one) => { one.open = true }))
    await t.page.click('form[action="/phan-anh"] input[name=kind]')
    await t.page.click('form[action="/phan-anh"] button')
    await t.page.waitForSelector('strong.number')
  }],
  ['notice-confirmed', WHOLE, async (t) => {
    await t.lookUp(LATE)
    const text = await t.root('.dh-notice').innerText()
    await t.open(`/thong-bao/${new RegExp(`${NOTICE}[\\w-]+`).exec(text)[0]}`)
  }],
  ['notice-unknown', WHOLE, (t) => t.open(`/thong-bao/${NOTICE}0000-0000`)],
  ['definitions', WHOLE, (t) => t.open('/dinh-nghia')],
  ['board', WHOLE, (t) => t.open('/board')],
  ['board-apologies', WHOLE, (t) => t.open('/board/xin-loi')],
  ['doctor', WHOLE, async (t) => { await t.open('/doctor.html'); await t.page.waitForFunction(() => document.getElementById('verdict').textContent.length > 10) }],

  // ---- the officer's desk
  ['officer-enter', WHOLE, (t) => t.open('/officer')],
  ['officer-refused', WHOLE, async (t) => { await t.open('/officer'); await t.page.fill('#key', 'sai'); await t.page.click('form[action="/officer"] button'); await t.page.waitForSelector('.alert') }],
  ['officer-cases', WHOLE, (t) => officer(t, KEYS.letters)],
  ['officer-letter', WHOLE, async (t) => { await officer(t, KEYS.letters); await t.page.locator('.due form[action="/officer/letters"] button').first().click(); await t.page.waitForSelector('[name=reason]') }],
  ['officer-letter-wrong', WHOLE, async (t) => {
    await officer(t, KEYS.letters)
    await t.page.locator('.due form[action="/officer/letters"] button').first().click()
    await t.page.waitForSelector('[name=reason]')
    await t.page.evaluate(() => document.querySelectorAll('[required]').forEach((one) => one.removeAttribute('required')))
    await t.page.locator('form[action="/officer/letters"] button').last().click()
    await t.page.waitForSelector('[role=alert], .alert')
  }],
  ['officer-objections', WHOLE, async (t) => { await t.report('date_moved_unexplained'); await officer(t, KEYS.hotline) }],

  // ---- pages of others
  ...['bootstrap3', 'reset', 'strict', 'rtl', 'odd-root', 'one-form', 'sandbox'].map((name) => [`host-${name}`, 'foreign', (t) => t.open(`/hosts/${name}.html`)]),

  // ---- last, since it leaves the whole network under suspicion
  ['puzzle', PART, async (t) => {
    await t.open('/')
    await t.page.evaluate(async () => {
      for (let i = 0; i < 61; i++) {
        await fetch('/api/v1/lookup', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ case_code: `H98.101-260101-${1000 + i}`, proof: '1234' }) })
      }
    })
    // Held at two fifths of the way: each slice waits for a message that no longer comes.
    await t.page.evaluate(() => {
      const { postMessage } = MessagePort.prototype
      MessagePort.prototype.postMessage = function (...given) {
        if (!/40\u00a0%/.test(document.querySelector('dung-hen').shadowRoot.querySelector('[role=status]').textContent)) postMessage.apply(this, given)
      }
    })
    await t.slow(20)
    await t.ask(t.sample('due_today').case_code, t.sample('due_today').proof, true)
    await t.says('chống dò mã: 40\u00a0%')
  }],
]

async function theme(t, name) {
  await t.open('/')
  await t.page.evaluate((file) => new Promise((done) => {
    const link = document.createElement('link')
    Object.assign(link, { rel: 'stylesheet', href: `/embed/v1/themes/${file}.css`, onload: done })
    document.head.append(link)
    // The portal's own brand colour would win by its place in the page.
    for (const rule of document.styleSheets[0].cssRules) if (rule.media && /light/.test(rule.conditionText)) rule.media.mediaText = 'not all'
  }), name)
  await t.lookUp(LATE, true)
}
