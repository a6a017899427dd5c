// What an operator must know before the element runs on a portal: which header, type or rule is missing, in words.
// The same examination runs in a browser (doctor.html: this server, seen through whatever stands in front of it) and
// on a command line (make doctor URL=…: a portal's page, too, whose headers no other page may read).

const FILES = { 'embed.js': 'javascript', 'dung-hen.js': 'javascript', 'dung-hen_bg.wasm': 'application/wasm', 'dung-hen.css': 'text/css' }

const text = (bytes) => new TextDecoder().decode(bytes)

/** Directives of a policy by name, each a list of sources; what is not named falls back to default-src. */
export function policy(header) {
  const directives = new Map()
  for (const part of header.split(';')) {
    const [name, ...sources] = part.trim().split(/\s+/)
    if (name && !directives.has(name.toLowerCase())) directives.set(name.toLowerCase(), sources)
  }
  return (name) => directives.get(name) ?? (name === 'form-action' ? undefined : directives.get('default-src'))
}

/** Whether a list of sources lets this address in; `own` is the page's origin. No list lets everything in. */
export function allows(sources, address, own) {
  if (!sources) return true
  const url = new URL(address)
  return sources.some((source) => {
    if (source === '*') return /^https?:$/.test(url.protocol)
    if (source === "'self'") return url.origin === own
    if (/^[a-z]+:$/i.test(source)) return url.protocol === source.toLowerCase()
    const parts = /^(?:([a-z]+):\/\/)?(\*\.)?([^/:]+)(?::(\d+|\*))?(\/.*)?$/i.exec(source)
    if (!parts) return false
    const [, scheme, wild, host, port, path] = parts
    if (scheme && `${scheme.toLowerCase()}:` !== url.protocol && !(scheme.toLowerCase() === 'http' && url.protocol === 'https:')) return false
    if (wild ? !url.hostname.endsWith(`.${host.toLowerCase()}`) : url.hostname !== host.toLowerCase()) return false
    if (port && port !== '*' && port !== (url.port || (url.protocol === 'https:' ? '443' : '80'))) return false
    if (!port && url.port) return false
    return !path || (path.endsWith('/') ? url.pathname.startsWith(path) : url.pathname === path)
  })
}

/** Whether this Permissions-Policy keeps the camera from the page itself. */
export function noCamera(header) {
  const list = /(?:^|,)\s*camera\s*=\s*(\*|self|\([^)]*\))/i.exec(header)?.[1]
  return !!list && !/\*|\bself\b/.test(list)
}

/** The address of the first script tag that loads the element, and the policies in the page's own head. */
export function readPage(html, address) {
  const script = [...html.matchAll(/<script\b[^>]*>/gi)].map(([tag]) => tag).find((tag) => /\/embed\.js\b/.test(tag))
  const attribute = (tag, name) => new RegExp(`\\b${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s>]+))`, 'i').exec(tag)?.slice(1).find((value) => value !== undefined)
  const source = script && attribute(script, 'src')
  return {
    script,
    module: !!script && /^module$/i.test(attribute(script, 'type') ?? ''),
    nonce: script && attribute(script, 'nonce'),
    embed: source && new URL(source, address).href,
    element: /<dung-hen[\s>]/i.test(html),
    form: /<dung-hen\b[^>]*>[\s\S]*?<form\b/i.test(html),
    api: attribute(/<dung-hen\b[^>]*>/i.exec(html)?.[0] ?? '', 'api'),
    policies: [...html.matchAll(/<meta\b[^>]*http-equiv\s*=\s*["']?content-security-policy["']?[^>]*>/gi)].map(([tag]) => attribute(tag, 'content') ?? ''),
  }
}

/**
 * Examines, and tells each finding as [grade, Vietnamese, English]; the grade is 'good', 'bad' or 'note'.
 * `get(address, options)` answers { status, header(name), bytes }; a header it cannot see is undefined.
 */
export async function examine({ get, page, base, tell }) {
  const seen = async (address, options) => {
    try {
      return await get(address, options)
    } catch (error) {
      tell('bad', `${address}: không tới được (${error.message}).`, `${address}: cannot be reached (${error.message}).`)
    }
  }
  let embed = base && new URL('embed/v1/embed.js', base).href
  let own = base && new URL(base).origin
  let api = base && new URL(base).href

  if (page) {
    const answer = await seen(page)
    if (!answer) return
    own = new URL(page).origin
    if (answer.status !== 200) tell('bad', `Trang trả về mã ${answer.status}, cần 200.`, `The page answers ${answer.status}, 200 is needed.`)
    const found = readPage(text(answer.bytes), page)
    if (!found.script) {
      tell('bad', 'Trang không có thẻ <script> nào nạp embed.js.', 'The page has no <script> tag that loads embed.js.')
      return
    }
    embed = found.embed
    api = found.api ? new URL(found.api.replace(/\/*$/, '/'), page).href : new URL('../../', embed).href
    if (!found.module) tell('bad', 'Thẻ <script> thiếu type="module".', 'The <script> tag lacks type="module".')
    if (!found.element) tell('note', 'Trang chưa có thẻ <dung-hen> trong mã nguồn (có thể được thêm bằng JavaScript).', 'There is no <dung-hen> tag in the source of the page (JavaScript may add it).')
    else if (!found.form) tell('note', 'Trong <dung-hen> không có biểu mẫu: khi JavaScript bị chặn, người dân không tra cứu được.', 'There is no form inside <dung-hen>: without JavaScript nobody can look a case up.')
    const rules = [answer.header('content-security-policy'), ...found.policies].filter(Boolean)
    if (!rules.length) tell('note', 'Trang không có Content-Security-Policy: phần tử chạy được.', 'The page has no Content-Security-Policy: the element runs.')
    for (const rule of rules) {
      const directive = policy(rule)
      const must = (name, address, why) => {
        const sources = directive(name)
        const where = new URL(address).origin
        if (allows(sources, address, own)) tell('good', `${name} cho phép ${where}.`, `${name} allows ${where}.`)
        else tell('bad', `Content-Security-Policy: thêm ${where === own ? "'self'" : where} vào ${name} (${why[0]}).`, `Content-Security-Policy: add ${where === own ? "'self'" : where} to ${name} (${why[1]}).`)
      }
      const scripts = directive('script-src')
      // Where there are nonces, what such a script loads comes with it; 'strict-dynamic' makes them the only way.
      const named = (scripts ?? []).filter((source) => source.startsWith("'nonce-"))
      if (found.nonce && named.includes(`'nonce-${found.nonce}'`)) tell('good', 'script-src cho phép embed.js bằng nonce.', 'script-src allows embed.js by its nonce.')
      else if (named.length && scripts.includes("'strict-dynamic'")) tell('bad', "Content-Security-Policy có 'strict-dynamic': ghi nonce của trang vào thẻ <script> nạp embed.js.", "Content-Security-Policy has 'strict-dynamic': give the <script> tag the nonce of the page.")
      else must('script-src', embed, ['để nạp embed.js', 'to load embed.js'])
      if (!scripts || scripts.includes("'wasm-unsafe-eval'") || scripts.includes("'unsafe-eval'")) tell('good', 'script-src cho phép WebAssembly.', 'script-src allows WebAssembly.')
      else tell('bad', "Content-Security-Policy: thêm 'wasm-unsafe-eval' vào script-src. Nếu không, biểu mẫu vẫn chạy nhưng kết quả mở ở trang khác.", "Content-Security-Policy: add 'wasm-unsafe-eval' to script-src. Without it the form works, and the result opens on another page.")
      must('style-src', embed, ['để trình duyệt cũ nạp kiểu', 'for the styles of older browsers'])
      must('connect-src', embed, ['để nạp mô-đun và kiểu', 'for the module and its styles'])
      if (new URL(api).origin !== new URL(embed).origin) must('connect-src', api, ['để gọi API', 'to call the API'])
      must('form-action', api, ['để biểu mẫu gửi được khi không có JavaScript', 'for the form when there is no JavaScript'])
      const types = /(?:^|;)\s*trusted-types\b([^;]*)/i.exec(rule)?.[1].trim().split(/\s+/)
      if (/(?:^|;)\s*require-trusted-types-for/i.test(rule)) {
        if (types && !types.includes('dung-hen') && !types.includes('*')) tell('bad', 'Content-Security-Policy: thêm dung-hen vào trusted-types. Nếu không, phần tử không vẽ được hồ sơ và lùi về biểu mẫu.', 'Content-Security-Policy: add dung-hen to trusted-types. Without it the element cannot draw a case and falls back to its form.')
        else tell('good', 'Trusted Types: chính sách dung-hen được phép.', 'Trusted types: the policy dung-hen is allowed.')
      }
    }
    if (/require-corp/i.test(answer.header('cross-origin-embedder-policy') ?? '')) tell('note', 'Cross-Origin-Embedder-Policy: require-corp: phần tử nạp mọi tệp bằng CORS nên vẫn chạy.', 'Cross-Origin-Embedder-Policy: require-corp: the element loads every file through CORS, so it runs.')
    if (noCamera(answer.header('permissions-policy') ?? '')) tell('note', 'Permissions-Policy cấm máy ảnh: không quét được mã QR trên giấy hẹn. Thêm camera=(self).', 'Permissions-Policy forbids the camera: the QR code of a receipt cannot be scanned. Add camera=(self).')
    if (page.startsWith('https:') && embed.startsWith('http:')) tell('bad', 'Trang là https mà embed.js là http: trình duyệt chặn.', 'The page is https and embed.js is http: browsers refuse it.')
  }

  const foreign = new URL(embed).origin !== own
  const cors = (name, answer) => {
    const allowed = answer.header('access-control-allow-origin')
    if (!foreign || allowed === '*' || allowed === own) return
    tell('bad', `${name}: thiếu Access-Control-Allow-Origin: * (nguồn của trang là ${own}).`, `${name}: Access-Control-Allow-Origin: * is missing (the page's origin is ${own}).`)
  }
  const check = async (name, address, kind, integrity) => {
    const answer = await seen(address)
    if (!answer) return
    if (answer.status !== 200) {
      tell('bad', `${name}: mã ${answer.status}, cần 200 (${address}).`, `${name}: ${answer.status}, 200 is needed (${address}).`)
      return
    }
    const type = answer.header('content-type') ?? ''
    const right = type.includes(kind)
    if (!right) tell('bad', `${name}: Content-Type là "${type}", cần ${kind === 'javascript' ? 'text/javascript' : kind}.`, `${name}: Content-Type is "${type}", ${kind === 'javascript' ? 'text/javascript' : kind} is needed.`)
    cors(name, answer)
    const same = !integrity || (await sum(answer.bytes)) === integrity
    if (!same) tell('bad', `${name}: nội dung đã bị thay đổi trên đường đi (sai tổng kiểm tra).`, `${name}: its content was changed on the way (its sum is wrong).`)
    const packed = answer.header('content-encoding')
    if (packed === undefined) { /* not to be seen from here */ } else if (!packed && answer.bytes.length > 2000) tell('note', `${name}: không nén; bật brotli hoặc gzip, hoặc đừng bỏ Accept-Encoding.`, `${name}: not compressed; let brotli or gzip through.`)
    if (right && same) tell('good', `${name}: đúng loại và nguyên vẹn, ${answer.bytes.length} byte${packed ? `, ${packed}` : ''}.`, `${name}: right type, unchanged, ${answer.bytes.length} bytes${packed ? `, ${packed}` : ''}.`)
    return answer
  }

  const alias = await check('embed.js', embed, 'javascript')
  if (!alias) return
  const numbered = /\/embed\/(?!v1\/)([^/]+)\/embed\.js$/.exec(embed)
  const caching = alias.header('cache-control') ?? ''
  if (!numbered && /immutable|max-age=\d{5,}/.test(caching)) tell('bad', `embed/v1/embed.js: Cache-Control "${caching}" giữ bản cũ quá lâu; cần max-age=300.`, `embed/v1/embed.js: Cache-Control "${caching}" keeps an old version for too long; max-age=300 is needed.`)
  const root = new URL('../', embed)
  const manifest = await seen(new URL('v1/manifest.json', root).href)
  let version
  let files = {}
  try {
    version = numbered?.[1] ?? JSON.parse(text(manifest.bytes)).version
    files = JSON.parse(text((await get(new URL(`${version}/manifest.json`, root).href)).bytes)).files
    tell('good', `Phiên bản ${version}.`, `Version ${version}.`)
  } catch {
    tell('bad', 'Không đọc được manifest.json của phiên bản.', 'The manifest.json of the version cannot be read.')
    return
  }
  for (const name in FILES) {
    const address = new URL(`${version}/${name}`, root).href
    const answer = await check(`${version}/${name}`, address, FILES[name], files[name]?.integrity)
    if (answer && !/max-age=\d{6,}/.test(answer.header('cache-control') ?? '')) tell('note', `${version}/${name}: thiếu Cache-Control dài hạn (max-age=31536000, immutable): mỗi lần vào lại tải lại.`, `${version}/${name}: no long Cache-Control (max-age=31536000, immutable): it is asked for again at each visit.`)
  }

  const province = await seen(new URL('api/v1/province', api).href, { headers: { origin: own } })
  if (province) {
    if (province.status === 200 && /json/.test(province.header('content-type') ?? '')) tell('good', 'API trả lời.', 'The API answers.')
    else tell('bad', `API: mã ${province.status}, loại "${province.header('content-type')}".`, `API: ${province.status}, type "${province.header('content-type')}".`)
    cors('API', province)
  }
  const ask = await seen(new URL('api/v1/lookup', api).href, {
    method: 'POST', headers: { 'content-type': 'application/json', origin: own }, body: '{"case_code":"H00.00-000000-0000"}',
  })
  if (ask && (ask.status >= 500 || !/json/.test(ask.header('content-type') ?? ''))) tell('bad', `Tra cứu bị chặn trên đường đi: mã ${ask.status}, loại "${ask.header('content-type')}". Tường lửa phải cho POST kiểu application/json.`, `Look-ups are stopped on the way: ${ask.status}, type "${ask.header('content-type')}". The firewall must let POST with application/json through.`)
  else if (ask) tell('good', 'Tra cứu tới được máy chủ.', 'Look-ups reach the server.')
}

async function sum(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-384', bytes))
  let binary = ''
  for (const byte of digest) binary += String.fromCharCode(byte)
  return `sha384-${btoa(binary)}`
}

// ---- as a page

const list = globalThis.document?.getElementById('doctor')
if (list) {
  const say = (grade, vi, en) => {
    const item = document.createElement('li')
    item.className = grade
    const word = document.createElement('strong')
    word.textContent = { good: 'Đạt. ', bad: 'Thiếu. ', note: 'Lưu ý. ' }[grade]
    const other = document.createElement('span')
    other.lang = 'en'
    other.textContent = en
    item.append(word, vi, document.createElement('br'), other)
    list.append(item)
  }
  let bad = 0
  examine({
    base: new URL('.', location.href).href,
    get: async (address, { headers, ...options } = {}) => {
      // A browser sets the origin itself, and hides how the bytes were packed.
      const { origin, ...kept } = headers ?? {}
      const answer = await fetch(address, { cache: 'no-store', credentials: 'omit', headers: kept, ...options })
      return { status: answer.status, header: (name) => answer.headers.get(name) ?? (name === 'content-encoding' ? undefined : ''), bytes: new Uint8Array(await answer.arrayBuffer()) }
    },
    tell: (grade, vi, en) => {
      if (grade === 'bad') bad += 1
      say(grade, vi, en)
    },
  }).then(() => {
    document.getElementById('verdict').textContent = bad ? `Có ${bad} chỗ thiếu. / ${bad} things are missing.` : 'Không thiếu gì. / Nothing is missing.'
  })
}
