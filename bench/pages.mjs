// Pages around the same form, for measuring side by side:
//
//   static.html    the form of the snippet, alone: no script, no element
//   snippet.html   the documented snippet: the element with the plain form inside, and embed.js
//   bare.html      the element without the form, and embed.js
//   advised.html   the same with the height reserved, as docs/EMBED.md advises
//   surveyjs.html, formbricks.html, posthog.html  with RIVALS=…: the same rating form as these put it on a page, for
//                  they bring no look-up; without their servers, as far as that goes (docs/PERFORMANCE.md)
//   static-alone.html, snippet-alone.html, surveyjs-alone.html  the same on a page without a sheet of its own, for which
//                  all of them would wait alike: what is left is the form's own
//
// The form and that line are taken from docs/EMBED.md, so what is measured is what a portal copies.
import fs from 'node:fs'
import path from 'node:path'

const rivals = process.env.RIVALS

// The script tag and the element with the form in it, as they stand in a document.
function snippetIn(text) {
  const script = /<script[^>]*embed\.js[^>]*>\s*<\/script>/.exec(text)?.[0]
  const element = /<dung-hen[^>]*>[\s\S]*?<\/dung-hen>/.exec(text)?.[0]
  return script && element?.includes('<form') ? `${script}\n${element}` : undefined
}

export function documentedSnippet() {
  for (const file of ['docs/EMBED.md', 'public/embed-example.html']) {
    if (!fs.existsSync(file)) continue
    const text = fs.readFileSync(file, 'utf8')
    const blocks = file.endsWith('.md') ? [...text.matchAll(/```html\n([\s\S]*?)```/g)].map((match) => match[1]) : [text]
    for (const block of blocks) {
      const html = snippetIn(block)
      if (html) return { file, html }
    }
  }
  throw new Error('no snippet with a form in docs/EMBED.md or public/embed-example.html')
}

// The questions of our own rating, the whole and five factors, as each of them documents it: its files, and a script that
// asks for the form. `answers` are files that stand for what its server would say.
const QUESTIONS = ['Nói chung', 'Tiếp cận dịch vụ', 'Thủ tục', 'Công chức', 'Kết quả', 'Xử lý phản ánh']
const FORMS = {
  surveyjs: {
    label: 'SurveyJS, a rating form',
    files: ['survey-core/survey-core.min.css', 'survey-core/survey.core.min.js', 'survey-js-ui/survey-js-ui.min.js'],
    script: `new Survey.Model(${JSON.stringify({
      elements: QUESTIONS.map((title, at) => ({
        type: 'rating', name: `q${at}`, title, rateMin: 1, rateMax: 5, displayMode: 'buttons', isRequired: at === 0,
      })),
    })}).render(document.getElementById('survey'))`,
  },
  // The last version that stands in the registry; newer ones come from a Formbricks server alone. One question at a time.
  formbricks: {
    label: 'Formbricks, the same',
    files: ['@formbricks/surveys/dist/index.umd.js'],
    script: `const nothing = () => {}
globalThis['formbricks-surveys'].renderSurveyInline(Object.assign(${JSON.stringify({
      containerId: 'survey', isBrandingEnabled: false, languageCode: 'default', autoFocus: false, brandColor: '#0b5cad',
      styling: { brandColor: { light: '#0b5cad' } },
      survey: {
        id: 's', name: 's', type: 'link', status: 'inProgress', environmentId: 'e', languages: [], triggers: [],
        welcomeCard: { enabled: false }, thankYouCard: { enabled: false }, hiddenFields: { enabled: false },
        questions: QUESTIONS.map((headline, at) => ({
          id: `q${at}`, type: 'rating', scale: 'number', range: 5, headline, required: at === 0, buttonLabel: 'Tiếp',
        })),
      },
    })}, { onDisplay: nothing, onResponse: nothing, onFinished: nothing, onClose: nothing }))`,
  },
  // Its configuration and surveys are files here; flags, which its server would answer, are not. One question at a time.
  posthog: {
    label: 'PostHog, the same',
    files: ['posthog-js/dist/array.js'],
    script: `posthog.init('local', { api_host: new URL('posthog', location.href).href, persistence: 'memory', autocapture: false,
  capture_pageview: false, disable_session_recording: true, opt_out_useragent_filter: true })`,
    answers: {
      'posthog/array/local/config.js': `window._POSTHOG_REMOTE_CONFIG = { local: { config: { surveys: true, hasFeatureFlags: false }, siteApps: [] } }`,
      'posthog/api/surveys/index.html': JSON.stringify({
        surveys: [{
          id: 's', name: 's', type: 'popover', start_date: '2026-01-01T00:00:00Z', conditions: null,
          appearance: { surveyPopupDelaySeconds: 0, whiteLabel: true },
          questions: QUESTIONS.map((question, at) => ({
            id: `q${at}`, type: 'rating', display: 'number', scale: 5, question, optional: at > 0, buttonText: 'Tiếp',
          })),
        }],
      }),
    },
    later: ['posthog-js/dist/surveys.js'],
  },
}

const RIVALS = rivals ? Object.keys(FORMS) : []
const ALONE = ['static', 'snippet', ...RIVALS.slice(0, 1)].map((name) => `${name}-alone`)
export const PAGES = ['static', 'snippet', 'bare', 'advised', ...RIVALS, ...ALONE]

const OURS = { static: 'static page, same form', snippet: 'documented snippet', bare: 'bare element', advised: 'bare, as advised' }
const kind = (page) => page.split('-')[0]
/** What a page is called in a table. */
export const labelOf = (page) => OURS[kind(page)] ?? FORMS[kind(page)].label
export const isRival = (page) => RIVALS.includes(kind(page))
/** Whether a page has our element. */
export const hasElement = (page) => kind(page) !== 'static' && !isRival(page)

const nameOf = (rival, file) => `${rival}-${path.basename(file)}`

/** The files of each rival: all that its page loads but the page itself. */
export function filesOfRivals(directory) {
  return RIVALS.map((rival) => {
    const { files, later = [] } = FORMS[rival]
    const all = [...files.map((file) => nameOf(rival, file)), ...later.map((file) => `${rival}/static/${path.basename(file)}`)]
    return { name: rival, files: [...all, `${rival}.js`].map((file) => path.join(directory, file)) }
  })
}

function writeRival(directory, rival) {
  const { files, later = [], answers = {}, script } = FORMS[rival]
  const write = (name, content) => {
    fs.mkdirSync(path.dirname(path.join(directory, name)), { recursive: true })
    fs.writeFileSync(path.join(directory, name), content)
  }
  const read = (file) => fs.readFileSync(path.join(rivals, 'node_modules', file))
  for (const file of files) write(nameOf(rival, file), read(file))
  for (const file of later) {
    write(`${rival}/static/${path.basename(file)}`, read(file))
    // Newer ones ask for it under their version.
    const { version } = JSON.parse(read(`${file.split('/dist/')[0]}/package.json`))
    write(`${rival}/static/${version}/${path.basename(file)}`, read(file))
  }
  for (const [name, content] of Object.entries(answers)) write(name, content)
  write(`${rival}.js`, `${script}\n`)
  const head = (file) => file.endsWith('.css') ? `<link rel="stylesheet" href="${nameOf(rival, file)}">` : `<script defer src="${nameOf(rival, file)}"></script>`
  return [...files.map(head), `<script defer src="${rival}.js"></script>`].join('\n')
}

export function writePages(directory) {
  const snippet = documentedSnippet()
  // A portal writes the server's whole address; here the page comes from that server.
  const html = snippet.html.replace(/https?:\/\/[^"'/\s]+(?=\/(embed|tra-cuu))/g, '')
  const script = /<script[^>]*>\s*<\/script>/.exec(html)[0]
  const element = /<dung-hen[^>]*>/.exec(html)[0]
  const form = /<form[\s\S]*?<\/form>/.exec(html)[0]
  const bare = `${script}\n${element}</dung-hen>`
  const contents = { static: form, snippet: html, bare, advised: bare }
  const advice = fs.readFileSync('docs/EMBED.md', 'utf8')
  const reserve = /^dung-hen \{.*\}$/m.exec(advice)[0]

  const template = fs.readFileSync('bench/pages/page.html', 'utf8')
  fs.mkdirSync(directory, { recursive: true })
  // The policy of the server allows no inline style, so the reserved height stands in the page's own sheet.
  fs.writeFileSync(path.join(directory, 'page.css'), `${fs.readFileSync('bench/pages/page.css', 'utf8')}.advised ${reserve}\n`)
  for (const page of PAGES) {
    const [name, alone] = page.split('-')
    let html = template.replace('<!-- content -->', () => contents[name] ?? '<div id="survey"></div>')
    if (alone) html = html.replace('<link rel="stylesheet" href="page.css">\n', '')
    if (name === 'advised') html = html.replace('<body>', '<body class="advised">')
    if (RIVALS.includes(name)) html = html.replace('</head>', `${writeRival(directory, name)}\n</head>`)
    fs.writeFileSync(path.join(directory, `${page}.html`), html)
  }
  return snippet.file
}
