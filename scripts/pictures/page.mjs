// What GitHub makes of a summary, closely enough to be looked at: its tables and alerts, its style, and the charts.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { marked } from 'marked'
import markedAlert from 'marked-alert'

const require = createRequire(import.meta.url)
const folderOf = (name) => dirname(require.resolve(`${name}/package.json`))
const styleOf = (theme) => readFileSync(join(folderOf('github-markdown-css'), `github-markdown-${theme}.css`), 'utf8')

const toEscaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
marked.use(markedAlert(), {
  gfm: true,
  renderer: {
    code: ({ text, lang }) => (lang === 'mermaid' ? `<pre class="mermaid">${toEscaped(text)}</pre>` : false),
  },
})

/** The program that draws the charts, to be run once in the page. */
export function chartProgram() {
  return readFileSync(join(dirname(require.resolve('mermaid')), 'mermaid.min.js'), 'utf8')
}

/**
 * The expression that shows a summary, and gives what is wrong with it: charts that cannot be drawn, tables that have to be
 * scrolled, and a page that is wider than its window.
 */
export function toExpression({ markdown, theme, isOpen }) {
  const body = marked.parse(markdown)
  const style = `${styleOf(theme)} body { margin: 0 } .markdown-body { box-sizing: border-box; padding: 16px }`
  return `(${show})(${JSON.stringify({ body, style, isOpen, theme: theme === 'dark' ? 'dark' : 'default' })})`
}

/** Runs in the page. */
async function show({ body, style, isOpen, theme }) {
  document.documentElement.innerHTML = `<head><style>${style}</style></head><body><article class="markdown-body">${body}</article></body>`
  for (const fold of document.querySelectorAll('details')) fold.open = isOpen
  mermaid.initialize({ startOnLoad: false, securityLevel: 'strict', theme })
  const problems = []
  for (const node of document.querySelectorAll('pre.mermaid')) {
    try {
      await mermaid.parse(node.textContent)
      await mermaid.run({ nodes: [node] })
      if (/Maximum text size/.test(node.textContent)) problems.push('a chart is too large')
    } catch (error) {
      problems.push(`a chart cannot be drawn: ${String(error.message ?? error).split('\n')[0]}`)
    }
  }
  const isWide = (element) => element.scrollWidth > element.clientWidth + 1
  for (const table of document.querySelectorAll('table')) {
    if (isWide(table))
      problems.push(
        `a table is ${table.scrollWidth} pixels wide, not ${table.clientWidth}: ${table.textContent.slice(0, 60)}`,
      )
  }
  if (isWide(document.documentElement)) problems.push(`the page is ${document.documentElement.scrollWidth} pixels wide`)
  return { problems, height: Math.ceil(document.querySelector('article').getBoundingClientRect().height) }
}
