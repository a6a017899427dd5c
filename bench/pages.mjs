// Pages around the same form, for measuring side by side:
//
//   static.html    the form of the snippet, alone: no script, no element
//   snippet.html   the documented snippet: the element with the plain form inside, and embed.js
//   bare.html      the element without the form, and embed.js
//   advised.html   the same with the height reserved, as docs/EMBED.md advises
//   surveyjs.html  with RIVALS=…: a rating form as SurveyJS puts it on a page, for it brings no look-up
//
// The form and that line are taken from docs/EMBED.md, so what is measured is what a portal copies.
import fs from 'node:fs'
import path from 'node:path'

const rivals = process.env.RIVALS
export const PAGES = ['static', 'snippet', 'bare', 'advised', ...(rivals ? ['surveyjs'] : [])]

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

// The questions of our own rating, the whole and five factors, as SurveyJS's documentation has it: three files and a model.
const SURVEY = {
  files: ['survey-core/survey-core.min.css', 'survey-core/survey.core.min.js', 'survey-js-ui/survey-js-ui.min.js'],
  head: `<link rel="stylesheet" href="survey-core.min.css">
<script defer src="survey.core.min.js"></script>
<script defer src="survey-js-ui.min.js"></script>
<script defer src="survey.js"></script>`,
  model: {
    elements: ['Nói chung', 'Tiếp cận dịch vụ', 'Thủ tục', 'Công chức', 'Kết quả', 'Xử lý phản ánh'].map((title, at) => ({
      type: 'rating', name: `q${at}`, title, rateMin: 1, rateMax: 5, displayMode: 'buttons', isRequired: at === 0,
    })),
  },
}

export function writePages(directory) {
  const snippet = documentedSnippet()
  // A portal writes the server's whole address; here the page comes from that server.
  const html = snippet.html.replace(/https?:\/\/[^"'/\s]+(?=\/(embed|tra-cuu))/g, '')
  const script = /<script[^>]*>\s*<\/script>/.exec(html)[0]
  const element = /<dung-hen[^>]*>/.exec(html)[0]
  const form = /<form[\s\S]*?<\/form>/.exec(html)[0]
  const bare = `${script}\n${element}</dung-hen>`
  const contents = { static: form, snippet: html, bare, advised: bare, surveyjs: '<div id="survey"></div>' }
  const advice = fs.readFileSync('docs/EMBED.md', 'utf8')
  const reserve = /^dung-hen \{.*\}$/m.exec(advice)[0]

  const template = fs.readFileSync('bench/pages/page.html', 'utf8')
  fs.mkdirSync(directory, { recursive: true })
  // The policy of the server allows no inline style, so the reserved height stands in the page's own sheet.
  fs.writeFileSync(path.join(directory, 'page.css'), `${fs.readFileSync('bench/pages/page.css', 'utf8')}.advised ${reserve}\n`)
  if (rivals) {
    for (const file of SURVEY.files) fs.copyFileSync(path.join(rivals, 'node_modules', file), path.join(directory, path.basename(file)))
    fs.writeFileSync(path.join(directory, 'survey.js'), `new Survey.Model(${JSON.stringify(SURVEY.model)}).render(document.getElementById('survey'))\n`)
  }
  for (const name of PAGES) {
    let page = template.replace('<!-- content -->', () => contents[name])
    if (name === 'advised') page = page.replace('<body>', '<body class="advised">')
    if (name === 'surveyjs') page = page.replace('</head>', `${SURVEY.head}\n</head>`)
    fs.writeFileSync(path.join(directory, `${name}.html`), page)
  }
  return snippet.file
}
