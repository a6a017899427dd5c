// Four pages around the same form, for measuring side by side:
//
//   static.html    the form of the snippet, alone: no script, no element
//   snippet.html   the documented snippet: the element with the plain form inside, and embed.js
//   bare.html      the element without the form, and embed.js
//   advised.html   the same with the height reserved, as docs/EMBED.md advises
//
// The form and that line are taken from docs/EMBED.md, so what is measured is what a portal copies.
import fs from 'node:fs'
import path from 'node:path'

export const PAGES = ['static', 'snippet', 'bare', 'advised']

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
  for (const name of PAGES) {
    let page = template.replace('<!-- content -->', () => contents[name])
    if (name === 'advised') page = page.replace('<body>', '<body class="advised">')
    fs.writeFileSync(path.join(directory, `${name}.html`), page)
  }
  return snippet.file
}
